import type { BlockChange } from '@officina/engine/writer';

/** A stretch of the view: blocks that are shown, or unchanged ones that are folded away. */
export interface Stretch {
  readonly isFolded: boolean;
  /** Place of the first block among all. */
  readonly from: number;
  readonly blocks: readonly BlockChange[];
}

/** Unchanged blocks around a change that stay in sight. */
const CONTEXT = 2;
/** A fold that hides less than this is more to read than what it hides. */
const FOLD_LEAST = 4;

export function isUnchanged(block: BlockChange): boolean {
  return block.change === 'same' && (block.kind === 'table' || !block.looksChanged);
}

/** Puts long unchanged stretches away, but for the lines around a change. */
export function foldUnchanged(blocks: readonly BlockChange[]): readonly Stretch[] {
  const shown = new Set<number>();
  for (const [index, block] of blocks.entries()) {
    if (isUnchanged(block)) continue;
    for (let near = index - CONTEXT; near <= index + CONTEXT; near += 1) shown.add(near);
  }
  const stretches: { isFolded: boolean; from: number; blocks: BlockChange[] }[] = [];
  for (const [index, block] of blocks.entries()) {
    const isFolded = !shown.has(index);
    const last = stretches.at(-1);
    if (last?.isFolded === isFolded) last.blocks.push(block);
    else stretches.push({ isFolded, from: index, blocks: [block] });
  }
  return stretches.map((stretch) =>
    stretch.blocks.length < FOLD_LEAST ? { ...stretch, isFolded: false } : stretch,
  );
}
