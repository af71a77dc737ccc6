import type { BlobKeeper } from './blob-keeper.js';
import type { ImportedFile } from './file-import.js';

/** The bytes of a document's first state and where they are stored. */
export interface FirstState {
  original: { blob: string; bytes: Uint8Array };
  base: { blob: string; bytes: Uint8Array };
  sha256: string | null;
  locked: boolean;
  warnings: readonly string[];
}

/** Stores first states, and takes back those that no document came to name. */
export class FirstStates {
  readonly #blobs: BlobKeeper;

  constructor(blobs: BlobKeeper) {
    this.#blobs = blobs;
  }

  /** `common` bytes are those that many documents begin with. */
  async store(
    file: Omit<ImportedFile, 'sha256'> & { sha256: string | null },
    kind: 'common' | 'own' = 'own',
  ): Promise<FirstState> {
    const put = (bytes: Uint8Array) =>
      kind === 'common' ? this.#blobs.putCommon(bytes) : this.#blobs.put(bytes);
    const [original, base] = await Promise.all([put(file.original), put(file.base)]);
    const { sha256, locked, warnings } = file;
    return {
      original: { blob: original, bytes: file.original },
      base: { blob: base, bytes: file.base },
      sha256,
      locked,
      warnings,
    };
  }

  /** To be called once a durable row names the blobs. */
  async confirm(state: FirstState): Promise<void> {
    await Promise.all(blobsOf(state).map(({ blob, bytes }) => this.#blobs.confirm(blob, bytes)));
  }

  async release(state: FirstState): Promise<void> {
    for (const { blob } of blobsOf(state)) await this.#blobs.release(blob);
  }

  /** Leaves no bytes behind when the row that should name them cannot be written. */
  async releasing<T>(state: FirstState, write: () => Promise<T>): Promise<T> {
    try {
      return await write();
    } catch (error) {
      await this.release(state);
      throw error;
    }
  }
}

/** An upload that waits for its password is its own base. */
function blobsOf({ original, base }: FirstState): readonly FirstState['base'][] {
  return original.blob === base.blob ? [base] : [original, base];
}
