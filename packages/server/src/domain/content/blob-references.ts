/** Says whether bytes are still needed; blobs are shared by content, so one document's end is not yet the blob's. */
export interface BlobReferences {
  /**
   * Whether a document whose content is not purged (living, or with a `purgeAt`) or an attachment of it, a snapshot in a
   * log, a save or a version of a library document names the blob.
   */
  isReferenced(sha256: string): Promise<boolean>;
}
