import { align } from './align.js';
import type { Block, Paragraph, Row, Table } from './blocks.js';
import { textOf } from './blocks.js';
import type { BlockChange, CellChange, Change, RowChange } from './comparison.js';
import { compareWords, likeness } from './words.js';

/** From here on two texts are taken for one that was edited, not for one that went and another that came. */
const LIKE = 0.4;
/** The same with a paragraph's identity to go by. It is no proof: files without identities get them by their order. */
const LIKE_OF_KIN = 0.15;
/** Pairs of edited neighbours are looked for among at most so many; beyond, what went stands before what came. */
const NEIGHBOURS_MOST = 200;

/** With `inCell`, a paragraph that stands where one stood before is the same one, whatever it says now. */
export function compareBlocks(
  before: readonly Block[],
  after: readonly Block[],
  inCell = false,
): readonly BlockChange[] {
  const changes: BlockChange[] = [];
  for (const stretch of align(before.map(keyOf), after.map(keyOf))) {
    if (stretch.kind === 'same') {
      for (let index = 0; index < stretch.length; index += 1) {
        const [old, now] = [before[stretch.before + index], after[stretch.after + index]];
        if (old && now) changes.push(pairOf(old, now));
      }
      continue;
    }
    const old = before.slice(stretch.before, stretch.before + stretch.beforeLength);
    const now = after.slice(stretch.after, stretch.after + stretch.afterLength);
    const isOne = inCell && old.length === 1 && now.length === 1 && old[0]?.kind === now[0]?.kind;
    for (const pair of pairUp(old, now, isOne ? () => true : isSuccessor)) {
      if (pair.old && pair.now) changes.push(pairOf(pair.old, pair.now));
      else if (pair.old) changes.push(wholeOf(pair.old, 'deleted'));
      else if (pair.now) changes.push(wholeOf(pair.now, 'inserted'));
    }
  }
  return changes;
}

export function isSame(block: BlockChange): boolean {
  return block.change === 'same' && (block.kind === 'table' || !block.looksChanged);
}

const keyOf = ({ kind, text }: Block): string => `${kind} ${text}`;

interface Pair<T> {
  readonly old?: T;
  readonly now?: T;
}

/** Two lists in one order, each with the one that it became, where there is one. */
function pairUp<T>(
  old: readonly T[],
  now: readonly T[],
  isLike: (old: T, now: T) => boolean,
): readonly Pair<T>[] {
  const pairs: Pair<T>[] = [];
  let from = 0;
  if (old.length <= NEIGHBOURS_MOST && now.length <= NEIGHBOURS_MOST) {
    for (const each of now) {
      const found = old.findIndex((candidate, index) => index >= from && isLike(candidate, each));
      if (found < 0) {
        pairs.push({ now: each });
        continue;
      }
      // What went before the one that stayed has gone from above it.
      const arrivals = takeArrivals(pairs);
      for (const gone of old.slice(from, found)) pairs.push({ old: gone });
      pairs.push(...arrivals, { old: old[found] as T, now: each });
      from = found + 1;
    }
    const arrivals = takeArrivals(pairs);
    return [...pairs, ...old.slice(from).map((each) => ({ old: each })), ...arrivals];
  }
  return [...old.map((each) => ({ old: each })), ...now.map((each) => ({ now: each }))];
}

/** Takes what only came off the end of the list. */
function takeArrivals<T>(pairs: Pair<T>[]): Pair<T>[] {
  const taken: Pair<T>[] = [];
  for (let last = pairs.at(-1); last && !('old' in last); last = pairs.at(-1)) {
    taken.unshift(last);
    pairs.pop();
  }
  return taken;
}

/** Whether the later block is the earlier one, edited. */
function isSuccessor(old: Block, now: Block): boolean {
  if (old.kind === 'table' && now.kind === 'table')
    return hasShapeOf(old, now) || likeness(old.text, now.text) >= LIKE;
  if (old.kind === 'table' || now.kind === 'table') return false;
  const isKin = old.identity !== null && old.identity === now.identity;
  return likeness(old.text, now.text) >= (isKin ? LIKE_OF_KIN : LIKE);
}

/** A form that was filled in has other words and the same cells. */
function hasShapeOf(old: Table, now: Table): boolean {
  const cellsOf = ({ rows }: Table) => rows.map(({ cells }) => cells.length).join(' ');
  return cellsOf(old) === cellsOf(now);
}

function pairOf(old: Block, now: Block): BlockChange {
  if (old.kind === 'table' && now.kind === 'table') return compareTables(old, now);
  return compareParagraphs(old as Paragraph, now as Paragraph);
}

function compareParagraphs(old: Paragraph, now: Paragraph): BlockChange {
  const looksChanged = old.look !== now.look;
  const { heading } = now;
  if (old.text === now.text)
    return { kind: 'paragraph', change: 'same', spans: spansOf(now.text, 'same'), heading, looksChanged };
  return {
    kind: 'paragraph',
    change: 'changed',
    spans: compareWords(old.text, now.text),
    heading,
    looksChanged,
  };
}

function spansOf(text: string, change: 'same' | 'inserted' | 'deleted') {
  return text === '' ? [] : [{ change, text }];
}

function wholeOf(block: Block, change: 'inserted' | 'deleted'): BlockChange {
  if (block.kind === 'table')
    return { kind: 'table', change, rows: block.rows.map((row) => wholeRow(row, change)) };
  const { heading } = block;
  return { kind: 'paragraph', change, spans: spansOf(block.text, change), heading, looksChanged: false };
}

function wholeRow({ cells }: Row, change: 'inserted' | 'deleted'): RowChange {
  return { change, cells: cells.map((blocks) => wholeCell(blocks, change)) };
}

function wholeCell(blocks: readonly Block[], change: 'inserted' | 'deleted'): CellChange {
  return { change, blocks: blocks.map((block) => wholeOf(block, change)) };
}

function compareTables(old: Table, now: Table): BlockChange {
  const rows: RowChange[] = [];
  const key = ({ text }: Row) => text;
  for (const stretch of align(old.rows.map(key), now.rows.map(key))) {
    const [was, is] =
      stretch.kind === 'same'
        ? [
            old.rows.slice(stretch.before, stretch.before + stretch.length),
            now.rows.slice(stretch.after, stretch.after + stretch.length),
          ]
        : [
            old.rows.slice(stretch.before, stretch.before + stretch.beforeLength),
            now.rows.slice(stretch.after, stretch.after + stretch.afterLength),
          ];
    // As many rows as before are the same rows: a price list may change in every cell.
    const isLike = (a: Row, b: Row) =>
      was.length === is.length ? was.indexOf(a) === is.indexOf(b) : likeness(a.text, b.text) >= LIKE;
    for (const pair of pairUp(was, is, isLike)) {
      if (pair.old && pair.now) rows.push(compareRows(pair.old, pair.now));
      else if (pair.old) rows.push(wholeRow(pair.old, 'deleted'));
      else if (pair.now) rows.push(wholeRow(pair.now, 'inserted'));
    }
  }
  return { kind: 'table', change: sum(rows.map(({ change }) => change)), rows };
}

/** Cells by their order when there are as many as before, else by what stands in them. */
function compareRows(old: Row, now: Row): RowChange {
  const isLike = (a: readonly Block[], b: readonly Block[]) =>
    old.cells.length === now.cells.length
      ? old.cells.indexOf(a) === now.cells.indexOf(b)
      : textOf(a) === textOf(b) || likeness(textOf(a), textOf(b)) >= LIKE;
  const cells = pairUp(old.cells, now.cells, isLike).map((pair): CellChange => {
    if (pair.old && pair.now) {
      const blocks = compareBlocks(pair.old, pair.now, true);
      return { change: blocks.every(isSame) ? 'same' : 'changed', blocks };
    }
    return pair.old ? wholeCell(pair.old, 'deleted') : wholeCell(pair.now ?? [], 'inserted');
  });
  return { change: sum(cells.map(({ change }) => change)), cells };
}

function sum(changes: readonly Change[]): Change {
  return changes.every((change) => change === 'same') ? 'same' : 'changed';
}
