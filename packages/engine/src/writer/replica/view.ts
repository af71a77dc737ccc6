import {
  findNode,
  type OoxmlElement,
  type OoxmlNode,
  type OoxmlPackage,
  type OoxmlPart,
  paragraphTextOf,
} from '@docx-editor.dev/core/store';
import { type Identity, partOf, stepKeyOf } from './identity.js';
import type { Anchor, CharacterRange, LogicalId } from './operation.js';
import {
  anchorOf,
  type Gap,
  gapAfter,
  gapAt,
  implicitPieces,
  intervalsOf,
  type Overlay,
  originalOf,
  type Piece,
  rangesBetween,
} from './overlay.js';

/** A paragraph found in the current tree. */
export interface Found {
  readonly logical: LogicalId;
  readonly node: string;
  readonly part: OoxmlPart;
}

/** Live characters of one paragraph, as offsets. */
export interface Interval {
  readonly paragraph: Found;
  readonly start: number;
  readonly end: number;
}

/** Forwarding follows refused creations inside refused creations; deeper than this is a cycle. */
const FORWARD_LIMIT = 64;

/** Reads addresses against one state of a document: a package, an overlay and the names of its nodes. */
export class View {
  constructor(
    readonly pkg: OoxmlPackage,
    readonly overlay: Overlay,
    readonly identity: Identity,
  ) {}

  node(logical: LogicalId): OoxmlNode | null {
    const part = this.pkg.parts.get(partOf(logical));
    return part ? findNode(part, this.identity.nodeOf(logical)) : null;
  }

  paragraph(logical: LogicalId): Found | null {
    const part = this.pkg.parts.get(partOf(logical));
    if (!part) return null;
    const node = this.identity.nodeOf(logical);
    return findNode(part, node)?.kind === 'paragraph' ? { logical, node, part } : null;
  }

  paragraphByNode(node: string): Found | null {
    return this.paragraph(this.identity.logicalOf(node));
  }

  text(paragraph: Found): string {
    return modelText(paragraph.part, paragraph.node);
  }

  /** Pieces of a paragraph that is there, the implicit one written out. */
  pieces(paragraph: Found): readonly Piece[] {
    return (
      this.overlay.pieces(paragraph.logical) ?? implicitPieces(paragraph.logical, this.text(paragraph).length)
    );
  }

  anchorAt(paragraph: Found, offset: number): Anchor {
    const pieces = this.pieces(paragraph);
    return anchorOf(pieces, gapAt(paragraph.logical, pieces, offset));
  }

  rangesOf(paragraph: Found, start: number, end: number): readonly CharacterRange[] {
    return rangesBetween(this.pieces(paragraph), start, end);
  }

  /** Where an anchor stands now. Null only for an address that never was, or whose whole story is gone. */
  gap(
    anchor: Anchor,
  ): { readonly paragraph: Found; readonly gap: Gap; readonly pieces: readonly Piece[] } | null {
    let current = anchor;
    for (let hop = 0; hop < FORWARD_LIMIT; hop++) {
      const found = this.direct(current);
      if (found) return found;
      const key = stepKeyOf(current[0]);
      const next = key ? this.overlay.forwardOf(key) : undefined;
      if (!next) return null;
      current = next;
    }
    return null;
  }

  private direct(anchor: Anchor) {
    const [run] = anchor;
    if (run.startsWith('^')) {
      const paragraph = this.paragraph(run.slice(1));
      if (paragraph) {
        const pieces = this.pieces(paragraph);
        return { paragraph, pieces, gap: gapAt(paragraph.logical, pieces, 0) };
      }
    }
    const found: { paragraph: Found; pieces: readonly Piece[]; gap: Gap }[] = [];
    for (const holder of this.holders(run)) {
      const paragraph = this.paragraph(holder);
      if (!paragraph) continue;
      const pieces = this.pieces(paragraph);
      const gap = gapAfter(holder, pieces, anchor);
      if (gap) found.push({ paragraph, pieces, gap });
    }
    // What went, came back and went again can have left its mark twice; the character itself before its grave.
    const [first] = found;
    if (!first || found.length === 1) return first ?? null;
    const living = found.filter(({ pieces, gap }) => pieces[gap.index]?.dead === false);
    return (
      (living.length > 0 ? living : found).sort((a, b) => comparePlaces(a.paragraph, b.paragraph))[0] ?? null
    );
  }

  private holders(run: string): readonly LogicalId[] {
    const held = this.overlay.holdersOf(run);
    if (!run.startsWith('@')) return held;
    const own = run.slice(1);
    return originalOf(own) === run && !held.includes(own) ? [own, ...held] : held;
  }

  /** Paragraphs that may hold any of these characters. */
  holdersOfAll(ranges: readonly CharacterRange[]): ReadonlySet<LogicalId> {
    return new Set(ranges.flatMap(([run]) => this.holders(run)));
  }

  /**
   * The live characters of these ranges, by paragraph, in the order of the document: who holds a run is remembered in an
   * order that a snapshot does not keep.
   */
  intervals(ranges: readonly CharacterRange[]): readonly Interval[] {
    const wanted = new Map<string, (readonly [number, number])[]>();
    const paragraphs = new Set<LogicalId>();
    for (const [run, from, to] of ranges) {
      const list = wanted.get(run);
      if (list) list.push([from, to]);
      else {
        wanted.set(run, [[from, to]]);
        for (const holder of this.holders(run)) paragraphs.add(holder);
      }
    }
    const found: Interval[][] = [];
    for (const logical of paragraphs) {
      const paragraph = this.paragraph(logical);
      if (!paragraph) continue;
      const spans = intervalsOf(this.pieces(paragraph), wanted);
      if (spans.length > 0) found.push(spans.map(([start, end]) => ({ paragraph, start, end })));
    }
    if (found.length > 1)
      found.sort(([a], [b]) => comparePlaces((a as Interval).paragraph, (b as Interval).paragraph));
    return found.flat();
  }
}

/** The order of the document, parts by their names: the same on every replica. */
function comparePlaces(a: Found, b: Found): number {
  if (a.part.name !== b.part.name) return a.part.name < b.part.name ? -1 : 1;
  const order = paragraphOrder(a.part);
  return order.indexOf(a.node) - order.indexOf(b.node);
}

/** Text as offsets count it: every field, note and drawing is one unit. Empty for what is no paragraph. */
export function modelText(part: OoxmlPart, node: string): string {
  return paragraphTextOf(part, node, { fieldResults: 'atomic' }) ?? '';
}

/**
 * Text of a paragraph in a tree that the core has gone on from. It moves its index of nodes from tree to tree, and
 * asking the old tree by id would build a whole index again: with 300 pages, longer than everything else a key does.
 */
export function textOfParagraph(part: OoxmlPart, paragraph: OoxmlElement): string {
  return modelText({ ...part, root: paragraph } as OoxmlPart, paragraph.id);
}

/** Kinds nothing worth walking stands under; most of a document's nodes. */
const HOLDS_NO_PARAGRAPH: ReadonlySet<string> = new Set([
  'text',
  'runProperties',
  'paragraphProperties',
  'tab',
]);

/** Ids of all paragraphs in document order, by the tree and by the blocks of it: most blocks outlive an edit. */
const orders = new WeakMap<OoxmlElement, readonly string[]>();

export function paragraphOrder(part: OoxmlPart): readonly string[] {
  return ordered(part.root);
}

function ordered(block: OoxmlElement): readonly string[] {
  const known = orders.get(block);
  if (known) return known;
  const ids: string[] = [];
  const walk = (node: OoxmlElement): void => {
    for (const child of node.children as readonly OoxmlNode[]) {
      if (child.kind === 'textValue' || HOLDS_NO_PARAGRAPH.has(child.kind)) continue;
      if (child.kind !== 'paragraph' && child.kind !== 'table') walk(child);
      else for (const id of ordered(child)) ids.push(id);
    }
  };
  if (block.kind === 'paragraph') ids.push(block.id);
  walk(block);
  orders.set(block, ids);
  return ids;
}
