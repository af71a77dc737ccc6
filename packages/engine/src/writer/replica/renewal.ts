import type { OoxmlNode } from '@docx-editor.dev/core/store';
import type { Standing } from './comeback.js';
import type { Attribution } from './frame.js';
import type { CharacterRange, JsonValue, LogEntry, Message, Outcome } from './operation.js';
import { implicitPieces, type Piece } from './overlay.js';
import type { DocumentReplica } from './replica.js';
import { flawOf } from './shapes.js';
import { isElementNode } from './tree-change.js';
import { modelText, type View } from './view.js';

/** How often a replacement that lost its lock is made anew before its author is told. */
export const RENEWALS = 3;

/** What came while a message was on its way, with what it met in the confirmed document. */
interface Heard {
  readonly entry: LogEntry;
  /** Steps that the confirmed document refused. */
  readonly refused: number;
  /** Live characters it was about. */
  readonly met: number;
}

interface Watch {
  /** How often it has been made anew. */
  readonly tries: number;
  /** The confirmed document right before the first entry that its author had not seen. */
  below: DocumentReplica | null;
  readonly heard: Heard[];
}

/**
 * Own messages on their way that hold locks. A lock is lost when somebody else's change was numbered first; what the
 * document would be had ours come before it is then found by executing both in that order, and a new replacement
 * leads there from what the document is.
 */
export class Renewals {
  private readonly watches = new Map<number, Watch>();

  constructor(private readonly client: string) {}

  watch(message: Message, tries = 0): void {
    if (!message.ops.some((op) => op.kind === 'replaceBlocks')) return;
    this.watches.set(message.id.n, { tries, below: null, heard: [] });
  }

  forget(n: number): void {
    this.watches.delete(n);
  }

  forgetAll(): void {
    this.watches.clear();
  }

  /** How often the message has been made anew; null for one that is not watched. */
  triesOf(n: number): number | null {
    return this.watches.get(n)?.tries ?? null;
  }

  /** Executes an entry, and keeps what a lost lock would need. */
  execute(confirmed: DocumentReplica, entry: LogEntry): Outcome {
    if (this.watches.size === 0) return confirmed.execute(entry);
    const own = entry.message.id.client === this.client;
    let copy: DocumentReplica | null = null;
    if (!own) {
      for (const watch of this.watches.values()) {
        if (watch.below) continue;
        copy ??= confirmed.copy();
        watch.below = copy;
      }
    }
    const met = own ? 0 : charactersMet(confirmed.view, entry.message);
    const outcome = confirmed.execute(entry);
    const heard: Heard = { entry, refused: outcome.refused.length, met };
    for (const watch of this.watches.values()) if (watch.below) watch.heard.push(heard);
    return outcome;
  }

  /**
   * The document as if `n` had come before what it had not seen; null when something else would then not happen, or
   * would no longer meet the characters it was about, and when something would that the document refused.
   */
  joined(n: number, pending: readonly Message[], echo: Attribution): DocumentReplica | null {
    const { below, heard } = this.watches.get(n) ?? {};
    if (!below || !heard) return null;
    const replica = below.branch();
    const isOwn = ({ message }: LogEntry) => message.id.client === this.client;
    // What was made before anything of this was seen comes first, in the order in which it was made.
    const unseen = ({ base }: Message) => base <= below.sequence;
    for (const { entry, refused } of heard) {
      if (!isOwn(entry) || !unseen(entry.message)) continue;
      const now = replica.apply(entry.message, entry).refused.length;
      if (now !== (entry.message.id.n === n ? 0 : refused)) return null;
    }
    for (const message of pending) if (unseen(message)) replica.apply(message, echo);
    for (const { entry, refused, met } of heard) {
      if (isOwn(entry) && unseen(entry.message)) continue;
      if (charactersMet(replica.view, entry.message) < met) return null;
      if (replica.apply(entry.message, entry).refused.length !== refused) return null;
    }
    for (const message of pending)
      if (!unseen(message) && replica.apply(message, echo).refused.length > 0) return null;
    return replica;
  }
}

/** How many of the characters that a message names live here. */
function charactersMet(view: View, { ops }: Message): number {
  if (!Array.isArray(ops)) return 0;
  let sum = 0;
  for (const op of ops) {
    if (flawOf(op) !== null || !op.ranges) continue;
    for (const { start, end } of view.intervals(op.ranges)) sum += end - start;
  }
  return sum;
}

/** Trees in the values of a replacement. */
interface Inserted {
  readonly parts: readonly { readonly segments: readonly { readonly insert: readonly OoxmlNode[] }[] }[];
}

/** The addresses of the characters in the blocks that a replacement puts in place: they keep them. */
export function standingOf(
  values: Record<string, JsonValue>,
  { view }: DocumentReplica,
): readonly Standing[] {
  const found: Standing[] = [];
  const walk = (node: OoxmlNode): void => {
    if (!isElementNode(node)) return;
    const paragraph = node.kind === 'paragraph' ? view.paragraph(node.id) : null;
    if (paragraph) {
      const length = modelText(paragraph.part, paragraph.node).length;
      const pieces = view.overlay.pieces(paragraph.logical) ?? implicitPieces(paragraph.logical, length);
      const live = pieces.filter((piece) => !piece.dead && piece.length > 0).map(rangeOf);
      const plain = live.length === pieces.length;
      found.push(plain ? [paragraph.logical, live] : [paragraph.logical, live, pieces.map(rangeOf)]);
    }
    for (const child of node.children as readonly OoxmlNode[]) walk(child);
  };
  const { parts } = values as unknown as Inserted;
  for (const { segments } of parts) for (const { insert } of segments) for (const node of insert) walk(node);
  return found;
}

const rangeOf = ({ run, from, length }: Piece): CharacterRange => [run, from, from + length];
