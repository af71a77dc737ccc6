import {
  DEFAULT_PACKAGE_LIMITS,
  decodeXml,
  encodeUtf8,
  inflateEntry,
  type MediaKind,
  type PackageLimits,
  readZipDirectory,
  sniffMedia,
  vetXml,
  writeZip,
  XmlError,
  type ZipArchive,
  type ZipEntry,
  ZipError,
  type ZipPiece,
} from '../kit/index.js';
import { type DocumentFacts, readFacts } from './facts.js';
import { identifyParagraphs } from './identity.js';
import { withoutLostTargets } from './lost-targets.js';
import { DOCUMENT_PART_TYPES } from './names.js';
import { readPackage } from './package.js';

export type ImportRefusal = 'not-a-document' | 'too-large' | 'encrypted' | 'malformed' | 'forbidden-content';

export type ImportResult =
  | {
      readonly ok: true;
      readonly value: {
        /** Version 0 of the document: the bytes that every replica opens. The same file always gives the same base. */
        readonly base: Uint8Array;
        readonly facts: DocumentFacts;
      };
      /** What was odd about the file and how it was read all the same. */
      readonly warnings: readonly string[];
    }
  | ImportFault;

export interface ImportFault {
  readonly ok: false;
  readonly reason: ImportRefusal;
  readonly detail: string;
}

/**
 * Reads a docx from outside. Everything is checked against the limits before the core sees any of it, and the core sees a zip that was
 * built anew from what passed. Never throws on account of the bytes.
 */
export function importDocx(bytes: Uint8Array, limits: PackageLimits = DEFAULT_PACKAGE_LIMITS): ImportResult {
  return inspect(bytes, limits, (archive) => importZip(archive, limits));
}

export type VetResult = { readonly ok: true; readonly warnings: readonly string[] } | ImportFault;

/**
 * Whether a docx from outside keeps the limits and says that it is a text document, for those who hand it on without a replica: a
 * third of the work of `importDocx`. The core does not read it. Never throws on account of the bytes.
 */
export function vetDocx(bytes: Uint8Array, limits: PackageLimits = DEFAULT_PACKAGE_LIMITS): VetResult {
  return inspect(bytes, limits, (archive): VetResult => {
    const warnings: string[] = [];
    const files = filesOf(archive, warnings);
    if (!files) return refuse('not-a-document', NO_TYPES);
    const vetted = vetEntries(archive, files, limits, warnings);
    const types = vetted.find(({ entry }) => entry.name === TYPES_NAME)?.decoded?.text ?? '';
    // What does not say so in the usual way is for the core to judge.
    return declaresDocument(types, files) ? { ok: true, warnings } : importZip(archive, limits);
  });
}

function inspect<T>(
  bytes: Uint8Array,
  limits: PackageLimits,
  work: (archive: ZipArchive) => T,
): T | ImportFault {
  if (bytes.length > limits.maxFileBytes) {
    return refuse('too-large', `the file has ${bytes.length} bytes, the limit is ${limits.maxFileBytes}`);
  }
  const kind = sniffMedia(bytes);
  if (kind !== 'docx' && kind !== 'zip') return refuseKind(kind);
  try {
    return work(readZipDirectory(bytes, limits));
  } catch (cause) {
    if (cause instanceof ZipError) return refuse(REASON_OF_ZIP[cause.reason], cause.message);
    if (cause instanceof PartError)
      return refuse(REASON_OF_XML[cause.reason], `${cause.part}: ${cause.message}`);
    throw cause;
  }
}

const TYPES_NAME = '[Content_Types].xml';
const NO_TYPES = 'the archive has no [Content_Types].xml, so it is not an Office document';

/** Undefined where the archive is no Office document at all. */
function filesOf(archive: ZipArchive, warnings: string[]): ZipEntry[] | undefined {
  const files = archive.entries.filter((entry) => !entry.isFolder);
  if (!files.some((entry) => entry.name === TYPES_NAME)) return undefined;
  const renamed = files.filter((entry) => entry.name !== entry.rawName);
  if (renamed.length > 0) {
    warnings.push(`entry names written with a leading "/": ${renamed.map((entry) => entry.name).join(', ')}`);
  }
  return files;
}

/** Whether the types name a part that is there a text document. */
function declaresDocument(types: string, files: readonly ZipEntry[]): boolean {
  const names = new Set(files.map(({ name }) => `/${name.toLowerCase()}`));
  const overrides = [...types.matchAll(/<(?:[\w.-]+:)?Override\s[^>]*>/g)];
  return overrides.some(([tag]) => {
    const part = /\sPartName\s*=\s*["']([^"']*)["']/.exec(tag)?.[1] ?? '';
    const type = /\sContentType\s*=\s*["']([^"']*)["']/.exec(tag)?.[1] ?? '';
    return DOCUMENT_PART_TYPES.includes(type) && names.has(part.toLowerCase());
  });
}

function importZip(archive: ZipArchive, limits: PackageLimits): ImportResult {
  const warnings: string[] = [];
  const files = filesOf(archive, warnings);
  if (!files) return refuse('not-a-document', NO_TYPES);
  const names = new Set(files.map(({ name }) => name.toLowerCase()));
  const pieces = vetEntries(archive, files, limits, warnings).map((vetted): ZipPiece => {
    const { entry } = vetted;
    const text = mendedText(vetted, names, warnings);
    if (text === null) return { kind: 'transplanted', archive, entry };
    // The base is ours and short-lived: quick to write counts for more than small.
    return { kind: 'added', name: entry.name, content: encodeUtf8(text), level: 1 };
  });
  const base = writeZip(pieces);
  const opened = readPackage(base, limits);
  if (!opened.ok)
    return refuse(reasonOfCore(opened.reason), `${opened.reason} ${opened.detail ?? ''}`.trim());
  const main = opened.package.parts.get(opened.package.mainDocumentPart);
  if (!main || !DOCUMENT_PART_TYPES.includes(main.contentType)) {
    return refuse(
      'not-a-document',
      `the main part is ${main?.contentType ?? 'missing'}, not a text document`,
    );
  }
  return { ok: true, value: { base, facts: readFacts(opened.package) }, warnings };
}

const XML_NAME = /\.(xml|rels|vml)$/i;

function vetEntries(
  archive: ZipArchive,
  files: readonly ZipEntry[],
  limits: PackageLimits,
  warnings: string[],
): VettedEntry[] {
  let elements = 0;
  return files.map((entry): VettedEntry => {
    const isXml = XML_NAME.test(entry.name);
    if (isXml && entry.size > limits.xml.maxPartBytes) {
      throw new ZipError(
        'too-large',
        `${entry.name} has ${entry.size} bytes, the limit for XML is ${limits.xml.maxPartBytes}`,
      );
    }
    const content = inflateEntry(archive, entry);
    if (!isXml || content.length === 0) return { entry, decoded: null };
    const decoded = decodeXml(content);
    if (!decoded) throw new PartError('malformed', entry.name, 'the text does not fit its declared encoding');
    try {
      elements += vetXml(decoded.text, limits.xml);
    } catch (cause) {
      if (cause instanceof XmlError) throw new PartError(cause.reason, entry.name, cause.message);
      throw cause;
    }
    if (elements > limits.xml.maxTotalElements) {
      throw new PartError(
        'too-many-elements',
        entry.name,
        `there are more than ${limits.xml.maxTotalElements} elements in all`,
      );
    }
    if (decoded.encoding !== 'utf-8') warnings.push(`${entry.name} was written in ${decoded.encoding}`);
    return { entry, decoded };
  });
}

/** An entry that passed, and what it says where it is XML. */
interface VettedEntry {
  readonly entry: ZipEntry;
  readonly decoded: ReturnType<typeof decodeXml> | null;
}

/** What the base is to hold in place of an entry; null where it holds the same. */
function mendedText(
  { entry, decoded }: VettedEntry,
  names: ReadonlySet<string>,
  warnings: string[],
): string | null {
  if (!decoded) return null;
  const isUtf8 = decoded.encoding === 'utf-8';
  const readable = coreReadable(isUtf8 ? decoded.text : declareUtf8(decoded.text));
  const complete = withoutLostTargets(readable, entry.name, names);
  if (complete !== readable) warnings.push(`${entry.name} names parts that the file does not have`);
  const text = STORY_ROOT.test(complete) ? identifyParagraphs(complete, entry.name) : complete;
  return isUtf8 && text === decoded.text ? null : text;
}

/** The root elements of parts that hold paragraphs people write. A match elsewhere does no harm: only paragraphs are touched. */
const STORY_ROOT = /<(?:[\w.-]+:)?(?:document|hdr|ftr|footnotes|endnotes|comments)[\s>]/;

/** The declaration as it must be once the text is written as UTF-8. */
export function declareUtf8(text: string): string {
  return text.replace(/^(<\?xml[^>]*?\sencoding\s*=\s*)(?:"[^"]*"|'[^']*')/, '$1"UTF-8"');
}

/**
 * `mc:PreserveAttributes="mv:*"` and the like are legal (ISO/IEC 29500-3, 7.4) but refused by the core as names. They only advise editors
 * that drop what they do not know; ours does not, and the save works on the original text, where they stay.
 */
function coreReadable(text: string): string {
  if (!/:(?:PreserveAttributes|PreserveElements|ProcessContent)\s*=/.test(text)) return text;
  return text.replace(
    /\s[\w.-]+:(?:PreserveAttributes|PreserveElements|ProcessContent)\s*=\s*(?:"[^"]*\*[^"]*"|'[^']*\*[^']*')/g,
    '',
  );
}

class PartError extends Error {
  constructor(
    readonly reason: XmlError['reason'],
    readonly part: string,
    detail: string,
  ) {
    super(detail);
  }
}

const REASON_OF_ZIP: Record<ZipError['reason'], ImportRefusal> = {
  'not-a-zip': 'not-a-document',
  'too-large': 'too-large',
  'too-many-entries': 'too-large',
  'bad-name': 'forbidden-content',
  'duplicate-name': 'forbidden-content',
  encrypted: 'encrypted',
  malformed: 'malformed',
};

const REASON_OF_XML: Record<XmlError['reason'], ImportRefusal> = {
  doctype: 'forbidden-content',
  'too-deep': 'too-large',
  'too-many-elements': 'too-large',
  'too-many-attributes': 'too-large',
  malformed: 'malformed',
};

function reasonOfCore(reason: string): ImportRefusal {
  if (reason.startsWith('too-')) return 'too-large';
  if (reason === 'no-content-types' || reason === 'no-main-document') return 'not-a-document';
  return reason.endsWith('-forbidden') ? 'forbidden-content' : 'malformed';
}

function refuse(reason: ImportRefusal, detail: string): ImportFault {
  return { ok: false, reason, detail };
}

function refuseKind(kind: MediaKind): ImportFault {
  if (kind === 'encrypted-docx') return refuse('encrypted', 'the document is protected by a password');
  if (kind === 'empty') return refuse('not-a-document', 'the file is empty');
  return refuse(
    'not-a-document',
    kind === 'unknown' ? 'the file is of an unknown kind' : `the file is of the kind ${kind}, not docx`,
  );
}
