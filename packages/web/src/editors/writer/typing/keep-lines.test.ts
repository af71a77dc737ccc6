import { expect, it } from 'vitest';
import { keepLines, type LaidBlock, type LaidLine, type LaidParagraph } from './keep-lines.js';

it('paints the line that is typed in, and leaves the others the elements that they are', () => {
  const { before, element, repaint } = painted(['One two ', 'three four ', 'five']);
  const [, second, third] = [...element.children];

  const result = repaint(paragraph(['One, two ', 'three four ', 'five']));

  expect(result.element).toBe(element);
  expect(result.fresh).toEqual(['One, two ']);
  expect(element.children.map(({ textContent }) => textContent)).toEqual([
    'One, two ',
    'three four ',
    'five',
  ]);
  expect(element.children[1]).toBe(second);
  expect(element.children[2]).toBe(third);
  expect(before.lines).toHaveLength(3);
});

it('says of the lines that stay where in the document they stand now', () => {
  const { element, repaint } = painted(['One two ', 'three']);

  repaint(paragraph(['One, two ', 'three']));

  const [run] = element.children[1]?.children ?? [];
  expect(element.children[1]?.dataset).toMatchObject({ lineId: 'line:1:9' });
  expect(run?.dataset).toMatchObject({ start: '9', end: '14' });
});

it('adds and takes away lines at the end, and gives the paragraph its new height', () => {
  const { element, repaint } = painted(['One ', 'two']);

  repaint(paragraph(['One ', 'two ', 'three']));
  expect(element.children.map(({ textContent }) => textContent)).toEqual(['One ', 'two ', 'three']);
  expect(element.style.height).toBe('60px');

  const shorter = painted(['One ', 'two ', 'three']);
  shorter.repaint(paragraph(['One ']));
  expect(shorter.element.children.map(({ textContent }) => textContent)).toEqual(['One ']);
});

it('moves a line that looks as before but stands lower', () => {
  const { element, repaint } = painted(['One ', 'two']);
  const last = element.children[1];
  const now = paragraph(['One ', 'two']);

  const result = repaint({
    ...now,
    lines: now.lines.map((line, at) => (at === 1 ? { ...line, box: { ...line.box, y: 25 } } : line)),
  });

  expect(result.fresh).toEqual([]);
  expect(element.children[1]).toBe(last);
  expect(last?.style.top).toBe('50px');
});

it('paints a line anew whose words an input method wrote into the page', () => {
  const { element, repaint } = painted(['One ', 'two']);
  const [run] = element.children[1]?.children ?? [];
  if (run) run.textContent = 'zwei';

  expect(repaint(paragraph(['One', 'two'])).fresh).toContain('two');
});

it('paints a line anew that has more than plain text in it', () => {
  const { repaint } = painted(['One ', 'two']);
  const now = paragraph(['One ', 'two']);
  const linked = now.lines.map((line) => ({
    ...line,
    spans: line.spans.map((span) => ({ ...span, link: { id: 'a' } })),
  }));

  expect(repaint({ ...now, lines: linked }).fresh).toEqual(['One ', 'two']);
});

it.each<[string, Partial<LaidParagraph> & Record<string, unknown>]>([
  ['is aligned otherwise', { alignment: 'left' }],
  ['has borders', { borders: [] }],
  ['has a tracked change of its format', { props: [{ localName: 'pPrChange' }] }],
])('leaves a paragraph alone that %s', (_how, otherwise) => {
  const { element, repaint } = painted(['One ', 'two']);

  const result = repaint({ ...paragraph(['One, ', 'two']), ...otherwise });

  expect(result.element).toBeNull();
  expect(element.children.map(({ textContent }) => textContent)).toEqual(['One ', 'two']);
});

it('leaves a paragraph alone that it does not know, and one that still stands elsewhere', () => {
  const { before, repaint } = painted(['One']);

  expect(repaint({ ...paragraph(['One']), paragraphId: 'p2' }).element).toBeNull();
  expect(repaint(paragraph(['One, two']), [before]).element).toBeNull();
});

it('leaves every paragraph alone while the marks at their ends are shown', () => {
  const { repaint } = painted(['One']);

  expect(repaint(paragraph(['One, two']), [], { showParagraphMarks: true }).element).toBeNull();
});

function paragraph(texts: readonly string[]): LaidParagraph & Record<string, unknown> {
  let start = 0;
  const lines = texts.map((text, at): LaidLine => {
    const range = { start, end: start + text.length };
    start = range.end;
    const box = { x: 0, y: at * 10 };
    return { id: `line:${at}:${range.start}`, range, spans: [{ range, text, box }], box, contentX: 0 };
  });
  return {
    kind: 'paragraph',
    paragraphId: 'p1',
    fragmentIndex: 0,
    range: { start: 0, end: start },
    props: [],
    alignment: 'both',
    box: { x: 0, y: 0, width: 100, height: texts.length * 10 },
    lines,
  };
}

/** A painted paragraph, at two pixels a point, and how it is painted again. */
function painted(texts: readonly string[]) {
  const before = paragraph(texts);
  const element = new FakeElement();
  for (const line of before.lines) element.append(paintedLine(line));
  const repaint = (now: LaidParagraph, blocks: readonly LaidBlock[] = [], choices = {}) => {
    const fresh: string[] = [];
    const result = keepLines(
      new Map([[before, element as unknown as HTMLElement]]),
      now,
      [...blocks, now],
      { scale: 2, ...choices },
      (line) => {
        fresh.push(line.spans.map(({ text }) => text).join(''));
        return paintedLine(line) as unknown as HTMLElement;
      },
    );
    return { element: result as unknown as FakeElement | null, fresh };
  };
  return { before, element, repaint };
}

function paintedLine({ id, spans }: LaidLine): FakeElement {
  const line = new FakeElement();
  line.dataset.lineId = id;
  for (const { range, text } of spans) {
    const run = new FakeElement();
    Object.assign(run.dataset, { start: String(range.start), end: String(range.end) });
    run.textContent = text;
    line.append(run);
  }
  return line;
}

/** As much of an element as painting lines asks for. */
class FakeElement {
  readonly dataset: Record<string, string> = {};
  readonly style: Record<string, string> = {};
  children: FakeElement[] = [];
  #parent: FakeElement | null = null;
  #text = '';

  getAttribute(name: string): string | null {
    return this.dataset[name.replace('data-', '')] ?? null;
  }

  setAttribute(name: string, value: string): void {
    this.dataset[name.replace('data-', '')] = value;
  }

  get childElementCount(): number {
    return this.children.length;
  }

  get textContent(): string {
    return this.#text + this.children.map(({ textContent }) => textContent).join('');
  }

  set textContent(text: string) {
    this.#text = text;
  }

  append(child: FakeElement): void {
    child.#parent = this;
    this.children.push(child);
  }

  replaceWith(other: FakeElement): void {
    const parent = this.#parent;
    if (parent === null) return;
    other.#parent = parent;
    parent.children = parent.children.map((child) => (child === this ? other : child));
  }

  remove(): void {
    const parent = this.#parent;
    if (parent !== null) parent.children = parent.children.filter((child) => child !== this);
  }
}
