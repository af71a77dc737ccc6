import { once } from 'node:events';
import { Readable } from 'node:stream';
import yazl from 'yazl';
import type { ArchiveWriter } from '../../domain/archive/archive-files.js';

/** A zip that goes out while it is written; one file of it is in memory. */
export class ZipWriter implements ArchiveWriter {
  readonly #zip = new yazl.ZipFile();
  /** Rejects when whoever reads the zip goes away. */
  readonly #gone: Promise<never>;

  constructor() {
    this.#gone = once(this.output, 'close').then(() => {
      throw new Error('Whoever read the archive has gone away.');
    });
    // Going away after the end is nobody's fault.
    this.#gone.catch(() => {});
  }

  /** Has to be read, or nothing moves on. */
  get output(): Readable {
    // Typed as its base only; yazl makes a PassThrough.
    return this.#zip.outputStream as Readable;
  }

  async add(path: string, bytes: Uint8Array, modifiedAt: number): Promise<void> {
    const source = Readable.from([Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)], {
      objectMode: false,
    });
    const taken = once(source, 'end');
    this.#zip.addReadStream(source, path, {
      mtime: new Date(modifiedAt),
      // A docx is compressed already.
      compress: !path.endsWith('.docx'),
      size: bytes.byteLength,
    });
    await Promise.race([taken, this.#gone]);
    if (this.output.destroyed) await this.#gone;
  }

  /** Nothing is added any more: the directory of the zip goes out. */
  end(): void {
    this.#zip.end();
  }

  /** Whoever reads the zip learns that it is not whole. */
  abandon(error: Error): void {
    this.output.destroy(error);
  }
}
