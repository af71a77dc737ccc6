import type { OoxmlPackage } from '@docx-editor.dev/core/store';
import { Styles } from '../html-look.js';
import { type StoryKind, storyParts } from '../package.js';
import { type Block, blocksOf, plainParagraph } from './blocks.js';
import { compareBlocks, isSame } from './compare-blocks.js';
import type { BlockChange, Change, Comparison, StoryChange } from './comparison.js';
import { countWords } from './words.js';

/** How `before` became `after`: paragraph by paragraph and word by word, tables by row and cell, in every story. */
export function compareDocuments(before: OoxmlPackage, after: OoxmlPackage): Comparison {
  const old = storiesOf(before);
  const now = storiesOf(after);
  const names = [...now.keys(), ...[...old.keys()].filter((name) => !now.has(name))];
  const stories = names
    .map((name): StoryChange => {
      const [was, is] = [old.get(name), now.get(name)];
      const blocks = compareBlocks(was?.blocks ?? [], is?.blocks ?? []);
      const story = (is ?? was)?.story ?? 'body';
      return { story, change: changeOf(was !== undefined, is !== undefined, blocks), blocks };
    })
    .filter(({ story, change }) => story === 'body' || change !== 'same');
  return { stories, counts: countsOf(stories) };
}

interface Story {
  readonly story: StoryKind;
  readonly blocks: readonly Block[];
}

/** By part, which keeps its name while people edit; the boxes of a part stand behind it, by their order. */
function storiesOf(pkg: OoxmlPackage): ReadonlyMap<string, Story> {
  const styles = new Styles(pkg);
  const stories = new Map<string, Story>();
  for (const { name, story } of storyParts(pkg)) {
    const part = pkg.parts.get(name);
    if (!part) continue;
    const boxes: string[][] = [];
    const blocks = blocksOf(part.root, styles, boxes);
    if (blocks.length > 0) stories.set(story === 'body' ? 'body' : name, { story, blocks });
    for (const [index, lines] of boxes.entries())
      stories.set(`${name} ${index}`, { story: 'textbox', blocks: lines.map(plainParagraph) });
  }
  return stories;
}

function changeOf(was: boolean, is: boolean, blocks: readonly BlockChange[]): Change {
  if (!was) return 'inserted';
  if (!is) return 'deleted';
  return blocks.every(isSame) ? 'same' : 'changed';
}

function countsOf(stories: readonly StoryChange[]): Comparison['counts'] {
  const counts = { insertedWords: 0, deletedWords: 0, paragraphs: 0 };
  const visit = (block: BlockChange): void => {
    if (block.kind === 'table') {
      for (const { cells } of block.rows) for (const { blocks } of cells) blocks.forEach(visit);
      return;
    }
    if (!isSame(block)) counts.paragraphs += 1;
    for (const { change, text } of block.spans) {
      if (change === 'inserted') counts.insertedWords += countWords(text);
      if (change === 'deleted') counts.deletedWords += countWords(text);
    }
  };
  for (const { blocks } of stories) blocks.forEach(visit);
  return counts;
}
