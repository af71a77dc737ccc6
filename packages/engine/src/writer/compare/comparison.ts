import type { StoryKind } from '../package.js';

/** What became of something: the words are those of the later document. */
export type Change = 'same' | 'inserted' | 'deleted' | 'changed';

/** A piece of a paragraph's text. */
export interface TextSpan {
  readonly change: 'same' | 'inserted' | 'deleted';
  readonly text: string;
}

export interface ParagraphChange {
  readonly kind: 'paragraph';
  readonly change: Change;
  readonly spans: readonly TextSpan[];
  /** 1 to 6 for headings, 0 for everything else. */
  readonly heading: number;
  /** Whether it looks different, or holds another picture or field, with or without another text. */
  readonly looksChanged: boolean;
}

export interface CellChange {
  readonly change: Change;
  readonly blocks: readonly BlockChange[];
}

export interface RowChange {
  readonly change: Change;
  readonly cells: readonly CellChange[];
}

export interface TableChange {
  readonly kind: 'table';
  readonly change: Change;
  readonly rows: readonly RowChange[];
}

export type BlockChange = ParagraphChange | TableChange;

/** One text of the document: its body, a header, its footnotes. */
export interface StoryChange {
  readonly story: StoryKind;
  readonly change: Change;
  readonly blocks: readonly BlockChange[];
}

/** How one document became another. Pictures and formats are compared as wholes, texts by word. */
export interface Comparison {
  /** The body first; the other stories only where they differ. */
  readonly stories: readonly StoryChange[];
  readonly counts: {
    readonly insertedWords: number;
    readonly deletedWords: number;
    /** Paragraphs with any change, inserted and deleted ones among them. */
    readonly paragraphs: number;
  };
}
