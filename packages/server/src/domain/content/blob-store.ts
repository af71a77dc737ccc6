/** Immutable bytes named by their SHA-256 in lower-case hex. */
export interface BlobStore {
  /** Resolves once the bytes are durable; writing what is already there costs no second copy. */
  put(bytes: Uint8Array): Promise<{ sha256: string; size: number }>;
  /** Undefined when there is none. Verifies the hash and throws a plain Error when the file is damaged. */
  get(sha256: string): Promise<Uint8Array | undefined>;
  has(sha256: string): Promise<boolean>;
  /** Forgets the bytes; no error when there are none. */
  remove(sha256: string): Promise<void>;
  list(): AsyncIterable<string>;
}
