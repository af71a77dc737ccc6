import { type OoxmlPackage, type OoxmlPart, serializeOoxmlPart } from '@docx-editor.dev/core/store';
import {
  DEFAULT_PACKAGE_LIMITS,
  decodeXml,
  encodeUtf8,
  inflateEntry,
  type PackageLimits,
  parseXmlTree,
  readZipDirectory,
  writeZip,
  type XmlElement,
  type ZipArchive,
  type ZipEntry,
  type ZipPiece,
} from '../kit/index.js';
import { CoreElement, sameCoreTree } from './core-view.js';
import { declareUtf8 } from './import.js';
import { entryName, openPackage } from './package.js';
import { spliceXml } from './splice.js';

export interface SaveInput {
  /** The file as the user gave it. */
  readonly original: Uint8Array;
  /** What `importDocx` made of it. */
  readonly base: Uint8Array;
  /** The document now; it need not share any object with another reading of `base`. */
  readonly current: OoxmlPackage;
  /** A reading of `base`, when the caller has one at hand; saves reading it again. */
  readonly basePackage?: OoxmlPackage;
  readonly limits?: PackageLimits;
}

/** Building blocks, which no operation reaches; the core gives their paragraphs identities all the same. */
const GLOSSARY_TYPE = '.document.glossary+xml';
const CONTENT_TYPES = '/[Content_Types].xml';

/**
 * The file with the edits in it and every other byte as it was: untouched entries are copied as they lie in the zip, in touched XML only
 * the changed pieces are replaced, new parts follow at the end. Without any edit the result is `original` itself.
 */
export function writeDocx({
  original,
  base,
  current,
  basePackage,
  limits = DEFAULT_PACKAGE_LIMITS,
}: SaveInput): Uint8Array {
  const archive = readZipDirectory(original, limits);
  const before = basePackage ?? openPackage(base, limits);
  const referredIdentities = identitiesReferredTo(current);
  const pieces: ZipPiece[] = [];
  const seen = new Set<string>();
  let isTouched = false;
  for (const entry of archive.entries) {
    const name = `/${entry.name}`;
    seen.add(name);
    if (!entry.isFolder && isRemoved(name, before, current)) {
      isTouched = true;
      continue;
    }
    const content = entry.isFolder
      ? null
      : newContent({ archive, entry, name, before, current, referredIdentities });
    if (content) isTouched = true;
    pieces.push(content ? { kind: 'replaced', archive, entry, content } : { kind: 'copied', archive, entry });
  }
  for (const name of [...current.partBytes.keys(), ...current.parts.keys()]) {
    if (seen.has(name)) continue;
    seen.add(name);
    isTouched = true;
    const part = current.parts.get(name);
    const content = part ? encodeUtf8(serializeOoxmlPart(part)) : (current.partBytes.get(name) as Uint8Array);
    pieces.push({ kind: 'added', name: entryName(name), content });
  }
  return isTouched ? writeZip(pieces, archive.comment) : original;
}

function isRemoved(name: string, before: OoxmlPackage, current: OoxmlPackage): boolean {
  return has(before, name) && !has(current, name);
}

function has(pkg: OoxmlPackage, name: string): boolean {
  return pkg.parts.has(name) || pkg.partBytes.has(name);
}

interface EntryState {
  readonly archive: ZipArchive;
  readonly entry: ZipEntry;
  readonly name: string;
  readonly before: OoxmlPackage;
  readonly current: OoxmlPackage;
  readonly referredIdentities: ReadonlySet<string>;
}

/** The content that takes the entry's place; null when it stays as it is. */
function newContent(state: EntryState): Uint8Array | null {
  const { name, before, current } = state;
  const part = current.parts.get(name);
  const partBefore = before.parts.get(name);
  if (part?.contentType.endsWith(GLOSSARY_TYPE) && partBefore) return null;
  if (part && partBefore) return splicedPart(state, partBefore, part);
  const bytes = current.partBytes.get(name);
  const bytesBefore = before.partBytes.get(name);
  if (part) return encodeUtf8(serializeOoxmlPart(part));
  if (!bytes || !bytesBefore || sameBytes(bytes, bytesBefore)) return null;
  return name === CONTENT_TYPES
    ? spliced(state, parseXmlTree(textOf(bytesBefore)), parseXmlTree(textOf(bytes)))
    : bytes;
}

function splicedPart(state: EntryState, before: OoxmlPart, current: OoxmlPart): Uint8Array | null {
  const { referredIdentities } = state;
  // Only paragraphs of comments are ever referred to.
  if (current.root.localName === 'comments' && referredIdentities.size > 0) {
    const base = withoutInjected(state, serializeOoxmlPart(before));
    return spliced(state, parseXmlTree(base), parseXmlTree(serializeOoxmlPart(current)));
  }
  if (sameCoreTree(before.root, current.root)) return null;
  return spliced(state, new CoreElement(before.root), new CoreElement(current.root));
}

/** The base without those identities that import invented and another part refers to now: so they count as added by the edit. */
function withoutInjected({ archive, entry, referredIdentities }: EntryState, base: string): string {
  const original = textOf(inflateEntry(archive, entry));
  return base.replace(/\s[\w.-]+:(?:paraId|textId)="([^"]*)"/g, (attribute, identity: string) =>
    referredIdentities.has(identity) && !original.includes(identity) ? '' : attribute,
  );
}

function spliced(
  { archive, entry, referredIdentities }: EntryState,
  base: XmlElement,
  current: XmlElement,
): Uint8Array | null {
  const decoded = decodeXml(inflateEntry(archive, entry));
  if (!decoded) throw new Error(`${entry.name} was read at import and does not decode now`);
  const text = spliceXml({ original: decoded.text, base, current, referredIdentities });
  if (text === decoded.text) return null;
  const written = decoded.encoding === 'utf-8' ? text : declareUtf8(text);
  return encodeUtf8(decoded.hasByteOrderMark && decoded.encoding === 'utf-8' ? `\ufeff${written}` : written);
}

/** Paragraphs of comments that threads, states and dates of comments refer to ([MS-DOCX] 2.5.7 and following). */
function identitiesReferredTo(pkg: OoxmlPackage): Set<string> {
  const found = new Set<string>();
  for (const part of pkg.parts.values()) {
    if (part.root.localName !== 'commentsEx' && part.root.localName !== 'commentsIds') continue;
    for (const child of part.root.children) {
      if (child.kind === 'textValue') continue;
      for (const attribute of child.attributes) {
        if (attribute.localName === 'paraId' || attribute.localName === 'paraIdParent')
          found.add(attribute.value);
      }
    }
  }
  return found;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a === b || (a.length === b.length && a.every((byte, index) => byte === b[index]));
}

function textOf(bytes: Uint8Array): string {
  const decoded = decodeXml(bytes);
  if (!decoded) throw new Error('a part that was read before does not decode now');
  return decoded.text;
}
