import type { TreeDocOp } from '@docx-editor.dev/core/store';
import type { TokenFact } from './judge.js';
import type { Person } from './person.js';
import type { Random } from './random.js';
import { isToken, type Tokens } from './tokens.js';

/** What actions share: where tokens come from and the book about them. */
export interface Book {
  readonly tokens: Tokens;
  readonly facts: Map<string, TokenFact>;
}

export interface Stage {
  readonly person: Person;
  readonly random: Random;
  readonly book: Book;
}

/** A thing people do. False when it cannot be done here and now. */
export type Action = (stage: Stage) => boolean;

export interface Spot {
  readonly id: string;
  readonly text: string;
  readonly index: number;
}

/** Editing concentrates in a few paragraphs, so that people get into each other's way. */
const HOT = 5;

export function spotOf({ person, random }: Stage): Spot | null {
  const paragraphs = person.editor.paragraphs();
  if (paragraphs.length === 0) return null;
  const index = random.chance(0.85)
    ? random.below(Math.min(HOT, paragraphs.length))
    : random.below(paragraphs.length);
  const { id, text } = paragraphs[index] as { id: string; text: string };
  return { id, text, index };
}

export function newText(stage: Stage, length = stage.random.between(1, 3)): string {
  return stage.book.tokens.next(length);
}

/** Books inserted tokens once the edit went out. */
export function booked(stage: Stage, text: string): void {
  const { person, book } = stage;
  for (const character of text) {
    if (!isToken(character)) continue;
    const fact = { character, client: person.options.name, n: person.lastSent, deletedBy: [] };
    book.facts.set(character, fact);
  }
}

/** Books a deletion; `sure` when the characters must not stand anywhere afterwards. */
export function struck(stage: Stage, text: string, sure = true): void {
  const { person, book } = stage;
  for (const character of text) {
    book.facts.get(character)?.deletedBy.push({ client: person.options.name, n: person.lastSent, sure });
  }
}

function range({ random }: Stage, text: string, most: number): readonly [number, number] | null {
  if (text.length === 0) return null;
  const start = random.below(text.length);
  return [start, Math.min(text.length, start + random.between(1, most))];
}

const insertText: Action = (stage) => {
  const spot = spotOf(stage);
  if (!spot) return false;
  const text = newText(stage);
  const offset = stage.random.between(0, spot.text.length);
  if (!stage.person.edit([{ op: 'insertText', paragraphId: spot.id, offset, text }])) return false;
  booked(stage, text);
  return true;
};

const deleteText: Action = (stage) => {
  const spot = spotOf(stage);
  const span = spot && range(stage, spot.text, 6);
  if (!spot || !span) return false;
  const [start, end] = span;
  if (!stage.person.edit([{ op: 'deleteText', paragraphId: spot.id, start, end }])) return false;
  struck(stage, spot.text.slice(start, end));
  return true;
};

const replaceText: Action = (stage) => {
  const spot = spotOf(stage);
  const span = spot && range(stage, spot.text, 4);
  if (!spot || !span) return false;
  const [start, end] = span;
  const text = newText(stage);
  const ops: TreeDocOp[] = [
    { op: 'deleteText', paragraphId: spot.id, start, end },
    { op: 'insertText', paragraphId: spot.id, offset: start, text },
  ];
  if (!stage.person.edit(ops)) return false;
  struck(stage, spot.text.slice(start, end));
  booked(stage, text);
  return true;
};

const split: Action = (stage) => {
  const spot = spotOf(stage);
  if (!spot) return false;
  const offset = stage.random.between(0, spot.text.length);
  return stage.person.edit([{ op: 'splitParagraph', paragraphId: spot.id, offset }]);
};

const pasteLines: Action = (stage) => {
  const spot = spotOf(stage);
  if (!spot) return false;
  const offset = stage.random.between(0, spot.text.length);
  const lines = [newText(stage), newText(stage), newText(stage)];
  const offsets = [
    offset + (lines[0] as string).length,
    offset + (lines[0] as string).length + (lines[1] as string).length,
  ];
  const ops: TreeDocOp[] = [
    { op: 'insertText', paragraphId: spot.id, offset, text: lines.join('') },
    { op: 'splitParagraphMany', paragraphId: spot.id, offsets },
  ];
  if (!stage.person.edit(ops)) return false;
  booked(stage, lines.join(''));
  return true;
};

const join: Action = (stage) => {
  const paragraphs = stage.person.editor.paragraphs();
  if (paragraphs.length < 2) return false;
  const index = stage.random.below(Math.min(HOT, paragraphs.length - 1));
  const [first, second] = [paragraphs[index], paragraphs[index + 1]];
  if (!first || !second) return false;
  return stage.person.edit([{ op: 'joinParagraphs', firstId: first.id, secondId: second.id }]);
};

const deleteAcross: Action = (stage) => {
  const paragraphs = stage.person.editor.paragraphs();
  const index = stage.random.below(Math.min(HOT, paragraphs.length));
  const [first, second] = [paragraphs[index], paragraphs[index + 1]];
  if (!first || !second) return false;
  const from = stage.random.between(0, first.text.length);
  const to = stage.random.between(0, second.text.length);
  const text = newText(stage);
  const ops: TreeDocOp[] = [];
  if (from < first.text.length)
    ops.push({ op: 'deleteText', paragraphId: first.id, start: from, end: first.text.length });
  if (to > 0) ops.push({ op: 'deleteText', paragraphId: second.id, start: 0, end: to });
  ops.push({ op: 'joinParagraphs', firstId: first.id, secondId: second.id });
  ops.push({ op: 'insertText', paragraphId: first.id, offset: from, text });
  if (!stage.person.edit(ops)) return false;
  struck(stage, first.text.slice(from) + second.text.slice(0, to));
  booked(stage, text);
  return true;
};

const format: Action = (stage) => {
  const spot = spotOf(stage);
  const span = spot && range(stage, spot.text, 8);
  if (!spot || !span) return false;
  const [start, end] = span;
  const property = stage.random.pick([
    { localName: 'b' },
    { localName: 'i' },
    { localName: 'sz', attributes: { val: '28' } },
    { localName: 'color', attributes: { val: 'C00000' } },
  ]);
  return stage.person.edit([
    { op: 'setRunProperties', paragraphId: spot.id, start, end, properties: [property] },
  ]);
};

const align: Action = (stage) => {
  const spot = spotOf(stage);
  if (!spot) return false;
  const property = stage.random.pick([
    { localName: 'jc', attributes: { val: 'center' } },
    { localName: 'jc', attributes: { val: 'right' } },
    { localName: 'keepNext' },
    { localName: 'ind', attributes: { left: '720' } },
  ]);
  return stage.person.edit([{ op: 'setParagraphProperties', paragraphId: spot.id, properties: [property] }]);
};

const deleteParagraph: Action = (stage) => {
  const spot = spotOf(stage);
  if (!spot) return false;
  if (!stage.person.edit([{ op: 'deleteBlock', blockId: spot.id }])) return false;
  struck(stage, spot.text);
  return true;
};

/** How often each is tried. */
export const TEXT_ACTIONS: readonly (readonly [name: string, weight: number, action: Action])[] = [
  ['insert text', 34, insertText],
  ['delete text', 10, deleteText],
  ['replace text', 4, replaceText],
  ['split', 6, split],
  ['paste lines', 2, pasteLines],
  ['join', 6, join],
  ['delete across', 3, deleteAcross],
  ['format', 8, format],
  ['align', 3, align],
  ['delete paragraph', 2, deleteParagraph],
];
