import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { BlobReferences } from '../content/blob-references.js';
import type { BlobStore } from '../content/blob-store.js';

/** Hashing more than this at once would hold up every other request. */
const SLICE_BYTES = 1024 * 1024;

/** Lower-case hex SHA-256, worked out in slices so that a large file does not block the event loop. */
export async function sha256Of(bytes: Uint8Array): Promise<string> {
  const hash = createHash('sha256');
  for (let from = 0; from < bytes.length; from += SLICE_BYTES) {
    if (from > 0) await setImmediate();
    hash.update(bytes.subarray(from, from + SLICE_BYTES));
  }
  return hash.digest('hex');
}

/**
 * Puts and removes the blobs of documents. Blobs are shared by content, so a removal and a new reference to the same
 * bytes may cross: whoever removes looks again afterwards and puts the bytes back, and whoever refers to a blob checks
 * afterwards that it is still there. In every order of the two at least one of them sees the other.
 */
export class BlobKeeper {
  readonly #blobs: BlobStore;
  readonly #references: BlobReferences;
  readonly #asked = new Map<string, Promise<boolean>>();
  #common = new WeakMap<Uint8Array, string>();

  constructor(blobs: BlobStore, references: BlobReferences) {
    this.#blobs = blobs;
    this.#references = references;
  }

  /** Stores the bytes and returns their name. */
  async put(bytes: Uint8Array): Promise<string> {
    return (await this.#blobs.put(bytes)).sha256;
  }

  /**
   * The same for bytes that many documents begin with: what this keeper has put and not removed since is not put again.
   * `bytes` must be the same object each time and must not change.
   */
  async putCommon(bytes: Uint8Array): Promise<string> {
    const known = this.#common.get(bytes);
    if (known !== undefined) return known;
    const sha256 = await this.put(bytes);
    this.#common.set(bytes, sha256);
    return sha256;
  }

  /** The bytes of a blob that a living document names; a plain Error when they are gone. */
  async get(sha256: string): Promise<Uint8Array> {
    const bytes = await this.#blobs.get(sha256);
    if (!bytes) throw new Error(`The blob ${sha256} is missing.`);
    return bytes;
  }

  /** To be called once a durable row names the blob, with its bytes or a way to have them again. */
  async confirm(sha256: string, bytes: Uint8Array | (() => Promise<Uint8Array>)): Promise<void> {
    if (await this.#isThere(sha256)) return;
    await this.#blobs.put(typeof bytes === 'function' ? await bytes() : bytes);
  }

  /** Asks once for all who ask in one turn: many documents that begin at the same time begin with the same bytes. */
  #isThere(sha256: string): Promise<boolean> {
    const asked = this.#asked.get(sha256);
    if (asked) return asked;
    const answer = Promise.resolve().then(() => {
      // Whoever asks from now on may know of a removal that this answer does not.
      this.#asked.delete(sha256);
      return this.#blobs.has(sha256);
    });
    this.#asked.set(sha256, answer);
    return answer;
  }

  /** Removes the blob unless something still names it. */
  async release(sha256: string): Promise<void> {
    if (await this.#references.isReferenced(sha256)) return;
    const bytes = await this.#blobs.get(sha256);
    if (!bytes) return;
    this.#common = new WeakMap();
    await this.#blobs.remove(sha256);
    if (await this.#references.isReferenced(sha256)) await this.#blobs.put(bytes);
  }
}
