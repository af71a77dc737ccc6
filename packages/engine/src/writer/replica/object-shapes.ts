import type { TreeDocOpKind } from '@docx-editor.dev/core/store';
import { core, NEVER, place, type Shape } from './shape.js';
import {
  bytes,
  either,
  fields,
  flag,
  listOf,
  node,
  nodes,
  nothing,
  number,
  oneOf,
  optional,
  section,
  text,
  upTo,
} from './shape-rules.js';
import { fieldCode } from './tree-rules.js';

const style = optional(text);
const noteKind = oneOf('footnote', 'endnote');
const band = { sectionIndex: section, kind: oneOf('header', 'footer') };
const variant = oneOf('default', 'first', 'even');
const color = either(
  fields({ kind: oneOf('hex'), value: text }),
  fields({
    kind: oneOf('theme'),
    slot: text,
    resolvedHex: text,
    tint: optional(number),
    shade: optional(number),
  }),
  fields({ kind: oneOf('auto'), resolvedHex: text }),
);
/** Rows or columns made at once. */
const many = upTo(1000);
const cells = listOf(listOf(text, 1000), 1000);
const tableChange = either(
  fields({
    kind: oneOf('insertRows'),
    rowId: node,
    location: oneOf('before', 'after'),
    count: many,
    values: optional(cells),
  }),
  fields({ kind: oneOf('values'), values: cells }),
  fields({
    kind: oneOf('addRows', 'addColumns'),
    location: oneOf('start', 'end'),
    count: many,
    values: optional(cells),
  }),
  fields({ kind: oneOf('deleteRows', 'deleteColumns'), index: many, count: many }),
  fields({ kind: oneOf('mergeCells'), topRow: many, firstCell: many, bottomRow: many, lastCell: many }),
  fields({ kind: oneOf('splitCell'), cellId: node, rowCount: upTo(100), columnCount: upTo(63) }),
  fields({ kind: oneOf('delete') }),
  fields({ kind: oneOf('properties'), styleId: style, headerRowCount: optional(many) }),
  fields({
    kind: oneOf('cell'),
    cellId: node,
    value: optional(text),
    columnWidth: optional(number),
    shadingColor: optional(text),
    verticalAlignment: optional(oneOf('Top', 'Center', 'Bottom')),
  }),
);
const tocEntries = listOf(
  fields({ level: upTo(9), text, headingParagraphId: node, bookmarkName: text, pageNumberText: text }),
  5000,
);
const tocBookmarks = listOf(fields({ paragraphId: node, name: text }), 5000);
const noteNumbers = optional(
  fields({
    numFmt: optional(text),
    numRestart: optional(text),
    position: optional(text),
    numStart: optional(upTo(100_000)),
  }),
);
const size = fields({ widthPt: number, heightPt: number });
const sectionSizes = optional(listOf(either(nothing, size), 1000));
const mime = oneOf('image/png', 'image/jpeg', 'image/gif', 'image/bmp', 'image/webp');
const watermark = either(
  nothing,
  fields({
    kind: optional(oneOf('text')),
    text,
    fontFamily: optional(text),
    fontSizePt: optional(either(nothing, number)),
    bold: optional(flag),
    italic: optional(flag),
    colorHex: optional(text),
    opacity: optional(number),
    diagonal: optional(flag),
    sectionSizes,
  }),
  fields({
    kind: oneOf('picture'),
    washout: flag,
    widthPt: number,
    heightPt: number,
    sectionSizes,
    image: fields({ bytes, mime }),
  }),
);
const table = { tableId: node };
const drawing = { drawingNodeId: node };
const emu = number;

/** Operations on tables, drawings, tables of contents, headers, notes and settings; and what never travels. */
export const OBJECT_SHAPES = {
  insertTable: core('insertTable', {
    beforeParagraphId: node,
    rows: many,
    cols: upTo(63),
    columnWidthTwips: number,
  }),
  moveTable: core('moveTable', { ...table, beforeBlockId: node }),
  insertParagraphBesideTable: core('insertParagraphBesideTable', {
    ...table,
    where: oneOf('before', 'after'),
    text,
  }),
  insertTableRow: core('insertTableRow', { ...table, rowId: node, where: oneOf('above', 'below') }),
  insertTableColumn: core('insertTableColumn', {
    ...table,
    where: oneOf('left', 'right'),
    gridColumnId: optional(node),
    referenceCellId: optional(node),
  }),
  mergeTableCells: core('mergeTableCells', { ...table, cellIds: nodes }),
  splitTableCell: core('splitTableCell', { ...table, cellId: node, rows: upTo(100), columns: upTo(63) }),
  setTableColumnWidths: core('setTableColumnWidths', {
    ...table,
    leftGridColumnId: node,
    rightGridColumnId: node,
    leftWidthTwips: number,
    rightWidthTwips: number,
  }),
  setTableRightEdgeWidth: core('setTableRightEdgeWidth', {
    ...table,
    gridColumnId: node,
    columnWidthTwips: number,
    tableWidthTwips: number,
  }),
  setTableRowHeight: core('setTableRowHeight', { ...table, rowId: node, heightTwips: number }),
  setTableProperties: core('setTableProperties', {
    ...table,
    styleId: style,
    headerRowCount: optional(many),
    columnWidthsTwips: optional(listOf(number, 63)),
  }),
  authorTable: core('authorTable', {
    action: either(
      fields({ kind: oneOf('existing'), ...table, mutation: tableChange }),
      fields({
        kind: oneOf('insert'),
        ...place,
        rowCount: many,
        columnCount: upTo(63),
        values: optional(cells),
      }),
    ),
  }),
  setTableCellBorders: core('setTableCellBorders', {
    ...table,
    cellIds: nodes,
    scope: oneOf('none', 'all', 'outside', 'inside', 'top', 'bottom', 'left', 'right'),
    target: optional(oneOf('all', 'outside', 'inside', 'top', 'bottom', 'left', 'right')),
    spec: optional(
      fields({
        style: oneOf('single', 'dashed', 'dotted', 'double', 'triple', 'thick'),
        size: number,
        color,
      }),
    ),
  }),
  setTableCellFill: core('setTableCellFill', { ...table, cellIds: nodes, color: either(nothing, color) }),
  setTableCellVerticalAlignment: core('setTableCellVerticalAlignment', {
    ...table,
    cellIds: nodes,
    alignment: oneOf('top', 'center', 'bottom'),
  }),
  deleteDrawing: core('deleteDrawing', drawing),
  resizeDrawing: core('resizeDrawing', { ...drawing, extentEmu: fields({ cx: emu, cy: emu }) }),
  cropDrawing: core('cropDrawing', {
    ...drawing,
    crop: fields({ left: number, top: number, right: number, bottom: number }),
  }),
  positionDrawing: core('positionDrawing', {
    ...drawing,
    position: fields({
      mode: optional(oneOf('frame', 'simple')),
      horizontalEmu: optional(emu),
      verticalEmu: optional(emu),
      relativeToH: optional(text),
      relativeToV: optional(text),
    }),
  }),
  setDrawingWrap: core('setDrawingWrap', {
    ...drawing,
    wrap: oneOf(
      'inline',
      'square',
      'squareLeft',
      'squareRight',
      'tight',
      'through',
      'topAndBottom',
      'behind',
      'inFront',
    ),
  }),
  setDrawingMetadata: core('setDrawingMetadata', {
    ...drawing,
    title: text,
    description: text,
    hyperlink: optional(either(nothing, text)),
  }),
  setDrawingLocks: core('setDrawingLocks', {
    ...drawing,
    locks: fields({
      select: optional(flag),
      move: optional(flag),
      resize: optional(flag),
      changeAspect: optional(flag),
    }),
  }),
  transformDrawing: core('transformDrawing', {
    ...drawing,
    action: oneOf('rotateCW', 'rotateCCW', 'flipH', 'flipV'),
  }),
  insertToc: core('insertToc', {
    beforeParagraphId: node,
    instruction: fieldCode,
    alias: text,
    entries: tocEntries,
    bookmarksToCreate: tocBookmarks,
  }),
  replaceTocResult: core('replaceTocResult', {
    tocId: node,
    entries: tocEntries,
    bookmarksToCreate: tocBookmarks,
  }),
  removeToc: core('removeToc', { tocId: node }),
  rewriteTocPageNumbers: core('rewriteTocPageNumbers', {
    tocId: node,
    updates: listOf(fields({ paragraphId: node, pageNumberText: text }), 5000),
  }),

  createHeaderFooter: core('createHeaderFooter', {
    ...band,
    variant,
    titlePage: optional(flag),
    evenAndOddHeaders: optional(flag),
  }),
  deleteHeaderFooter: core('deleteHeaderFooter', { ...band, variant }),
  linkToPrevious: core('linkToPrevious', { ...band, variant }),
  unlinkFromPrevious: core('unlinkFromPrevious', { ...band, variant }),
  setSectionFurnitureOptions: core('setSectionFurnitureOptions', {
    sectionIndex: optional(section),
    titlePage: optional(flag),
    evenAndOddHeaders: optional(flag),
    headerDistanceTwips: optional(number),
    footerDistanceTwips: optional(number),
  }),
  setDocumentProtection: core('setDocumentProtection', { enforce: flag }),
  setWatermark: core('setWatermark', { watermark }),
  insertNote: core('insertNote', { noteKind }, place),
  deleteNote: core('deleteNote', { noteKind, noteId: upTo(1e9) }),
  convertNote: core('convertNote', { fromKind: noteKind, noteId: upTo(1e9) }),
  convertAllNotes: core('convertAllNotes', { fromKind: noteKind }),
  setNoteProperties: core('setNoteProperties', {
    scope: oneOf('document', 'section'),
    sectionIndex: optional(section),
    footnote: noteNumbers,
    endnote: noteNumbers,
  }),

  insertCommentMarker: NEVER,
  insertDrawing: NEVER,
  replaceDrawingResource: NEVER,
  replaceStoryBlocks: NEVER,
  setRevisionAttribution: NEVER,
  addRepeatingSectionItem: NEVER,
  removeRepeatingSectionItem: NEVER,
} satisfies Partial<Record<TreeDocOpKind, Shape>>;
