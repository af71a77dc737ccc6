import { encodeUtf8, escapeAttribute, legalXmlText } from '../kit/index.js';
import type { DocxExtras } from './blank.js';
import type { HtmlPicture } from './html-pictures.js';
import { RELATIONSHIPS, WML } from './names.js';

export type ListKind =
  | 'bullet'
  | 'decimal'
  | 'lowerLetter'
  | 'upperLetter'
  | 'lowerRoman'
  | 'upperRoman'
  | 'none';

const KINDS: readonly ListKind[] = [
  ...(['bullet', 'decimal', 'lowerLetter', 'upperLetter', 'lowerRoman', 'upperRoman', 'none'] as const),
];
const LEVELS = 9;
/** Of one level to the next, in twentieths of a point. */
export const LIST_INDENT = 720;
const HANGING = 360;
const BULLETS = ['•', '◦', '▪'];
const EMU_PER_PX = 9525;
const EMU_PER_TWIP = 635;
const MAX_HEIGHT_EMU = 12_000 * EMU_PER_TWIP;
const DRAWING = 'http://schemas.openxmlformats.org/drawingml/2006';

/** Collects what the blocks of a document refer to: links, pictures and numberings. */
export class HtmlParts {
  readonly #relationships: string[] = [];
  readonly #links = new Map<string, string>();
  readonly #pictures: { name: string; picture: HtmlPicture }[] = [];
  /** Twentieths of a point between the margins. */
  readonly #textWidth: number;
  readonly #lists: { kind: ListKind; level: number; start: number }[] = [];

  constructor(textWidth: number) {
    this.#textWidth = textWidth;
  }

  /** Id of the relationship to this address. */
  link(address: string): string {
    const known = this.#links.get(address);
    if (known) return known;
    const id = this.#relate('hyperlink', legalXmlText(address), ' TargetMode="External"');
    this.#links.set(address, id);
    return id;
  }

  /** A `w:drawing` that shows the picture in its line, never wider than the page's text. */
  drawing(picture: HtmlPicture, size: { widthPx: number; heightPx: number }, description: string): string {
    const number = this.#pictures.length + 1;
    const name = `media/image${number}.${picture.extension}`;
    const id = this.#relate('image', name, '');
    this.#pictures.push({ name, picture });
    const scale = Math.min(
      1,
      (this.#textWidth * EMU_PER_TWIP) / (size.widthPx * EMU_PER_PX),
      MAX_HEIGHT_EMU / (size.heightPx * EMU_PER_PX),
    );
    const [cx, cy] = [size.widthPx, size.heightPx].map((px) =>
      Math.max(1, Math.round(px * scale * EMU_PER_PX)),
    );
    const words = `name="Picture ${number}" descr="${escapeAttribute(legalXmlText(description))}"`;
    return (
      `<w:drawing><wp:inline xmlns:wp="${DRAWING}/wordprocessingDrawing" distT="0" distB="0" distL="0" distR="0">` +
      `<wp:extent cx="${cx}" cy="${cy}"/><wp:docPr id="${number}" ${words}/>` +
      `<a:graphic xmlns:a="${DRAWING}/main"><a:graphicData uri="${DRAWING}/picture"><pic:pic xmlns:pic="${DRAWING}/picture">` +
      `<pic:nvPicPr><pic:cNvPr id="${number}" name="Picture ${number}"/><pic:cNvPicPr/></pic:nvPicPr>` +
      `<pic:blipFill><a:blip r:embed="${id}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>` +
      `<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="${cx}" cy="${cy}"/></a:xfrm>` +
      '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>'
    );
  }

  /** Id of a numbering that counts for itself from `start`. */
  list(kind: ListKind, level: number, start: number): number {
    this.#lists.push({ kind, level, start });
    return this.#lists.length;
  }

  extras(): DocxExtras {
    const media = this.#pictures.map(({ name, picture }) => ({
      name: `word/${name}`,
      content: picture.bytes,
    }));
    const extensions = new Set(this.#pictures.map(({ picture }) => picture.extension));
    const defaults = [...extensions].map(
      (each) => `<Default Extension="${each}" ContentType="image/${each}"/>`,
    );
    if (this.#lists.length === 0) {
      return { relationships: this.#relationships.join(''), contentTypes: defaults.join(''), parts: media };
    }
    this.#relate('numbering', 'numbering.xml', '');
    const type = 'application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml';
    return {
      relationships: this.#relationships.join(''),
      contentTypes: `${defaults.join('')}<Override PartName="/word/numbering.xml" ContentType="${type}"/>`,
      parts: [...media, { name: 'word/numbering.xml', content: encodeUtf8(numbering(this.#lists)) }],
    };
  }

  #relate(type: string, target: string, mode: string): string {
    const id = `rIdH${this.#relationships.length + 1}`;
    const words = `Id="${id}" Type="${RELATIONSHIPS}/${type}" Target="${escapeAttribute(target)}"${mode}`;
    this.#relationships.push(`<Relationship ${words}/>`);
    return id;
  }
}

function numbering(lists: readonly { kind: ListKind; level: number; start: number }[]): string {
  const abstracts = KINDS.map((kind, index) => abstractNumbering(kind, index)).join('');
  const numbers = lists.map(({ kind, level, start }, index) => {
    const restart = `<w:lvlOverride w:ilvl="${level}"><w:startOverride w:val="${start}"/></w:lvlOverride>`;
    return `<w:num w:numId="${index + 1}"><w:abstractNumId w:val="${KINDS.indexOf(kind)}"/>${restart}</w:num>`;
  });
  return (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' +
    `<w:numbering xmlns:w="${WML}">${abstracts}${numbers.join('')}</w:numbering>`
  );
}

function abstractNumbering(kind: ListKind, id: number): string {
  const levels = Array.from({ length: LEVELS }, (_, level) => {
    const text =
      kind === 'bullet' ? BULLETS[level % BULLETS.length] : kind === 'none' ? '' : `%${level + 1}.`;
    const format = kind === 'none' ? 'none' : kind;
    return (
      `<w:lvl w:ilvl="${level}"><w:start w:val="1"/><w:numFmt w:val="${format}"/><w:lvlText w:val="${text}"/><w:lvlJc w:val="left"/>` +
      `<w:pPr><w:ind w:left="${LIST_INDENT * (level + 1)}" w:hanging="${HANGING}"/></w:pPr></w:lvl>`
    );
  });
  return `<w:abstractNum w:abstractNumId="${id}"><w:multiLevelType w:val="hybridMultilevel"/>${levels.join('')}</w:abstractNum>`;
}
