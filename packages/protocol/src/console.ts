/** What the operator's console is told by `/console/api`. Times are milliseconds since 1970. */
export type ConsoleSignIn = { signedIn: false } | { signedIn: true; csrf: string; expiresAt: number };

export interface ConsoleOverview {
  counts: readonly ConsoleCount[];
  /** Name and version of each part that matters when something is reported. */
  versions: readonly (readonly [part: string, version: string])[];
  checks: readonly ConsoleCheck[];
}

export interface ConsoleCount {
  name: string;
  value: number;
  /** One clause on what is counted. */
  note: string;
}

/** The answer to one question of `officina doctor`. */
export interface ConsoleCheck {
  name: string;
  state: 'good' | 'warn' | 'bad';
  /** What was found, and what to do when it is not good. */
  detail: string;
}

export interface ConsoleKey {
  id: string;
  name: string;
  createdAt: number;
  revokedAt: number | null;
  allowedOrigins: readonly string[];
  egressAllow: readonly string[];
  monthlyCallLimit: number | null;
  savesOnLeave: boolean;
  /** Null: no saves at intervals. */
  saveIntervalMinutes: number | null;
  /** Deliveries stop after the caller's own `retries`, and the ledger keeps them. */
  strictRetries: boolean;
}

/** What the operator may set of a key after it was made. */
export type ConsoleKeySettings = Pick<
  ConsoleKey,
  | 'allowedOrigins'
  | 'egressAllow'
  | 'savesOnLeave'
  | 'saveIntervalMinutes'
  | 'strictRetries'
  | 'monthlyCallLimit'
>;

/** The key's text and its signing secret are told once, here, and never again. */
export interface ConsoleNewKey {
  key: ConsoleKey;
  secret: string;
  signingSecret: string;
}

/** A new signing secret, told once; the one before signs beside it until `formerUntil`. */
export interface ConsoleNewSigningSecret {
  signingSecret: string;
  formerUntil: number;
}

export interface ConsoleAccount {
  id: string;
  email: string;
  loginName: string | null;
  displayName: string;
  createdAt: number;
  /** Null while the account is open. */
  disabledAt: number | null;
  /** Null: opened by sign-up, and nobody vouches for the address. */
  confirmedAt: number | null;
  /** Its documents, the trash among them. */
  documents: number;
}

/** Newest first; `nextSkip` continues the list, null at its end. */
export interface ConsoleAccountPage {
  accounts: readonly ConsoleAccount[];
  nextSkip: number | null;
}

export interface ConsoleDelivery {
  id: string;
  documentId: string;
  documentName: string;
  keyId: string;
  userId: string | null;
  reason: string;
  version: number;
  state: 'accepted' | 'built' | 'delivered' | 'superseded' | 'parked' | 'conflict';
  method: string;
  format: string;
  host: string;
  /** The target without the values of its query, which may be secrets. */
  url: string;
  attempts: number;
  nextAttemptAt: number | null;
  createdAt: number;
  settledAt: number | null;
  message: string | null;
  hasFile: boolean;
}

export interface ConsoleAttempt {
  number: number;
  startedAt: number;
  durationMs: number;
  status: number | null;
  outcome: string;
  answer: string;
}

export interface ConsoleDeliveryDetail {
  delivery: ConsoleDelivery;
  attempts: readonly ConsoleAttempt[];
}

/** Newest first; `nextBefore` continues the list, null at its end. */
export interface ConsoleDeliveryPage {
  deliveries: readonly ConsoleDelivery[];
  nextBefore: string | null;
}
