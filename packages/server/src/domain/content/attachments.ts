import { ATTACHMENT_LIMITS, pictureTypeOf } from '@officina/protocol';
import { BlobKeeper } from '../documents/blob-keeper.js';
import type { DocumentKey } from '../documents/document.js';
import type { Clock } from '../time.js';
import type { BlobReferences } from './blob-references.js';
import type { BlobStore } from './blob-store.js';

/** Bytes that people put into a document while they edit it: operations name them by their hash. */
export interface Attachment {
  sha256: string;
  size: number;
}

/** Which blobs belong to which document. They stay as long as its content does. */
export interface AttachmentStore {
  /** Durable when it resolves; no error when the document has it already. */
  add(documentKey: DocumentKey, attachment: Attachment, addedAt: number): Promise<void>;
  list(documentKey: DocumentKey): Promise<readonly Attachment[]>;
  /** Forgets all of a document, and returns what they named. */
  removeAll(documentKey: DocumentKey): Promise<readonly string[]>;
}

export interface AttachmentsDeps {
  attachments: AttachmentStore;
  blobs: BlobStore;
  blobReferences: BlobReferences;
  clock: Clock;
}

export type AttachmentRefusal = 'other_hash' | 'no_picture' | 'too_large' | 'too_much';

/** What documents hold beside their logs. Rules RO70 to RO74. */
export class Attachments {
  readonly #deps: AttachmentsDeps;
  readonly #keeper: BlobKeeper;

  constructor(deps: AttachmentsDeps) {
    this.#deps = deps;
    this.#keeper = new BlobKeeper(deps.blobs, deps.blobReferences);
  }

  list(documentKey: DocumentKey): Promise<readonly Attachment[]> {
    return this.#deps.attachments.list(documentKey);
  }

  /** Keeps bytes for a document under the hash that the page named; says why not. */
  async put(
    documentKey: DocumentKey,
    sha256: string,
    bytes: Uint8Array,
  ): Promise<Attachment | { refused: AttachmentRefusal }> {
    if (bytes.length > ATTACHMENT_LIMITS.bytes) return { refused: 'too_large' };
    if (pictureTypeOf(bytes) === null) return { refused: 'no_picture' };
    const known = await this.list(documentKey);
    const sum = known.reduce((total, { size }) => total + size, bytes.length);
    const isKnown = known.some((each) => each.sha256 === sha256);
    if (!isKnown && sum > ATTACHMENT_LIMITS.bytesPerDocument) return { refused: 'too_much' };
    const actual = await this.#keeper.put(bytes);
    if (actual !== sha256) {
      await this.#keeper.release(actual);
      return { refused: 'other_hash' };
    }
    const attachment = { sha256, size: bytes.length };
    await this.#deps.attachments.add(documentKey, attachment, this.#deps.clock());
    await this.#keeper.confirm(sha256, bytes);
    return attachment;
  }

  /** Undefined for what the document does not hold, whoever else may. */
  async read(documentKey: DocumentKey, sha256: string): Promise<Uint8Array | undefined> {
    const known = await this.list(documentKey);
    return known.some((each) => each.sha256 === sha256) ? this.#deps.blobs.get(sha256) : undefined;
  }
}
