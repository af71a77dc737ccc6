import {
  DEFAULT_PACKAGE_LIMITS,
  decodeXml,
  encodeUtf8,
  inflateEntry,
  type PackageLimits,
  parseXmlTree,
  readZipDirectory,
  type SourceElement,
  writeZip,
  type XmlElement,
  type ZipPiece,
} from '../kit/index.js';
import { declareUtf8 } from './import.js';
import { WML, WML_STRICT } from './names.js';

/** What becomes of the traces of a review; `keep` leaves them. */
export interface ReviewTraces {
  readonly changes: 'keep' | 'accept' | 'reject';
  readonly comments: 'keep' | 'remove';
}

const STORY = /^word\/(?:document|header\d*|footer\d*|footnotes|endnotes|styles|numbering)\.xml$/i;
const COMMENTS = /^word\/comments\w*\.xml$/i;

/**
 * The document with its tracked changes settled or its comments gone; every other byte as it was. For a docx that `importDocx` takes: it
 * throws on others.
 */
export function settleReview(
  docx: Uint8Array,
  traces: ReviewTraces,
  limits: PackageLimits = DEFAULT_PACKAGE_LIMITS,
): Uint8Array {
  const archive = readZipDirectory(docx, limits);
  let isTouched = false;
  const pieces = archive.entries.map((entry): ZipPiece => {
    const copied: ZipPiece = { kind: 'copied', archive, entry };
    const isStory = STORY.test(entry.name);
    const isComments = traces.comments === 'remove' && COMMENTS.test(entry.name);
    const decoded = isStory || isComments ? decodeXml(inflateEntry(archive, entry)) : null;
    if (!decoded) return copied;
    const text = isComments ? emptied(decoded.text) : settled(decoded.text, traces);
    if (text === decoded.text) return copied;
    isTouched = true;
    const content = encodeUtf8(decoded.encoding === 'utf-8' ? text : declareUtf8(text));
    return { kind: 'replaced', archive, entry, content };
  });
  return isTouched ? writeZip(pieces, archive.comment) : docx;
}

/** The part without its content: what refers to the part still finds it. */
function emptied(text: string): string {
  const root = parseXmlTree(text);
  return `${text.slice(0, root.openEnd)}${text.slice(root.closeStart)}`;
}

function settled(text: string, traces: ReviewTraces): string {
  const root = parseXmlTree(text);
  const settler = new Settler(text, traces);
  return `${text.slice(0, root.start)}${settler.write(root)}${text.slice(root.end)}`;
}

/** Insertions and deletions by what happens to their content (ECMA-376 17.13.5). */
const INSERTIONS: ReadonlySet<string> = new Set(['ins', 'moveTo']);
const DELETIONS: ReadonlySet<string> = new Set(['del', 'moveFrom']);
const MOVE_RANGES = /^move(?:From|To)Range(?:Start|End)$/;
const CELL_MARKS: ReadonlySet<string> = new Set(['cellIns', 'cellDel', 'cellMerge', 'numberingChange']);
const FORMER = /^(rPr|pPr|sectPr|tblPr|tblGrid|trPr|tcPr|tblPrEx)Change$/;
const COMMENT_MARKS: ReadonlySet<string> = new Set([
  'commentRangeStart',
  'commentRangeEnd',
  'commentReference',
]);

class Settler {
  readonly #text: string;
  readonly #traces: ReviewTraces;

  constructor(text: string, traces: ReviewTraces) {
    this.#text = text;
    this.#traces = traces;
  }

  write(element: SourceElement): string {
    const name = wordName(element);
    if (name === 't' || name === 'instrText') return this.#slice(element);
    if (this.#traces.comments === 'remove') {
      if (COMMENT_MARKS.has(name)) return '';
      // The run that holds nothing but the mark goes with it.
      const inRun = name === 'r' ? elementsIn(element).map(wordName) : [];
      if (
        inRun.includes('commentReference') &&
        inRun.every((each) => each === 'rPr' || each === 'commentReference')
      )
        return '';
    }
    if (this.#traces.changes === 'keep') return this.#around(element, this.#content(element));
    if (MOVE_RANGES.test(name) || CELL_MARKS.has(name)) return '';
    const restored = this.#restored(element);
    if (restored !== null) return restored;
    if (FORMER.test(name)) return '';
    if (INSERTIONS.has(name) || DELETIONS.has(name)) {
      return this.#stays(name) ? this.#content(element) : '';
    }
    if (name === 'tr' && this.#isGone(element, 'trPr')) return '';
    if (this.#traces.changes === 'reject' && (name === 'delText' || name === 'delInstrText')) {
      return this.#renamed(element, name === 'delText' ? 't' : 'instrText');
    }
    return this.#around(element, this.#content(element));
  }

  /** The children, with paragraphs whose mark is gone run into the next one. */
  #content(element: SourceElement): string {
    let xml = '';
    let at = element.openEnd;
    let carried = '';
    for (const child of elementsIn(element)) {
      xml += this.#text.slice(at, child.start);
      at = child.end;
      const isParagraph = wordName(child) === 'p';
      if (isParagraph && this.#traces.changes !== 'keep' && this.#hasLostMark(child)) {
        carried += this.#inner(child);
        continue;
      }
      if (carried !== '' && isParagraph) {
        xml += this.#joined(child, carried);
        carried = '';
        continue;
      }
      if (carried !== '' && wordName(child) !== '') {
        // Nothing to run into: the paragraph before a table or at the end keeps its place.
        xml += `<${prefixOf(child)}p>${carried}</${prefixOf(child)}p>`;
        carried = '';
      }
      xml += this.write(child);
    }
    if (carried !== '') xml += `<${prefixOf(element)}p>${carried}</${prefixOf(element)}p>`;
    return xml + this.#text.slice(at, element.closeStart);
  }

  /** The content of a paragraph without its properties. */
  #inner(paragraph: SourceElement): string {
    return elementsIn(paragraph)
      .filter((child) => wordName(child) !== 'pPr')
      .map((child) => this.write(child))
      .join('');
  }

  #joined(paragraph: SourceElement, before: string): string {
    const properties = elementsIn(paragraph).find((child) => wordName(child) === 'pPr');
    const own = properties ? this.write(properties) : '';
    return this.#around(paragraph, `${own}${before}${this.#inner(paragraph)}`);
  }

  #hasLostMark(paragraph: SourceElement): boolean {
    const properties = elementsIn(paragraph).find((child) => wordName(child) === 'pPr');
    return properties !== undefined && this.#isGone(properties, 'rPr');
  }

  /** Whether the properties of an element say that it was inserted or deleted, and so goes now. */
  #isGone(element: SourceElement, propertiesName: string): boolean {
    const properties = elementsIn(element).find((child) => wordName(child) === propertiesName);
    return properties !== undefined && elementsIn(properties).some((mark) => this.#isLosing(wordName(mark)));
  }

  #isLosing(name: string): boolean {
    return (INSERTIONS.has(name) || DELETIONS.has(name)) && !this.#stays(name);
  }

  #stays(name: string): boolean {
    return INSERTIONS.has(name) === (this.#traces.changes === 'accept');
  }

  /** Properties with a former state, when that is asked for; what has no former state of its own stays (a mark's `rPr`, a `sectPr`). */
  #restored(element: SourceElement): string | null {
    if (this.#traces.changes !== 'reject') return null;
    const name = wordName(element);
    const change = elementsIn(element).find((child) => wordName(child) === `${name}Change`);
    const former = change && elementsIn(change).find((child) => wordName(child) === name);
    if (!former) return null;
    const kept = elementsIn(element).filter((child) => KEPT_BESIDE_FORMER.has(`${name}/${wordName(child)}`));
    const content = elementsIn(former).map((child) => this.#slice(child));
    return this.#around(element, [...content, ...kept.map((child) => this.write(child))].join(''));
  }

  #renamed(element: SourceElement, local: string): string {
    const prefix = prefixOf(element);
    const open = this.#text.slice(element.start + 1 + element.name.length, element.openEnd);
    const content = this.#text.slice(element.openEnd, element.closeStart);
    return element.openEnd === element.end
      ? `<${prefix}${local}${open}`
      : `<${prefix}${local}${open}${content}</${prefix}${local}>`;
  }

  #around(element: SourceElement, content: string): string {
    const open = this.#text.slice(element.start, element.openEnd);
    const close = this.#text.slice(element.closeStart, element.end);
    if (close !== '' || content === '') return `${open}${content}${close}`;
    return `${open.replace(/\s*\/>$/, '>')}${content}</${element.name}>`;
  }

  #slice(element: SourceElement): string {
    return this.#text.slice(element.start, element.end);
  }
}

const KEPT_BESIDE_FORMER: ReadonlySet<string> = new Set([
  ...['pPr/rPr', 'pPr/sectPr', 'sectPr/headerReference', 'sectPr/footerReference'],
]);

function elementsIn(element: SourceElement): SourceElement[] {
  return element.children.filter((child): child is SourceElement => child.kind === 'element');
}

/** Local name of an element of Word's own vocabulary; empty for others. */
function wordName(element: XmlElement): string {
  return element.namespace === WML || element.namespace === WML_STRICT ? element.local : '';
}

function prefixOf(element: XmlElement): string {
  return element.name.slice(0, element.name.indexOf(':') + 1);
}
