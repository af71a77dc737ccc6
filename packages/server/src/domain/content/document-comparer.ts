/** Says how one docx became another. */
export interface DocumentComparer {
  /**
   * The comparison as JSON text (the engine's `Comparison`), made outside the event loop. Refuses by AppError:
   * `format_unsupported`, `upload_too_large`, `busy`.
   */
  compare(before: Uint8Array, after: Uint8Array): Promise<Uint8Array>;
}
