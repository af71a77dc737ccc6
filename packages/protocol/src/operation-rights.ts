import type { Permissions } from './permissions.js';

/** What an operation does to a document, as far as permissions can tell. */
export type OperationRight = 'edit' | 'comment' | 'decide' | 'fill' | 'nobody';

/** Any one of these permissions gives the right. */
const PERMISSIONS_OF_RIGHT: Readonly<Record<OperationRight, readonly (keyof Permissions)[]>> = {
  edit: ['document.edit'],
  comment: ['review.comment'],
  decide: ['review.changes.resolve'],
  fill: ['document.fill', 'document.edit'],
  nobody: [],
};

/**
 * Every kind of operation that may travel, by the right that it needs. A kind that is missing here is refused before it
 * gets a number; a test compares the table with the engine's kinds.
 */
export const OPERATION_RIGHTS = {
  replaceStoryBlocks: 'edit',
  insertText: 'edit',
  deleteText: 'edit',
  setParagraphMarkRevision: 'edit',
  proposeParagraphMerge: 'edit',
  insertCommentMarker: 'comment',
  acceptRevision: 'decide',
  rejectRevision: 'decide',
  acceptAllRevisions: 'decide',
  rejectAllRevisions: 'decide',
  // It would rewrite who made a tracked change.
  setRevisionAttribution: 'nobody',
  insertTab: 'edit',
  insertHardBreak: 'edit',
  insertPageBreak: 'edit',
  insertPageField: 'edit',
  insertComplexField: 'edit',
  insertEquation: 'edit',
  setFieldCode: 'edit',
  setListLevel: 'edit',
  setListNumbering: 'edit',
  setParagraphTabStops: 'edit',
  setParagraphMarkProperties: 'edit',
  splitParagraph: 'edit',
  splitParagraphMany: 'edit',
  joinParagraphs: 'edit',
  setRunProperties: 'edit',
  setParagraphProperties: 'edit',
  setSectionProperties: 'edit',
  setSectionMark: 'edit',
  insertHyperlink: 'edit',
  setHyperlinkTarget: 'edit',
  removeHyperlink: 'edit',
  setMathEquation: 'edit',
  removeMathEquation: 'edit',
  setContentControlValue: 'fill',
  removeContentControl: 'edit',
  insertInlineContentControl: 'edit',
  addRepeatingSectionItem: 'fill',
  removeRepeatingSectionItem: 'fill',
  deleteBlock: 'edit',
  insertTable: 'edit',
  moveTable: 'edit',
  insertParagraphBesideTable: 'edit',
  insertTableRow: 'edit',
  deleteTableRow: 'edit',
  insertTableColumn: 'edit',
  deleteTableColumn: 'edit',
  mergeTableCells: 'edit',
  splitTableCell: 'edit',
  setTableColumnWidths: 'edit',
  setTableRightEdgeWidth: 'edit',
  setTableRowHeight: 'edit',
  setTableProperties: 'edit',
  authorTable: 'edit',
  setTableCellBorders: 'edit',
  setTableCellFill: 'edit',
  setTableCellVerticalAlignment: 'edit',
  createHeaderFooter: 'edit',
  deleteHeaderFooter: 'edit',
  linkToPrevious: 'edit',
  unlinkFromPrevious: 'edit',
  setSectionFurnitureOptions: 'edit',
  setDocumentProtection: 'edit',
  setWatermark: 'edit',
  insertNote: 'edit',
  deleteNote: 'edit',
  convertNote: 'edit',
  convertAllNotes: 'edit',
  setNoteProperties: 'edit',
  setContentControlProperties: 'edit',
  insertContentControl: 'edit',
  insertFragment: 'edit',
  insertDrawing: 'edit',
  replaceDrawingResource: 'edit',
  deleteDrawing: 'edit',
  resizeDrawing: 'edit',
  cropDrawing: 'edit',
  positionDrawing: 'edit',
  setDrawingWrap: 'edit',
  setDrawingMetadata: 'edit',
  setDrawingLocks: 'edit',
  transformDrawing: 'edit',
  insertToc: 'edit',
  replaceTocResult: 'edit',
  removeToc: 'edit',
  rewriteTocPageNumbers: 'edit',
  refreshFieldResults: 'edit',
  setFieldResult: 'edit',
  setTextFormFieldDefault: 'edit',
  commitTextFormField: 'fill',
  setLegacyCheckbox: 'fill',
  setLegacyDropdown: 'fill',
  insertBuildingBlock: 'edit',
  insertBookmark: 'edit',
  deleteBookmark: 'edit',
  addComment: 'comment',
  replyComment: 'comment',
  resolveComment: 'comment',
  deleteComment: 'comment',
  insertImage: 'edit',
  pasteFragment: 'edit',
  reviveText: 'edit',
  replaceBlocks: 'edit',
} as const satisfies Readonly<Record<string, OperationRight>>;

const RIGHTS: ReadonlyMap<string, OperationRight> = new Map(Object.entries(OPERATION_RIGHTS));

/** The right that a kind needs; undefined for a kind that nobody knows. */
export function rightOf(kind: string): OperationRight | undefined {
  return RIGHTS.get(kind);
}

export function hasRight(permissions: Permissions, right: OperationRight): boolean {
  return PERMISSIONS_OF_RIGHT[right].some((permission) => permissions[permission]);
}

/** Whether the person may change the document in any way at all. */
export function canWrite(permissions: Permissions): boolean {
  return (['edit', 'comment', 'decide', 'fill'] as const).some((right) => hasRight(permissions, right));
}
