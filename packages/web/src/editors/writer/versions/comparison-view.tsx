import type {
  BlockChange,
  Comparison,
  ParagraphChange,
  StoryChange,
  TableChange,
} from '@officina/engine/writer';
import { useState } from 'react';
import { Button } from '../../../kit/button.js';
import { foldUnchanged, isUnchanged, type Stretch } from './fold.js';

const STORY_NAMES: Readonly<Record<StoryChange['story'], string>> = {
  body: 'Text',
  header: 'Header',
  footer: 'Footer',
  footnote: 'Footnotes',
  endnote: 'Endnotes',
  comment: 'Comments',
  textbox: 'Text box',
};

/** The later document with what came and what went, to be read. */
export function ComparisonView({ comparison }: { comparison: Comparison }) {
  return (
    <>
      {comparison.stories.map((story, index) => (
        <section key={index} className="oc-story" data-change={story.change}>
          {comparison.stories.length > 1 && <h3>{STORY_NAMES[story.story]}</h3>}
          {story.blocks.length === 0 && <p className="oc-empty">No text</p>}
          {foldUnchanged(story.blocks).map((stretch) => (
            <StretchView key={stretch.from} stretch={stretch} />
          ))}
        </section>
      ))}
    </>
  );
}

function StretchView({ stretch }: { stretch: Stretch }) {
  const [isOpen, setOpen] = useState(!stretch.isFolded);
  const { length } = stretch.blocks;
  if (!isOpen) {
    return (
      <Button tone="plain" className="oc-fold" onClick={() => setOpen(true)}>
        {length} unchanged {length === 1 ? 'paragraph' : 'paragraphs'} – show
      </Button>
    );
  }
  return <Blocks blocks={stretch.blocks} />;
}

function Blocks({ blocks }: { blocks: readonly BlockChange[] }) {
  return blocks.map((block, index) =>
    block.kind === 'table' ? (
      <TableView key={index} table={block} />
    ) : (
      <ParagraphView key={index} paragraph={block} />
    ),
  );
}

function ParagraphView({ paragraph }: { paragraph: ParagraphChange }) {
  const { spans, change, heading, looksChanged } = paragraph;
  const isMarked = !isUnchanged(paragraph);
  return (
    <p
      className="oc-paragraph"
      data-change={change}
      data-heading={heading > 0 ? heading : undefined}
      {...(isMarked && { 'data-place': '', tabIndex: -1 })}
    >
      {spans.map((span, index) => {
        if (span.change === 'inserted') return <ins key={index}>{span.text}</ins>;
        if (span.change === 'deleted') return <del key={index}>{span.text}</del>;
        return <span key={index}>{span.text}</span>;
      })}
      {spans.length === 0 && <span className="oc-empty">{emptyWords(change)}</span>}
      {looksChanged && (
        <span className="oc-look">{change === 'same' ? 'Looks different' : 'and looks different'}</span>
      )}
    </p>
  );
}

function emptyWords(change: ParagraphChange['change']): string {
  if (change === 'inserted') return 'Empty line added';
  return change === 'deleted' ? 'Empty line removed' : '\u00a0';
}

function TableView({ table }: { table: TableChange }) {
  return (
    <table className="oc-table" data-change={table.change}>
      <tbody>
        {table.rows.map((row, index) => (
          <tr key={index} data-change={row.change}>
            {row.cells.map((cell, place) => (
              <td key={place} data-change={cell.change}>
                <Blocks blocks={cell.blocks} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
