import type { Anchor, CharacterRange, LogicalId } from './operation.js';

/**
 * A stretch of one run inside a paragraph, in reading order. Dead pieces are deleted characters that stay as
 * addresses; a piece of length 0 with run `^paragraph` marks where a paragraph began that is gone now.
 */
export interface Piece {
  readonly run: string;
  readonly from: number;
  readonly length: number;
  readonly dead: boolean;
  /** How many deletions a dead piece has suffered beyond the first: an undo takes back only one of them. */
  readonly again?: number;
}

/** A gap in a paragraph's piece list: after `inside` characters of piece `index`, or before all when index is -1. */
export interface Gap {
  readonly paragraph: LogicalId;
  readonly index: number;
  readonly inside: number;
  /** Live characters left of the gap. */
  readonly offset: number;
}

export const startOf = (paragraph: LogicalId): string => `^${paragraph}`;
export const originalOf = (paragraph: LogicalId): string => `@${paragraph}`;

/**
 * The addresses of characters, beside the tree and never in the file. A paragraph without an entry has one
 * implicit piece, so text nobody edited costs nothing. Layers are copy-on-write: a fork reads through to what
 * it stands on until it is merged or dropped.
 */
export class Overlay {
  private readonly entries = new Map<LogicalId, readonly Piece[] | null>();
  private readonly holders = new Map<string, readonly LogicalId[]>();
  private readonly forwards = new Map<string, Anchor>();
  private readonly lists = new Map<string, string>();
  private readonly locks = new Map<string, number>();
  private readonly refusals = new Map<string, number>();

  constructor(private readonly below: Overlay | null = null) {}

  fork(): Overlay {
    return new Overlay(this);
  }

  /** A bottom layer of its own that says the same. */
  copy(): Overlay {
    if (this.below) throw new Error('Only a bottom layer can be copied.');
    const copy = new Overlay();
    for (const [key, value] of this.entries) copy.entries.set(key, value);
    for (const [key, value] of this.holders) copy.holders.set(key, value);
    for (const [key, value] of this.forwards) copy.forwards.set(key, value);
    for (const [key, value] of this.lists) copy.lists.set(key, value);
    for (const [key, value] of this.locks) copy.locks.set(key, value);
    for (const [key, value] of this.refusals) copy.refusals.set(key, value);
    return copy;
  }

  /** Writes this layer into the one it stands on. */
  merge(): void {
    const target = this.below;
    if (!target) throw new Error('The bottom layer of an overlay has nothing to merge into.');
    for (const [key, value] of this.entries) target.entries.set(key, value);
    for (const [key, value] of this.holders) target.holders.set(key, value);
    for (const [key, value] of this.forwards) target.forwards.set(key, value);
    for (const [key, value] of this.lists) target.lists.set(key, value);
    for (const [key, value] of this.locks) target.locks.set(key, value);
    for (const [key, value] of this.refusals) target.refusals.set(key, value);
  }

  /** Pieces of a touched paragraph; undefined when untouched, null when the paragraph is gone. */
  pieces(paragraph: LogicalId): readonly Piece[] | null | undefined {
    for (let layer: Overlay | null = this; layer; layer = layer.below) {
      const found = layer.entries.get(paragraph);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** `arrived` lists the pieces whose run may be new to this paragraph; all of them when left out. */
  write(paragraph: LogicalId, pieces: readonly Piece[], arrived: readonly Piece[] = pieces): void {
    this.entries.set(paragraph, pieces);
    for (const piece of arrived) this.hold(piece.run, paragraph);
  }

  drop(paragraph: LogicalId): void {
    this.entries.set(paragraph, null);
  }

  /** Whether fewer deletions are counted here than in what this layer stands on. */
  get takesDeletionsBack(): boolean {
    let sum = 0;
    for (const [paragraph, pieces] of this.entries)
      sum += deletionsOf(pieces) - deletionsOf(this.below?.pieces(paragraph));
    return sum < 0;
  }

  /** Paragraphs that hold or once held characters of a run. */
  holdersOf(run: string): readonly LogicalId[] {
    for (let layer: Overlay | null = this; layer; layer = layer.below) {
      const found = layer.holders.get(run);
      if (found) return found;
    }
    return [];
  }

  private hold(run: string, paragraph: LogicalId): void {
    const known = this.holdersOf(run);
    if (known.includes(paragraph)) return;
    const kept =
      known.length < 8 ? known : known.filter((each) => this.pieces(each)?.some((p) => p.run === run));
    this.holders.set(run, [...kept, paragraph]);
  }

  /** Text typed into what step `key` (`client.n.step`) would have made goes to `anchor`. */
  forward(key: string, anchor: Anchor): void {
    this.forwards.set(key, anchor);
  }

  forwardOf(key: string): Anchor | undefined {
    for (let layer: Overlay | null = this; layer; layer = layer.below) {
      const found = layer.forwards.get(key);
      if (found) return found;
    }
    return undefined;
  }

  /** The `w:numId` that step `key` got for its list: numbers differ until the order is known. */
  nameList(key: string, numId: string): void {
    this.lists.set(key, numId);
  }

  listOf(key: string): string | undefined {
    return this.lists.get(key) ?? this.below?.listOf(key);
  }

  listKeyOf(numId: string): string | undefined {
    for (const [key, value] of this.lists) if (value === numId) return key;
    return this.below?.listKeyOf(numId);
  }

  /** Something was locked, or may have been, by the entry with this number. */
  lock(key: string, sequence: number): void {
    this.locks.set(key, sequence);
  }

  /** What was locked after an entry. */
  lockedAfter(sequence: number): readonly string[] {
    const below = this.below?.lockedAfter(sequence) ?? [];
    const own = [...this.locks].filter(([, at]) => at > sequence).map(([key]) => key);
    return [...new Set([...below, ...own])];
  }

  /** Something of this client did not happen in the entry with this number. */
  refuse(client: string, sequence: number): void {
    this.refusals.set(client, sequence);
  }

  /** The newest entry in which something of this client did not happen; 0 for none. */
  refusalOf(client: string): number {
    return this.refusals.get(client) ?? this.below?.refusalOf(client) ?? 0;
  }

  /** For a snapshot: every entry of a bottom layer. */
  toJson(): OverlayJson {
    if (this.below) throw new Error('Only a bottom layer can be written to a snapshot.');
    return {
      entries: [...this.entries].map(([paragraph, pieces]) => [
        paragraph,
        pieces?.map((p) => [p.run, p.from, p.length, p.dead ? 1 + (p.again ?? 0) : 0] as const) ?? null,
      ]),
      forwards: [...this.forwards],
      lists: [...this.lists],
      locks: [...this.locks],
      refusals: [...this.refusals],
    };
  }

  static fromJson(json: OverlayJson): Overlay {
    const overlay = new Overlay();
    for (const [paragraph, pieces] of json.entries) {
      if (pieces) {
        overlay.write(
          paragraph,
          pieces.map(([run, from, length, dead]) => ({
            run,
            from,
            length,
            dead: dead > 0,
            ...(dead > 1 ? { again: dead - 1 } : {}),
          })),
        );
      } else overlay.drop(paragraph);
    }
    for (const [key, anchor] of json.forwards) overlay.forward(key, anchor);
    for (const [key, numId] of json.lists) overlay.nameList(key, numId);
    for (const [key, sequence] of json.locks ?? []) overlay.lock(key, sequence);
    for (const [client, sequence] of json.refusals ?? []) overlay.refuse(client, sequence);
    return overlay;
  }
}

export interface OverlayJson {
  readonly entries: readonly (readonly [
    LogicalId,
    readonly (readonly [run: string, from: number, length: number, dead: number])[] | null,
  ])[];
  readonly forwards: readonly (readonly [string, Anchor])[];
  readonly lists: readonly (readonly [string, string])[];
  /** Missing in snapshots of before locks were remembered. */
  readonly locks?: readonly (readonly [string, number])[];
  /** Missing in snapshots of before refusals were remembered. */
  readonly refusals?: readonly (readonly [string, number])[];
}

export function implicitPieces(paragraph: LogicalId, length: number): readonly Piece[] {
  return length === 0 ? [] : [{ run: originalOf(paragraph), from: 0, length, dead: false }];
}

function deletionsOf(pieces: readonly Piece[] | null | undefined): number {
  let sum = 0;
  for (const { dead, length, again } of pieces ?? []) if (dead) sum += length * (1 + (again ?? 0));
  return sum;
}

export function liveLength(pieces: readonly Piece[]): number {
  let sum = 0;
  for (const piece of pieces) if (!piece.dead) sum += piece.length;
  return sum;
}

/** The gap directly right of character `index` of `run`, or null when these pieces do not hold it. */
export function gapAfter(paragraph: LogicalId, pieces: readonly Piece[], [run, index]: Anchor): Gap | null {
  let offset = 0;
  for (let i = 0; i < pieces.length; i++) {
    const piece = pieces[i] as Piece;
    if (piece.run === run) {
      if (piece.length === 0) return { paragraph, index: i, inside: 0, offset };
      if (index >= piece.from && index < piece.from + piece.length) {
        const inside = index - piece.from + 1;
        return { paragraph, index: i, inside, offset: piece.dead ? offset : offset + inside };
      }
    }
    if (!piece.dead) offset += piece.length;
  }
  return null;
}

/** The gap at a live offset, directly right of the character left of it. */
export function gapAt(paragraph: LogicalId, pieces: readonly Piece[], offset: number): Gap {
  if (offset === 0) return { paragraph, index: -1, inside: 0, offset: 0 };
  let left = offset;
  for (let i = 0; i < pieces.length; i++) {
    const piece = pieces[i] as Piece;
    if (piece.dead) continue;
    if (left <= piece.length) return { paragraph, index: i, inside: left, offset };
    left -= piece.length;
  }
  throw new RangeError(`Offset ${offset} lies behind the ${offset - left} characters of ${paragraph}.`);
}

export function anchorOf(pieces: readonly Piece[], gap: Gap): Anchor {
  const piece = pieces[gap.index];
  if (!piece) return [startOf(gap.paragraph), 0];
  return [piece.run, piece.length === 0 ? 0 : piece.from + gap.inside - 1];
}

/** Cuts the list at a gap. */
export function cutAt(pieces: readonly Piece[], gap: Gap): [readonly Piece[], readonly Piece[]] {
  const piece = pieces[gap.index];
  if (!piece) return [[], pieces];
  const head = pieces.slice(0, gap.index);
  const tail = pieces.slice(gap.index + 1);
  if (gap.inside >= piece.length) return [[...head, piece], tail];
  const rest = piece.length - gap.inside;
  return [
    gap.inside > 0 ? [...head, { ...piece, length: gap.inside }] : head,
    [{ ...piece, from: piece.from + gap.inside, length: rest }, ...tail],
  ];
}

export function insertAt(pieces: readonly Piece[], gap: Gap, piece: Piece): readonly Piece[] {
  const [head, tail] = cutAt(pieces, gap);
  return [...head, piece, ...tail];
}

/** The list with one piece exchanged. */
export function splice(pieces: readonly Piece[], index: number, instead: readonly Piece[]): readonly Piece[] {
  return [...pieces.slice(0, index), ...instead, ...pieces.slice(index + 1)];
}

/** The live characters between two offsets, as addresses. */
export function rangesBetween(
  pieces: readonly Piece[],
  start: number,
  end: number,
): readonly CharacterRange[] {
  const ranges: CharacterRange[] = [];
  let offset = 0;
  for (const piece of pieces) {
    if (piece.dead) continue;
    const from = Math.max(start - offset, 0);
    const to = Math.min(end - offset, piece.length);
    if (from < to) ranges.push([piece.run, piece.from + from, piece.from + to]);
    offset += piece.length;
    if (offset >= end) break;
  }
  return ranges;
}

/** Whether all characters of a range are among the known ones. */
export function coveredBy([run, from, to]: CharacterRange, known: readonly CharacterRange[]): boolean {
  let covered = from;
  for (const [, start, end] of known.filter((each) => each[0] === run).sort((a, b) => a[1] - b[1]))
    if (start <= covered && end > covered) covered = end;
  return covered >= to;
}

/** Marks the live characters between two offsets as dead. */
export function killBetween(pieces: readonly Piece[], start: number, end: number): readonly Piece[] {
  const result: Piece[] = [];
  let offset = 0;
  for (const piece of pieces) {
    const from = piece.dead ? 0 : Math.max(start - offset, 0);
    const to = piece.dead ? 0 : Math.min(end - offset, piece.length);
    if (from >= to) result.push(piece);
    else {
      if (from > 0) result.push({ ...piece, length: from });
      result.push({ ...piece, from: piece.from + from, length: to - from, dead: true });
      if (to < piece.length) result.push({ ...piece, from: piece.from + to, length: piece.length - to });
    }
    if (!piece.dead) offset += piece.length;
  }
  return result;
}

/** Counts one more deletion on what is dead already of these characters; null when nothing is. */
export function killAgain(
  pieces: readonly Piece[],
  ranges: readonly CharacterRange[],
): readonly Piece[] | null {
  let any = false;
  const result = pieces.flatMap((piece): readonly Piece[] => {
    if (!piece.dead || piece.length === 0) return [piece];
    const cuts = new Set([piece.from, piece.from + piece.length]);
    const hit = ranges.filter(
      ([run, from, to]) => run === piece.run && from < piece.from + piece.length && to > piece.from,
    );
    if (hit.length === 0) return [piece];
    any = true;
    for (const [, from, to] of hit)
      for (const at of [from, to]) if (at > piece.from && at < piece.from + piece.length) cuts.add(at);
    const edges = [...cuts].sort((a, b) => a - b);
    return edges.slice(1).map((end, i) => {
      const from = edges[i] as number;
      const struck = hit.some(([, low, high]) => low <= from && high >= end);
      const part = { ...piece, from, length: end - from };
      return struck ? { ...part, again: (piece.again ?? 0) + 1 } : part;
    });
  });
  return any ? result : null;
}

/** Everything dead, with the mark of where the paragraph began: what a removed paragraph leaves behind. */
export function buried(paragraph: LogicalId, pieces: readonly Piece[]): readonly Piece[] {
  return [
    { run: startOf(paragraph), from: 0, length: 0, dead: true },
    ...pieces.map((piece) => (piece.dead ? piece : { ...piece, dead: true })),
  ];
}

/** Which live offsets of a paragraph these characters occupy, as ascending intervals. */
export function intervalsOf(
  pieces: readonly Piece[],
  wanted: ReadonlyMap<string, readonly (readonly [number, number])[]>,
): [start: number, end: number][] {
  const found: [number, number][] = [];
  let offset = 0;
  for (const piece of pieces) {
    if (piece.dead) continue;
    for (const [from, to] of wanted.get(piece.run) ?? []) {
      const start = Math.max(from, piece.from);
      const end = Math.min(to, piece.from + piece.length);
      if (start >= end) continue;
      const at = offset + start - piece.from;
      const last = found.at(-1);
      if (last && last[1] === at) last[1] = at + end - start;
      else found.push([at, at + end - start]);
    }
    offset += piece.length;
  }
  return found.sort((a, b) => a[0] - b[0]);
}
