import {
  DEFAULT_PACKAGE_LIMITS,
  encodeUtf8,
  inflateEntry,
  parseXmlTree,
  readZipDirectory,
  type SourceElement,
  vetXml,
  writeZip,
  XmlError,
  ZipError,
} from '@officina/engine/kit';
import { plainXml } from './vet-open-document.js';

const XLINK = 'http://www.w3.org/1999/xlink';
/** Parts that LibreOffice reads, also those of documents within the document. */
const LINKING_PART = /(?:^|\/)(?:content|styles|meta|settings)\.xml$/;
/** Addresses of what the package itself holds, and of places in the text. */
const INWARD =
  /^(?:#|vnd\.sun\.star\.(?:Package|GraphicObject|EmbeddedObject):|(?![a-z][a-z0-9+.-]*:|[/\\])(?!.*\.\.[/\\]))/i;
const HREF_IN_TAG = /(\s[^\s=<>"']*:href\s*=\s*)(?:"[^"]*"|'[^']*')/g;

/**
 * An OpenDocument or OpenOffice.org package that names nothing outside of itself but where its readers' links lead: pictures, sections,
 * objects, templates and macros are taken from the package or not at all. LibreOffice loads some of them before it asks its settings.
 * Null when there is nothing to sever, or when the package is not ours to read.
 */
export function severReferences(bytes: Uint8Array): Uint8Array | null {
  try {
    const archive = readZipDirectory(bytes, DEFAULT_PACKAGE_LIMITS);
    let isSevered = false;
    const pieces = archive.entries.map((entry) => {
      const text = LINKING_PART.test(entry.name) ? plainXml(inflateEntry(archive, entry)) : null;
      const severed = text === null ? null : severedXml(text);
      if (severed === null) return { kind: 'copied', archive, entry } as const;
      isSevered = true;
      return { kind: 'replaced', archive, entry, content: encodeUtf8(severed) } as const;
    });
    return isSevered ? writeZip(pieces) : null;
  } catch (error) {
    if (error instanceof ZipError || error instanceof XmlError) return null;
    throw error;
  }
}

/** Null when it names nothing outside. */
function severedXml(xml: string): string | null {
  if (!xml.includes(XLINK)) return null;
  vetXml(xml, DEFAULT_PACKAGE_LIMITS.xml);
  const cuts: { start: number; end: number; tag: string }[] = [];
  const visit = (element: SourceElement): void => {
    const reaches = element.attributes.some(
      ({ namespace, local, value }) => namespace === XLINK && local === 'href' && !INWARD.test(value.trim()),
    );
    if (reaches && element.local !== 'a') {
      const tag = xml.slice(element.start, element.openEnd).replace(HREF_IN_TAG, '$1""');
      cuts.push({ start: element.start, end: element.openEnd, tag });
    }
    for (const child of element.children) if (child.kind === 'element') visit(child);
  };
  visit(parseXmlTree(xml));
  if (cuts.length === 0) return null;
  const pieces: string[] = [];
  let at = 0;
  for (const { start, end, tag } of cuts) {
    pieces.push(xml.slice(at, start), tag);
    at = end;
  }
  return pieces.join('') + xml.slice(at);
}
