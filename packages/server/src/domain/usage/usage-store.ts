/** A call that opens a document, as it is counted. */
export interface CountedCall {
  apiKeyId: string;
  /** Calendar month in UTC, for example `2026-11`. */
  month: string;
}

/** Counts calls that open a document, per API key and calendar month (UTC, `2026-11`). */
export interface UsageStore {
  /** Adds one and returns the month's new count, atomically. */
  count(apiKeyId: string, month: string): Promise<number>;
  read(apiKeyId: string, month: string): Promise<number>;
}
