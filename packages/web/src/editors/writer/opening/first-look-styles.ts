import { attributeOf, childOf, isWord, lengthOf, toggleOf } from './word-xml.js';

export interface TextLook {
  /** In CSS pixels. */
  readonly size?: number;
  readonly family?: string;
  readonly color?: string;
  readonly bold?: boolean;
  readonly italic?: boolean;
  readonly hidden?: boolean;
}

/** Lengths in CSS pixels. */
export interface BlockLook {
  readonly align?: 'left' | 'center' | 'right' | 'justify';
  readonly rightToLeft?: boolean;
  readonly before?: number;
  readonly after?: number;
  /** As a factor of the font's own line. */
  readonly line?: number;
  readonly start?: number;
  readonly end?: number;
  readonly firstLine?: number;
  readonly startsPage?: boolean;
}

export interface Styles {
  paragraph(id: string | null): { readonly block: BlockLook; readonly text: TextLook };
  character(id: string | null): TextLook;
  blockLook(properties: Element | null): BlockLook;
  textLook(properties: Element | null): TextLook;
}

const ALIGNMENTS: Readonly<Record<string, BlockLook['align']>> = {
  left: 'left',
  start: 'left',
  center: 'center',
  right: 'right',
  end: 'right',
  both: 'justify',
};
/** Styles are based on styles; a longer chain is a loop. */
const CHAIN_LIMIT = 12;
/** What the editor takes for a file that has no defaults for paragraphs: eight points after each. */
const NO_DEFAULTS: BlockLook = { line: 278 / 240, after: 160 / 15 };
const PX_PER_HALF_POINT = 96 / 144;
const LINES_PER_UNIT = 1 / 240;

/** The document's styles, as far as a first look takes them. */
export function readStyles(part: XMLDocument | null): Styles {
  const styles = new Map<string, Element>();
  let normal: string | null = null;
  for (const style of part?.documentElement.children ?? []) {
    const id = isWord(style, 'style') ? attributeOf(style, 'styleId') : null;
    if (id === null) continue;
    styles.set(id, style);
    if (
      attributeOf(style, 'type') === 'paragraph' &&
      /^(?:1|true|on)$/i.test(attributeOf(style, 'default') ?? '')
    )
      normal ??= id;
  }
  const defaults = childOf(part?.documentElement, 'docDefaults');
  const defaultText = textLook(childOf(childOf(defaults, 'rPrDefault'), 'rPr'));
  const blockDefaults = childOf(defaults, 'pPrDefault');
  const defaultBlock = blockDefaults === null ? NO_DEFAULTS : blockLook(childOf(blockDefaults, 'pPr'));

  /** From the style that all is based on to the one itself. */
  const chain = (id: string | null): Element[] => {
    const found: Element[] = [];
    let style = id === null ? undefined : styles.get(id);
    while (style !== undefined && found.length < CHAIN_LIMIT) {
      found.unshift(style);
      style = styles.get(attributeOf(childOf(style, 'basedOn')) ?? '');
    }
    return found;
  };
  const texts = (id: string | null): TextLook =>
    Object.assign({}, ...chain(id).map((style) => textLook(childOf(style, 'rPr'))));
  return {
    paragraph(id) {
      const own = id ?? normal;
      const blocks = chain(own).map((style) => blockLook(childOf(style, 'pPr')));
      return { block: Object.assign({}, defaultBlock, ...blocks), text: { ...defaultText, ...texts(own) } };
    },
    character: texts,
    blockLook,
    textLook,
  };
}

function textLook(properties: Element | null): TextLook {
  const halfPoints = Number.parseFloat(attributeOf(childOf(properties, 'sz')) ?? '');
  const family = attributeOf(childOf(properties, 'rFonts'), 'ascii');
  const color = attributeOf(childOf(properties, 'color'));
  return told({
    size: halfPoints > 0 && halfPoints < 1_000 ? halfPoints * PX_PER_HALF_POINT : undefined,
    family: family ?? undefined,
    color: color !== null && /^[0-9a-f]{6}$/i.test(color) ? `#${color}` : undefined,
    bold: toggleOf(childOf(properties, 'b')),
    italic: toggleOf(childOf(properties, 'i')),
    hidden: toggleOf(childOf(properties, 'vanish')),
  });
}

function blockLook(properties: Element | null): BlockLook {
  const spacing = childOf(properties, 'spacing');
  const indent = childOf(properties, 'ind');
  const hanging = lengthOf(indent, 'hanging');
  const line = Number.parseInt(attributeOf(spacing, 'line') ?? '', 10);
  const isFactor = (attributeOf(spacing, 'lineRule') ?? 'auto') === 'auto';
  return told({
    align: ALIGNMENTS[attributeOf(childOf(properties, 'jc')) ?? ''],
    rightToLeft: toggleOf(childOf(properties, 'bidi')),
    before: lengthOf(spacing, 'before') ?? undefined,
    after: lengthOf(spacing, 'after') ?? undefined,
    line: isFactor && line > 0 ? line * LINES_PER_UNIT : undefined,
    start: lengthOf(indent, 'left') ?? lengthOf(indent, 'start') ?? undefined,
    end: lengthOf(indent, 'right') ?? lengthOf(indent, 'end') ?? undefined,
    firstLine: hanging === null ? (lengthOf(indent, 'firstLine') ?? undefined) : -hanging,
    startsPage: toggleOf(childOf(properties, 'pageBreakBefore')),
  });
}

type Told<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

/** Only what is said, so that one look can be laid over another. */
function told<T extends object>(look: T): Partial<Told<T>> {
  return Object.fromEntries(Object.entries(look).filter(([, value]) => value !== undefined)) as Partial<
    Told<T>
  >;
}
