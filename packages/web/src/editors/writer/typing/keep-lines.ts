/** What the editor's layout says of a piece of text; there is more, which is only ever compared. */
export interface LaidSpan {
  readonly range: { readonly start: number; readonly end: number };
  readonly text: string;
  readonly box: { readonly x: number; readonly y: number };
}

export interface LaidLine {
  readonly id: string;
  readonly range: unknown;
  readonly spans: readonly LaidSpan[];
  readonly box: { readonly y: number };
  readonly contentX: number;
}

export interface LaidParagraph {
  readonly kind: 'paragraph';
  readonly paragraphId: string;
  readonly fragmentIndex: number;
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly props: readonly { readonly localName: string }[];
  readonly lines: readonly LaidLine[];
}

export type LaidBlock = LaidParagraph | { readonly kind: 'table' };

/** How the page is painted, as far as it decides whether a line may stay. */
export interface PaintChoices {
  readonly scale: number;
  readonly unbound?: boolean;
  readonly showParagraphMarks?: boolean;
  readonly readOnlyParagraphIds?: ReadonlySet<string>;
  readonly emptyTocPlaceholderIds?: ReadonlySet<string>;
}

const PLAIN_PARAGRAPH = new Set([
  ...['kind', 'id', 'paragraphId', 'fragmentIndex', 'range', 'props', 'styleId', 'outlineLevel', 'alignment'],
  ...['spacing', 'indent', 'tabStops', 'paragraphEnd', 'lines', 'paragraphMarkSizePt', 'box', 'marker'],
]);
const PLAIN_LINE = new Set([
  ...['id', 'range', 'spans', 'box', 'contentX', 'baseline', 'leading', 'trailingSpacing'],
]);
const PLAIN_SPAN = new Set(['range', 'text', 'props', 'style', 'box', 'fontSlot', 'lineEndWhitespace']);

/** What may be otherwise although a line looks as it did: where in the document it stands, and how far down the page. */
const NOT_SEEN: ReadonlySet<string> = new Set(['id', 'range', 'y']);
const PARAGRAPH_NOT_SEEN: ReadonlySet<string> = new Set(['id', 'range', 'lines', 'box', 'paragraphEnd']);

/**
 * Brings the painted paragraph up to date line by line: a line that looks as before stays the element that it is, and only
 * the others are painted anew. Gives null, and has touched nothing, when the paragraph must be painted as a whole.
 *
 * `painted` are the blocks of the page as they stand, `blocks` what shall stand there.
 */
export function keepLines(
  painted: ReadonlyMap<LaidBlock, HTMLElement>,
  paragraph: LaidParagraph,
  blocks: readonly LaidBlock[],
  choices: PaintChoices,
  paintLine: (line: LaidLine) => HTMLElement,
): HTMLElement | null {
  const before = sameParagraph(painted.keys(), paragraph);
  const element = before && painted.get(before);
  if (!before || !element || blocks.includes(before)) return null;
  if (!isPlain(paragraph, choices) || !isPlain(before, choices)) return null;
  if (!looksAlike(before, paragraph, PARAGRAPH_NOT_SEEN)) return null;
  const leading = 'marker' in paragraph ? 1 : 0;
  if (element.childElementCount !== leading + before.lines.length) return null;

  const { scale } = choices;
  const standing = [...element.children].slice(leading) as HTMLElement[];
  paragraph.lines.forEach((line, at) => {
    const old = before.lines[at];
    const standsThere = standing[at];
    const top = (line.box.y - paragraph.box.y) * scale;
    const left = (line.contentX - paragraph.box.x) * scale;
    if (old !== undefined && standsThere !== undefined && stays(standsThere, old, line)) {
      move(standsThere, 'top', (old.box.y - before.box.y) * scale, top);
      move(standsThere, 'left', (old.contentX - before.box.x) * scale, left);
      return;
    }
    const fresh = paintLine(line);
    fresh.style.top = `${top}px`;
    fresh.style.left = `${left}px`;
    if (standsThere === undefined) element.append(fresh);
    else standsThere.replaceWith(fresh);
  });
  for (const left of standing.slice(paragraph.lines.length)) left.remove();
  move(element, 'left', before.box.x * scale, paragraph.box.x * scale);
  move(element, 'top', before.box.y * scale, paragraph.box.y * scale);
  move(element, 'width', before.box.width * scale, paragraph.box.width * scale);
  move(element, 'height', before.box.height * scale, paragraph.box.height * scale);
  return element;
}

function sameParagraph(blocks: Iterable<LaidBlock>, wanted: LaidParagraph): LaidParagraph | null {
  for (const block of blocks) {
    if (block.kind !== 'paragraph' || block.paragraphId !== wanted.paragraphId) continue;
    if (block.fragmentIndex === wanted.fragmentIndex) return block;
  }
  return null;
}

/** Whether there is nothing in the painted paragraph but its lines and, before them, the number of a list. */
function isPlain(paragraph: LaidParagraph, choices: PaintChoices): boolean {
  const { unbound, showParagraphMarks, readOnlyParagraphIds, emptyTocPlaceholderIds } = choices;
  if (unbound === true || showParagraphMarks === true) return false;
  const id = paragraph.paragraphId;
  if (readOnlyParagraphIds?.has(id) === true || emptyTocPlaceholderIds?.has(id) === true) return false;
  if (!hasOnly(paragraph, PLAIN_PARAGRAPH)) return false;
  return !paragraph.props.some(({ localName }) => localName.endsWith('Change'));
}

/** Whether a painted line can stand for `line`; if so, it says where in the document that is. */
function stays(element: HTMLElement, old: LaidLine, line: LaidLine): boolean {
  if (!hasOnly(line, PLAIN_LINE) || !hasOnly(old, PLAIN_LINE)) return false;
  if (!line.spans.every((span) => hasOnly(span, PLAIN_SPAN))) return false;
  if (!looksAlike(old, line, NOT_SEEN)) return false;
  const runs = [...element.children] as HTMLElement[];
  // An input method may have written into the page.
  if (runs.length !== line.spans.length || element.dataset.lineId !== old.id) return false;
  const isAsPainted = runs.every((run, at) => {
    const span = old.spans[at];
    if (span === undefined || span.range.start === span.range.end || run.textContent !== span.text)
      return false;
    return isAt(run, span.range);
  });
  if (!isAsPainted) return false;
  if (old.id !== line.id) element.dataset.lineId = line.id;
  runs.forEach((run, at) => {
    const { range } = line.spans[at] as LaidSpan;
    if (isAt(run, range)) return;
    run.setAttribute('data-start', String(range.start));
    run.setAttribute('data-end', String(range.end));
  });
  return true;
}

/** Attributes are read and written by name here: a `dataset` costs several times as much, hundreds of times a key. */
function isAt(run: HTMLElement, { start, end }: LaidSpan['range']): boolean {
  return run.getAttribute('data-start') === String(start) && run.getAttribute('data-end') === String(end);
}

function hasOnly(value: object, known: ReadonlySet<string>): boolean {
  for (const key in value) if (!known.has(key)) return false;
  return true;
}

/** Whether two values of a layout are the same but for the keys in `except`, at any depth; ranges must be as long. */
export function looksAlike(a: unknown, b: unknown, except: ReadonlySet<string>): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    return a.every((each, at) => looksAlike(each, b[at], except));
  }
  const keys = Object.keys(a);
  if (Array.isArray(b) || keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => {
    const [one, other] = [(a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]];
    return key in b && (except.has(key) || looksAlike(one, other, except));
  });
}

function move(
  element: HTMLElement,
  property: 'left' | 'top' | 'width' | 'height',
  fromPx: number,
  toPx: number,
): void {
  if (fromPx !== toPx) element.style[property] = `${toPx}px`;
}
