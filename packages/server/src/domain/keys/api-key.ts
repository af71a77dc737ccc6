/** Identifies one integrating application; documents, sessions and ids are scoped to it. */
export interface ApiKey {
  id: string;
  name: string;
  createdAt: number;
  revokedAt: number | null;
  /** Sites that may frame its session pages; empty means any. */
  allowedOrigins: readonly string[];
  /** Hosts and CIDR ranges that its callbacks and imports may reach besides public ones. */
  egressAllow: readonly string[];
  /** Calls per calendar month, or null for no limit. */
  monthlyCallLimit: number | null;
  /** Whether to push 45 s after the last editor has left. */
  savesOnLeave: boolean;
  /** Minutes that edits wait at most for a save that nobody asks for; null: they wait for another reason. */
  saveIntervalMinutes: number | null;
  /** `true`: deliveries stop after the caller's own `retries`. */
  strictRetries: boolean;
  /** Secret that signs callbacks (Standard Webhooks); not the key itself. */
  signingSecret: string;
  /** The one before it, which signs beside it until `formerSigningUntil`; null when there is none. */
  formerSigningSecret: string | null;
  formerSigningUntil: number | null;
}

export interface ApiKeyStore {
  /** The key whose SHA-256 (lower-case hex of the key's text) is `secretHash`; revoked keys too. */
  findByHash(secretHash: string): Promise<ApiKey | undefined>;
  find(id: string): Promise<ApiKey | undefined>;
  list(): Promise<readonly ApiKey[]>;
  /** Refuses a hash that is already there with a plain Error. */
  add(key: ApiKey, secretHash: string): Promise<void>;
  update(id: string, change: Partial<Omit<ApiKey, 'id' | 'createdAt'>>): Promise<void>;
}
