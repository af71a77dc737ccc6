import {
  DEFAULT_PACKAGE_LIMITS,
  decodeXml,
  inflateEntry,
  readZipDirectory,
  vetXml,
  XmlError,
  ZipError,
} from '@officina/engine/kit';

/** Why a package must not be given to another program. */
export type PackageFault = { reason: 'too-large' | 'forbidden-content'; detail: string };

/** OpenOffice.org 1 names its definition, and declares nothing of its own in it. */
const PLAIN_DOCTYPE = /<!DOCTYPE\s+[\w:.-]+\s+(?:PUBLIC\s+"[^"]*"|SYSTEM)\s+"[^"]*"\s*>/;
const DECLARATION = /^<\?xml[^>]*\?>/;
const DOCUMENT_PART = /^(?:content|styles|settings|meta)\.xml$|^META-INF\/manifest\.xml$/;
/** What LibreOffice judges better than we do: it repairs some of it, and refuses the rest. */
const NOT_OURS_TO_JUDGE: ReadonlySet<string> = new Set([
  'not-a-zip',
  'malformed',
  'encrypted',
  'bad-name',
  'duplicate-name',
]);

/** Holds an OpenDocument or OpenOffice.org package against the limits that a docx has to keep; null when it keeps them. */
export function vetOpenDocument(bytes: Uint8Array): PackageFault | null {
  try {
    const archive = readZipDirectory(bytes, DEFAULT_PACKAGE_LIMITS);
    for (const entry of archive.entries) {
      if (!DOCUMENT_PART.test(entry.name)) continue;
      const { maxPartBytes } = DEFAULT_PACKAGE_LIMITS.xml;
      if (entry.size > maxPartBytes)
        return {
          reason: 'too-large',
          detail: `${entry.name} has ${entry.size} bytes, the limit is ${maxPartBytes}`,
        };
      const text = plainXml(inflateEntry(archive, entry));
      if (text !== null) vetXml(text, DEFAULT_PACKAGE_LIMITS.xml);
    }
    return null;
  } catch (error) {
    if (error instanceof ZipError && !NOT_OURS_TO_JUDGE.has(error.reason))
      return { reason: 'too-large', detail: error.message };
    if (error instanceof XmlError && error.reason !== 'malformed')
      return {
        reason: error.reason === 'doctype' ? 'forbidden-content' : 'too-large',
        detail: error.message,
      };
    if (error instanceof ZipError || error instanceof XmlError) return null;
    throw error;
  }
}

/** A part without its declaration and definition; null for what a password protects, which is left to whoever has the password. */
export function plainXml(part: Uint8Array): string | null {
  const text = decodeXml(part)?.text.replace(DECLARATION, '').replace(PLAIN_DOCTYPE, '') ?? '';
  return /^\s*</.test(text) ? text : null;
}
