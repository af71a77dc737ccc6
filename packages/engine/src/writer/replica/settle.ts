import type { OoxmlElement, OoxmlPackage, OoxmlPart } from '@docx-editor.dev/core/store';
import { segmentsOf, withPart } from '@docx-editor.dev/core/store';
import { regained } from './alignment.js';
import { type Identity, nameAdded, renameAdded } from './identity.js';
import { takeAlong } from './moved-text.js';
import { neighbour } from './neighbour.js';
import { leaveNote, placeOfLostNote, referencesLeft } from './note-places.js';
import type { CharacterRange, LogicalId } from './operation.js';
import { buried, cutAt, implicitPieces, liveLength, type Overlay, type Piece } from './overlay.js';
import type { SettledPart, TextIntent } from './settled-part.js';
import { compareTrees } from './tree-change.js';
import { modelText, paragraphOrder, textOfParagraph } from './view.js';

/** Marks runs that a comparison made, not an insertion. */
export const REALIGNED = '~';

const NONE_KEPT: ReadonlySet<string> = new Set();
const NO_NAMES: ReadonlyMap<string, string> = new Map();

export interface Settlement {
  readonly pkg: OoxmlPackage;
  readonly parts: readonly SettledPart[];
  /** Live characters that died without the operation naming them. */
  readonly killed: readonly CharacterRange[];
}

/**
 * After one operation of the core: finds what changed, gives every new node its name, and brings the overlay in
 * line with the text. `intent` moves the addresses exactly; whatever it does not explain is aligned by comparison.
 */
export function settle(
  before: OoxmlPackage,
  after: OoxmlPackage,
  key: string,
  counts: Map<string, number>,
  overlay: Overlay,
  identity: Identity,
  intent?: TextIntent,
  kept: ReadonlySet<string> = NONE_KEPT,
): Settlement {
  if (before === after) return { pkg: after, parts: [], killed: [] };
  let pkg = after;
  const parts: SettledPart[] = [];
  for (const [name, part] of after.parts) {
    const old = before.parts.get(name);
    if (old === part || old?.root === part.root) continue;
    const change = old ? compareTrees(old.root, part.root) : compareTrees(emptied(part.root), part.root);
    let current = part;
    let addedParagraphs: LogicalId[] = [];
    let names: ReadonlyMap<string, string> = NO_NAMES;
    if (change.added.length > 0) {
      names = nameAdded(name, key, change.added, counts, identity, kept);
      addedParagraphs = change.addedParagraphs.map((node) =>
        identity.logicalOf(names.get(node.id) ?? node.id),
      );
      current = renameAdded(part, old, change, names, identity);
      pkg = withPart(pkg, current);
    }
    parts.push({ before: old, after: current, change, addedParagraphs, names });
  }
  const old = new Map<LogicalId, readonly Piece[] | null | undefined>();
  const known = (logical: LogicalId) => {
    if (!old.has(logical)) old.set(logical, overlay.pieces(logical));
  };
  for (const { change } of parts)
    for (const [node] of change.changedParagraphs) known(identity.logicalOf(node.id));
  const isMain = ({ after: { name } }: SettledPart) => name === after.mainDocumentPart;
  const left = parts
    .filter(isMain)
    .flatMap((part) => referencesLeft(part, (paragraph) => piecesBefore(part, paragraph, overlay, identity)));
  for (const note of left) leaveNote(overlay, note);
  intent?.(parts);
  for (const { after: part, addedParagraphs } of parts)
    for (const logical of addedParagraphs) refresh(part, logical, key, counts, overlay, identity);
  const killed: CharacterRange[] = [];
  // Notes last: what is left of them stands where their references stood.
  for (const part of [...parts.filter(isMain), ...parts.filter((each) => !isMain(each))])
    align(part, old, overlay, identity, key, counts, killed);
  for (const [name, part] of before.parts)
    if (!after.parts.has(name))
      for (const node of paragraphOrder(part)) {
        const logical = identity.logicalOf(node);
        const pieces = overlay.pieces(logical) ?? implicitPieces(logical, modelText(part, node).length);
        killed.push(...liveOf(pieces));
      }
  return { pkg, parts, killed };
}

function piecesBefore(
  { before }: SettledPart,
  paragraph: OoxmlElement,
  overlay: Overlay,
  identity: Identity,
): readonly Piece[] {
  const logical = identity.logicalOf(paragraph.id);
  const length = before ? textOfParagraph(before, paragraph).length : 0;
  return overlay.pieces(logical) ?? implicitPieces(logical, length);
}

function liveOf(pieces: readonly Piece[]): readonly CharacterRange[] {
  return pieces
    .filter((piece) => !piece.dead && piece.length > 0)
    .map(({ run, from, length }) => [run, from, from + length]);
}

/** A paragraph that comes back under its old name gets new addresses: the old ones stay where it was buried. */
function refresh(
  part: OoxmlPart,
  logical: LogicalId,
  key: string,
  counts: Map<string, number>,
  overlay: Overlay,
  identity: Identity,
): void {
  if (overlay.pieces(logical) !== null) return;
  const ordinal = counts.get(REALIGNED) ?? 0;
  counts.set(REALIGNED, ordinal + 1);
  const length = modelText(part, identity.nodeOf(logical)).length;
  overlay.write(
    logical,
    length === 0 ? [] : [{ run: `${key}.${REALIGNED}${ordinal}`, from: 0, length, dead: false }],
  );
}

function emptied(root: OoxmlElement): OoxmlElement {
  return { ...root, children: [] } as unknown as OoxmlElement;
}

function align(
  part: SettledPart,
  known: ReadonlyMap<LogicalId, readonly Piece[] | null | undefined>,
  overlay: Overlay,
  identity: Identity,
  key: string,
  counts: Map<string, number>,
  killed: CharacterRange[],
): void {
  const { before, after, change } = part;
  const newRun = () => {
    const ordinal = counts.get(REALIGNED) ?? 0;
    counts.set(REALIGNED, ordinal + 1);
    return `${key}.${REALIGNED}${ordinal}`;
  };
  const moved = takeAlong(part, known, overlay, identity, newRun);
  if (moved) killed.push(...casualties(moved.before, moved.after));
  for (const [old, now] of change.changedParagraphs) {
    if (!before) break;
    const logical = identity.logicalOf(now.id);
    const text = modelText(after, now.id);
    const entry = overlay.pieces(logical);
    const earlier = known.get(logical);
    const untouched = entry === earlier;
    if (entry && !untouched && liveLength(entry) === text.length) continue;
    const oldText = textOfParagraph(before, old);
    if (oldText === text) {
      if (!untouched) overlay.write(logical, earlier ?? implicitPieces(logical, text.length));
      continue;
    }
    const pieces = earlier ?? implicitPieces(logical, oldText.length);
    const aligned = realign(pieces, old, oldText, now, text, newRun());
    killed.push(...casualties(pieces, aligned));
    overlay.write(logical, aligned);
  }
  if (!before || change.removedParagraphs.length === 0) return;
  const order = paragraphOrder(before);
  const present = new Set(paragraphOrder(after));
  for (const node of change.removedParagraphs) {
    const logical = identity.logicalOf(node.id);
    const entry = overlay.pieces(logical);
    if (entry === null) continue;
    const length = entry ? 0 : textOfParagraph(before, node).length;
    const pieces = entry ?? implicitPieces(logical, length);
    killed.push(...liveOf(pieces));
    bury(part, logical, pieces, node.id, order, present, overlay, identity);
  }
}

/** Characters alive before and not after. */
function casualties(before: readonly Piece[], after: readonly Piece[]): readonly CharacterRange[] {
  const alive = new Map<string, Set<number>>();
  for (const piece of after) {
    if (piece.dead) continue;
    const set = alive.get(piece.run) ?? new Set();
    for (let i = 0; i < piece.length; i++) set.add(piece.from + i);
    alive.set(piece.run, set);
  }
  const lost: CharacterRange[] = [];
  for (const { run, from, length, dead } of before) {
    if (dead) continue;
    for (let k = from; k < from + length; k++) {
      if (alive.get(run)?.has(k)) continue;
      const last = lost.at(-1);
      if (last && last[0] === run && last[2] === k) lost[lost.length - 1] = [run, last[1], k + 1];
      else lost.push([run, k, k + 1]);
    }
  }
  return lost;
}

/** The pieces of a removed paragraph become dead pieces of the nearest one: at its end when it stands before, else in front. */
function bury(
  part: SettledPart,
  logical: LogicalId,
  pieces: readonly Piece[],
  node: string,
  order: readonly string[],
  present: ReadonlySet<string>,
  overlay: Overlay,
  identity: Identity,
): void {
  const { after, change, addedParagraphs } = part;
  const beside = placeOfLostNote(overlay, part, node);
  if (beside) {
    const grave = buried(logical, pieces);
    const [head, tail] = cutAt(beside.pieces, beside.gap);
    overlay.drop(logical);
    overlay.write(beside.gap.paragraph, [...head, ...grave, ...tail], grave);
    return;
  }
  const container = change.removedFrom.get(node);
  const instead = addedParagraphs.map((each) => identity.nodeOf(each));
  const host =
    neighbour(after, order, order.indexOf(node), container, present, instead) ?? paragraphOrder(after)[0];
  const dead = buried(logical, pieces);
  overlay.drop(logical);
  if (!host) return;
  const home = identity.logicalOf(host);
  const standing = overlay.pieces(home) ?? implicitPieces(home, modelText(after, host).length);
  const front = !order.includes(host) || order.indexOf(host) > order.indexOf(node);
  overlay.write(home, front ? [...dead, ...standing] : [...standing, ...dead], dead);
}

/**
 * Aligns addresses with a text that changed in a way no intent explained (accept, a field refreshed, a value
 * written). Characters keep their address where the text node that holds them survived; what is left over dies,
 * what is new becomes a run of its own.
 */
function realign(
  pieces: readonly Piece[],
  old: OoxmlElement,
  oldText: string,
  now: OoxmlElement,
  text: string,
  run: string,
): readonly Piece[] {
  const target = new Int32Array(text.length).fill(-1);
  const taken = new Uint8Array(oldText.length);
  const match = (a: number, aEnd: number, b: number, bEnd: number): [number, number, number, number] => {
    while (a < aEnd && b < bEnd && oldText[a] === text[b] && !taken[a] && target[b] === -1) {
      taken[a] = 1;
      target[b++] = a++;
    }
    while (
      aEnd > a &&
      bEnd > b &&
      oldText[aEnd - 1] === text[bEnd - 1] &&
      !taken[aEnd - 1] &&
      target[bEnd - 1] === -1
    ) {
      taken[--aEnd] = 1;
      target[--bEnd] = aEnd;
    }
    return [a, aEnd, b, bEnd];
  };
  const [a, aEnd, b, bEnd] = match(0, oldText.length, 0, text.length);
  const within = a < aEnd ? text.slice(b, bEnd).indexOf(oldText.slice(a, aEnd)) : -1;
  // Something came on both sides of it.
  if (within >= 0) match(a, aEnd, b + within, b + within + aEnd - a);
  else if (a < aEnd && b < bEnd) {
    const spans = new Map<string, readonly [number, number]>();
    for (const each of segmentsOf(old as Parameters<typeof segmentsOf>[0]))
      spans.set(each.node.id, [each.start, each.end]);
    for (const each of segmentsOf(now as Parameters<typeof segmentsOf>[0])) {
      const span = spans.get(each.node.id);
      if (!span) continue;
      match(Math.max(span[0], a), Math.min(span[1], aEnd), Math.max(each.start, b), Math.min(each.end, bEnd));
    }
  }
  let fresh = 0;
  return regained(pieces, target, oldText.length, () => [run, fresh++]);
}
