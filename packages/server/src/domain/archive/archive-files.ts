/** Files under paths, written once from front to back. */
export interface ArchiveWriter {
  /** Resolves once the reader of the archive has taken the bytes, so that no more than one file is in memory. */
  add(path: string, bytes: Uint8Array, modifiedAt: number): Promise<void>;
}

/** Files under paths, read in any order. They come from outside. */
export interface ArchiveReader {
  /**
   * Undefined when there is no file at the path. Refuses by AppError: upload_too_large when it has more than `mostBytes`,
   * parameter_value_invalid when it is damaged.
   */
  read(path: string, mostBytes: number): Promise<Uint8Array | undefined>;
}
