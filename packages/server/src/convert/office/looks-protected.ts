import {
  DEFAULT_PACKAGE_LIMITS,
  decodeUtf8,
  inflateEntry,
  readZipDirectory,
  ZipError,
} from '@officina/engine/kit';
import { CompoundFileFault, readCompoundFile } from '../encrypted/compound-file.js';
import type { ForeignFormat } from '../jobs.js';

/** Whether the file says of itself that it is encrypted; LibreOffice only says that it cannot read such a file. */
export function looksProtected(bytes: Uint8Array, format: ForeignFormat): boolean {
  try {
    switch (format) {
      case 'pdf':
        // PDF 32000-1 7.5.5: the trailer names the encryption.
        return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes('/Encrypt');
      case 'doc':
        return isEncryptedWord(bytes);
      case 'odt':
      case 'sxw':
        return /<manifest:encryption-data|<encryption-data/.test(manifestOf(bytes));
      case 'encrypted-docx':
        return true;
      case 'rtf':
        return false;
      default:
        return format satisfies never;
    }
  } catch (error) {
    if (error instanceof CompoundFileFault || error instanceof ZipError) return false;
    throw error;
  }
}

/** The bit `fEncrypted` of the header ([MS-DOC] 2.5.2). */
const ENCRYPTED = 0x0100;
const FLAGS_AT = 0x0a;

function isEncryptedWord(bytes: Uint8Array): boolean {
  const streams = readCompoundFile(bytes);
  if (streams.has('EncryptedPackage')) return true;
  const header = streams.get('WordDocument');
  return (
    header !== undefined && header.length > FLAGS_AT + 2 && (header.readUInt16LE(FLAGS_AT) & ENCRYPTED) !== 0
  );
}

function manifestOf(bytes: Uint8Array): string {
  const archive = readZipDirectory(bytes, DEFAULT_PACKAGE_LIMITS);
  const entry = archive.entries.find(({ name }) => name === 'META-INF/manifest.xml');
  return entry && entry.size < DEFAULT_PACKAGE_LIMITS.ratioFloorBytes
    ? (decodeUtf8(inflateEntry(archive, entry)) ?? '')
    : '';
}
