import { AppError } from '@officina/protocol';
import type { ApiKey } from '../keys/api-key.js';
import type { Clock } from '../time.js';
import type { CountedCall, UsageStore } from './usage-store.js';

export interface UsageDeps {
  store: UsageStore;
  clock: Clock;
  /** Hears once per key and month that a share of the limit is used. */
  warn(warning: UsageWarning): void;
}

export interface UsageWarning {
  apiKeyId: string;
  month: string;
  percent: 75 | 90 | 100;
  used: number;
  limit: number;
}

export interface UsageOverview {
  /** Null when the key has no limit. */
  limit: number | null;
  used: number;
  /** Never below 0; null when the key has no limit. */
  remaining: number | null;
  /** First moment of the month that is counted, and the first one after it. */
  from: number;
  until: number;
}

/** A key may exceed its limit by a tenth before calls are refused. */
const TOLERANCE = 0.1;
const WARNINGS = [100, 90, 75] as const;

/** Counts the calls that open a document and holds keys to their limits. */
export class Usage {
  readonly #deps: UsageDeps;

  constructor(deps: UsageDeps) {
    this.#deps = deps;
  }

  /** Refuses by AppError `call_limit_exceeded` when the key has used up its month. */
  async admit(key: ApiKey): Promise<void> {
    if (key.monthlyCallLimit === null) return;
    const now = this.#deps.clock();
    const used = await this.#deps.store.read(key.id, monthOf(now));
    if (used < Math.floor(key.monthlyCallLimit * (1 + TOLERANCE))) return;
    throw new AppError(
      'call_limit_exceeded',
      `This API key may open ${key.monthlyCallLimit} documents a month; the count starts again on ${isoDay(monthEnd(now))}.`,
      { blame: { parameter: 'apikey' }, retryAfterSeconds: Math.ceil((monthEnd(now) - now) / 1000) },
    );
  }

  /** Counts one call that opened a document. */
  async countCall(key: ApiKey): Promise<void> {
    await this.counting(key, ({ apiKeyId, month }) => this.#deps.store.count(apiKeyId, month));
  }

  /** The same where `write` counts the call together with what it opens, and returns the month's new count. */
  async counting(key: ApiKey, write: (call: CountedCall) => Promise<number>): Promise<void> {
    const month = monthOf(this.#deps.clock());
    const used = await write({ apiKeyId: key.id, month });
    const limit = key.monthlyCallLimit;
    if (limit === null) return;
    const percent = WARNINGS.find((share) => used === Math.ceil((limit * share) / 100));
    if (percent) this.#deps.warn({ apiKeyId: key.id, month, percent, used, limit });
  }

  /** The highest share of its limit that the key has used, of those that are warned of; null below. */
  async pressure(key: ApiKey): Promise<UsageWarning | null> {
    const limit = key.monthlyCallLimit;
    if (limit === null) return null;
    const month = monthOf(this.#deps.clock());
    const used = await this.#deps.store.read(key.id, month);
    const percent = WARNINGS.find((share) => used >= Math.ceil((limit * share) / 100));
    return percent ? { apiKeyId: key.id, month, percent, used, limit } : null;
  }

  async overview(key: ApiKey): Promise<UsageOverview> {
    const now = this.#deps.clock();
    const used = await this.#deps.store.read(key.id, monthOf(now));
    const limit = key.monthlyCallLimit;
    return {
      limit,
      used,
      remaining: limit === null ? null : Math.max(0, limit - used),
      from: monthStart(now),
      until: monthEnd(now),
    };
  }
}

/** Calendar month in UTC, for example `2026-11`. */
export function monthOf(at: number): string {
  return new Date(at).toISOString().slice(0, 7);
}

function monthStart(at: number): number {
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
}

function monthEnd(at: number): number {
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}

function isoDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
