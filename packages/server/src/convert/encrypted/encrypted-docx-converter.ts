import { AppError } from '@officina/protocol';
import type { ForeignConverter } from '../create-document-engine.js';
import type { ForeignFormat } from '../jobs.js';
import { CompoundFileFault, readCompoundFile } from './compound-file.js';
import { decryptPackage } from './decrypt-package.js';

/** Opens protected docx files with their password; other formats are left to `next`. */
export class EncryptedDocxConverter implements ForeignConverter {
  readonly formats: ReadonlySet<ForeignFormat>;
  readonly #next: ForeignConverter | undefined;

  constructor(next?: ForeignConverter) {
    this.#next = next;
    this.formats = new Set([...(next?.formats ?? []), 'encrypted-docx']);
  }

  /** Refuses by AppError: password_required, password_wrong, format_unsupported. */
  async toDocx(bytes: Uint8Array, format: ForeignFormat, password: string | null): Promise<Uint8Array> {
    if (format !== 'encrypted-docx') {
      if (this.#next) return this.#next.toDocx(bytes, format, password);
      throw new AppError('format_unsupported');
    }
    if (password === null)
      throw new AppError('password_required', 'The document is protected by a password.');
    const [info, content] = readStreams(bytes);
    if (!info || !content) throw new AppError('format_unsupported', 'The file holds no protected document.');
    return decryptPackage(info, content, password);
  }
}

function readStreams(bytes: Uint8Array): readonly (Buffer | undefined)[] {
  try {
    const file = readCompoundFile(bytes);
    return [file.get('EncryptionInfo'), file.get('EncryptedPackage')];
  } catch (error) {
    if (!(error instanceof CompoundFileFault)) throw error;
    throw new AppError('format_unsupported', `The file is damaged: ${error.message}.`, { cause: error });
  }
}
