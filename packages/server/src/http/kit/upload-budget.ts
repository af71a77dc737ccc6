import { AppError } from '@officina/protocol';

/** Uploads are held in memory until they are stored; together they may hold no more than this many bytes. */
export class UploadBudget {
  readonly #limitBytes: number;
  #usedBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** Refuses by AppError: busy. */
  take(bytes: number): void {
    if (this.#usedBytes + bytes > this.#limitBytes) {
      throw new AppError('busy', 'Too many files are being received at once.', {
        retryAfterSeconds: UPLOAD_SECONDS,
      });
    }
    this.#usedBytes += bytes;
  }

  giveBack(bytes: number): void {
    this.#usedBytes -= bytes;
  }
}

/** By then some of the uploads under way have usually ended. */
const UPLOAD_SECONDS = 5;
