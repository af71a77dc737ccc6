/** Counts calls that open a document, per API key and calendar month (UTC, `2026-11`). */
export interface UsageStore {
  /** Adds one and returns the month's new count, atomically. */
  count(apiKeyId: string, month: string): Promise<number>;
  read(apiKeyId: string, month: string): Promise<number>;
}
