import { createHash } from 'node:crypto';
import { AppError } from '@officina/protocol';
import type { Clock } from '../time.js';
import type { ApiKey, ApiKeyStore } from './api-key.js';

export interface ApiKeysDeps {
  store: Pick<ApiKeyStore, 'findByHash'>;
  clock: Clock;
}

/** A revoked key may still be believed for so long: the price of not asking the store at every call. */
const CACHE_MS = 5000;
/** Bounds the memory that callers with invented keys can take. */
const CACHE_LIMIT = 10_000;

/** Lower-case hex SHA-256 of the key's text: the only form in which a key is stored. */
export function hashApiKey(secret: string): string {
  return createHash('sha256').update(secret, 'utf8').digest('hex');
}

/** Tells which application a call comes from. */
export class ApiKeys {
  readonly #deps: ApiKeysDeps;
  readonly #cache = new Map<string, { key: ApiKey | undefined; until: number }>();

  constructor(deps: ApiKeysDeps) {
    this.#deps = deps;
  }

  /** The living key with this text. Refuses by AppError: `api_key_invalid`. */
  async authenticate(secret: string): Promise<ApiKey> {
    const key = await this.#find(hashApiKey(secret));
    if (!key || key.revokedAt !== null) {
      throw new AppError('api_key_invalid', undefined, { blame: { parameter: 'apikey' } });
    }
    return key;
  }

  /** Forgets what was cached, so that a change of keys is seen at once. */
  forget(): void {
    this.#cache.clear();
  }

  async #find(hash: string): Promise<ApiKey | undefined> {
    const now = this.#deps.clock();
    const cached = this.#cache.get(hash);
    if (cached && cached.until > now) return cached.key;
    const key = await this.#deps.store.findByHash(hash);
    if (this.#cache.size >= CACHE_LIMIT) this.#cache.clear();
    this.#cache.set(hash, { key, until: now + CACHE_MS });
    return key;
  }
}
