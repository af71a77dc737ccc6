import type { OoxmlPart } from '@docx-editor.dev/core/store';
import type { LogicalId } from './operation.js';
import type { TreeChange } from './tree-change.js';

/** One part before and after an operation, its new nodes already carrying their names. */
export interface SettledPart {
  readonly before: OoxmlPart | undefined;
  readonly after: OoxmlPart;
  readonly change: TreeChange;
  /** Logical ids of the new paragraphs, in document order. */
  readonly addedParagraphs: readonly LogicalId[];
  /** The core's ids of new nodes → the ids they carry now. */
  readonly names: ReadonlyMap<string, string>;
}

/** What the operation itself knows about where text went; runs before the general comparison. */
export type TextIntent = (settled: readonly SettledPart[]) => void;
