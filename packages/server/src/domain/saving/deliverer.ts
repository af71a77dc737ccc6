import type { DeliveryAttempt, Save } from './save.js';

/** What of a key a delivery needs. */
export interface DeliveryCredentials {
  /** Each signs, the newest first. */
  signingSecrets: readonly string[];
  egressAllow: readonly string[];
}

/** Posts a built save to its target, once. Never throws for what the network or the application does. */
export interface Deliverer {
  deliver(
    save: Save,
    bytes: Uint8Array,
    credentials: DeliveryCredentials,
  ): Promise<
    DeliveryAttempt & { message: string | null; retryAfterSeconds: number | null; canHeal: boolean }
  >;
}

/** Says whether a URL may be reached, before anybody tries: undefined when it may, else the rule and the cure. */
export interface EgressPolicy {
  refusal(url: string, egressAllow: readonly string[]): Promise<string | undefined>;
}

/** Fetches a document that a caller named by URL. Refuses by AppError: parameter_value_invalid, egress_refused, upload_too_large, busy. */
export interface DocumentFetcher {
  fetch(
    url: string,
    egressAllow: readonly string[],
  ): Promise<{ bytes: Uint8Array; fileName: string | null; mediaType: string | null }>;
}
