import type { OoxmlElement, OoxmlNode, TreeDocOp } from '@docx-editor.dev/core/store';
import { type Action, booked, newText, type Stage, spotOf, struck } from './actions.js';

export const children = (node: OoxmlNode): readonly OoxmlNode[] =>
  node.kind === 'textValue' ? [] : node.children;

export function all(
  root: OoxmlNode,
  wanted: (node: OoxmlElement) => boolean,
  into: OoxmlElement[] = [],
  most = Number.POSITIVE_INFINITY,
): OoxmlElement[] {
  if (root.kind === 'textValue' || into.length >= most) return into;
  if (wanted(root)) into.push(root);
  for (const child of children(root)) all(child, wanted, into, most);
  return into;
}

/** People meet over the first few of whatever it is. */
const FIRST_FEW = 6;

export function find(stage: Stage, wanted: (node: OoxmlElement) => boolean): OoxmlElement | null {
  const found = all(stage.person.editor.main.root, wanted, [], FIRST_FEW);
  return found.length > 0 ? stage.random.pick(found) : null;
}

const local = (name: string) => (node: OoxmlElement) => node.localName === name;
const tableOf = (stage: Stage) => find(stage, (node) => node.kind === 'table');
const rowsOf = (table: OoxmlElement) =>
  children(table).filter((node) => node.kind === 'tableRow') as OoxmlElement[];
const cellsOf = (row: OoxmlElement) =>
  children(row).filter((node) => node.kind === 'tableCell') as OoxmlElement[];
const gridOf = (table: OoxmlElement) =>
  all(table, local('tblGrid'))
    .slice(0, 1)
    .flatMap((grid) => all(grid, local('gridCol')));

function textUnder(stage: Stage, node: OoxmlNode): string {
  return all(node, (each) => each.kind === 'paragraph')
    .map((paragraph) => stage.person.editor.textOf(paragraph.id))
    .join('');
}

const insertTable: Action = (stage) => {
  if (all(stage.person.editor.main.root, (node) => node.kind === 'table').length > 6) return false;
  const spot = spotOf(stage);
  if (!spot) return false;
  const { random } = stage;
  const size = { rows: random.between(1, 3), cols: random.between(1, 3), columnWidthTwips: 2000 };
  return stage.person.edit([{ op: 'insertTable', beforeParagraphId: spot.id, ...size }]);
};

const typeInCell: Action = (stage) => {
  const cell = find(stage, (node) => node.kind === 'tableCell');
  const paragraph = cell && all(cell, (node) => node.kind === 'paragraph')[0];
  if (!paragraph) return false;
  const text = newText(stage);
  const offset = stage.random.between(0, stage.person.editor.textOf(paragraph.id).length);
  if (!stage.person.edit([{ op: 'insertText', paragraphId: paragraph.id, offset, text }])) return false;
  booked(stage, text);
  return true;
};

const insertRow: Action = (stage) => {
  const table = tableOf(stage);
  const row = table && rowsOf(table)[0] && stage.random.pick(rowsOf(table));
  if (!table || !row || rowsOf(table).length > 6) return false;
  const where = stage.random.pick(['above', 'below'] as const);
  return stage.person.edit([{ op: 'insertTableRow', tableId: table.id, rowId: row.id, where }]);
};

const insertColumn: Action = (stage) => {
  const table = tableOf(stage);
  const column = table && gridOf(table)[0] && stage.random.pick(gridOf(table));
  if (!table || !column || gridOf(table).length > 5) return false;
  const where = stage.random.pick(['left', 'right'] as const);
  return stage.person.edit([{ op: 'insertTableColumn', tableId: table.id, where, gridColumnId: column.id }]);
};

const deleteRow: Action = (stage) => {
  const table = tableOf(stage);
  const row = table && rowsOf(table).length > 1 ? stage.random.pick(rowsOf(table)) : null;
  if (!table || !row) return false;
  const text = textUnder(stage, row);
  if (!stage.person.edit([{ op: 'deleteTableRow', tableId: table.id, rowId: row.id }])) return false;
  struck(stage, text);
  return true;
};

const deleteColumn: Action = (stage) => {
  const table = tableOf(stage);
  const column = table && gridOf(table).length > 1 ? stage.random.pick(gridOf(table)) : null;
  if (!table || !column) return false;
  const before = textUnder(stage, table);
  if (!stage.person.edit([{ op: 'deleteTableColumn', tableId: table.id, gridColumnId: column.id }]))
    return false;
  struck(stage, before, false);
  return true;
};

const deleteTable: Action = (stage) => {
  const table = tableOf(stage);
  if (!table) return false;
  const text = textUnder(stage, table);
  if (!stage.person.edit([{ op: 'deleteBlock', blockId: table.id }])) return false;
  struck(stage, text);
  return true;
};

const mergeCells: Action = (stage) => {
  const table = tableOf(stage);
  const row = table && rowsOf(table)[0] && stage.random.pick(rowsOf(table));
  const cells = row ? cellsOf(row).slice(0, 2) : [];
  if (!table || cells.length < 2) return false;
  return stage.person.edit([
    { op: 'mergeTableCells', tableId: table.id, cellIds: cells.map((cell) => cell.id) },
  ]);
};

const splitCell: Action = (stage) => {
  const table = tableOf(stage);
  const cells = table ? rowsOf(table).flatMap(cellsOf) : [];
  if (!table || cells.length === 0 || cells.length > 24) return false;
  const cellId = stage.random.pick(cells).id;
  return stage.person.edit([{ op: 'splitTableCell', tableId: table.id, cellId, rows: 1, columns: 2 }]);
};

const styleCells: Action = (stage) => {
  const table = tableOf(stage);
  const cells = table ? rowsOf(table).flatMap(cellsOf) : [];
  if (!table || cells.length === 0) return false;
  const ids = { tableId: table.id, cellIds: [stage.random.pick(cells).id] };
  const hex = { kind: 'hex', value: 'FFCC00' } as const;
  const spec = { style: 'single', size: 8, color: hex } as const;
  const row = stage.random.pick(rowsOf(table));
  const grid = gridOf(table);
  const [left, right] = grid;
  const last = grid.at(-1);
  const choices: TreeDocOp[] = [
    { op: 'setTableCellFill', ...ids, color: hex },
    { op: 'setTableCellVerticalAlignment', ...ids, alignment: 'center' },
    { op: 'setTableCellBorders', ...ids, scope: 'outside', spec },
    { op: 'setTableRowHeight', tableId: table.id, rowId: row.id, heightTwips: 600 },
    { op: 'setTableProperties', tableId: table.id, headerRowCount: 1 },
  ];
  if (left && right)
    choices.push({
      op: 'setTableColumnWidths',
      tableId: table.id,
      leftGridColumnId: left.id,
      rightGridColumnId: right.id,
      leftWidthTwips: 1500,
      rightWidthTwips: 2500,
    });
  if (last)
    choices.push({
      op: 'setTableRightEdgeWidth',
      tableId: table.id,
      gridColumnId: last.id,
      columnWidthTwips: 1800,
      tableWidthTwips: 1800 * grid.length,
    });
  return stage.person.edit([stage.random.pick(choices)]);
};

const besideTable: Action = (stage) => {
  const table = tableOf(stage);
  if (!table) return false;
  const text = newText(stage);
  const where = stage.random.pick(['before', 'after'] as const);
  if (!stage.person.edit([{ op: 'insertParagraphBesideTable', tableId: table.id, where, text }]))
    return false;
  booked(stage, text);
  return true;
};

const moveTable: Action = (stage) => {
  const table = tableOf(stage);
  const spot = spotOf(stage);
  if (!table || !spot) return false;
  return stage.person.edit([{ op: 'moveTable', tableId: table.id, beforeBlockId: spot.id }]);
};

const atom: Action = (stage) => {
  const spot = spotOf(stage);
  if (!spot) return false;
  const at = { paragraphId: spot.id, offset: stage.random.between(0, spot.text.length) };
  return stage.person.edit([
    stage.random.pick<TreeDocOp>([
      { op: 'insertTab', ...at },
      { op: 'insertHardBreak', ...at },
      { op: 'insertPageBreak', ...at },
      { op: 'insertPageField', ...at, field: 'PAGE' },
      { op: 'insertComplexField', ...at, instruction: 'DATE' },
    ]),
  ]);
};

const list: Action = (stage) => {
  const spot = spotOf(stage);
  if (!spot) return false;
  const paragraphId = spot.id;
  return stage.person.edit([
    stage.random.pick<TreeDocOp>([
      { op: 'setListNumbering', paragraphId, numId: '1', level: 0 },
      { op: 'setListNumbering', paragraphId, numId: null },
      { op: 'setListLevel', paragraphId, level: 1 },
      { op: 'setParagraphTabStops', paragraphId, stops: [{ positionTwips: 2000, alignment: 'left' }] },
      { op: 'setParagraphMarkProperties', paragraphId, properties: [{ localName: 'b' }] },
    ]),
  ]);
};

const mark: Action = (stage) => {
  const spot = spotOf(stage);
  if (!spot || spot.text.length < 2) return false;
  const { random } = stage;
  const start = random.below(spot.text.length - 1);
  const end = Math.min(spot.text.length, start + random.between(1, 6));
  const name = `mark${random.below(100000)}`;
  const paragraphId = spot.id;
  return stage.person.edit([
    random.pick<TreeDocOp>([
      {
        op: 'insertBookmark',
        name,
        start: { paragraphId, offset: start },
        end: { paragraphId, offset: end },
      },
      { op: 'insertHyperlink', paragraphId, start, end, anchor: name },
      { op: 'insertContentControl', paragraphId, start, end, type: 'plainText', tag: name },
    ]),
  ]);
};

const unlink: Action = (stage) => {
  const link = find(stage, (node) => node.kind === 'hyperlink');
  if (!link) return false;
  return stage.person.edit([
    stage.random.pick<TreeDocOp>([
      { op: 'removeHyperlink', linkId: link.id },
      { op: 'setHyperlinkTarget', linkId: link.id, anchor: 'elsewhere' },
    ]),
  ]);
};

const control: Action = (stage) => {
  const sdt = find(stage, (node) => node.kind === 'contentControl');
  if (!sdt) return false;
  const text = textUnder(stage, sdt);
  const inside = all(sdt, (node) => node.localName === 't')
    .map((node) =>
      children(node)
        .map((each) => (each.kind === 'textValue' ? each.value : ''))
        .join(''),
    )
    .join('');
  const word = newText(stage);
  const choice = stage.random.below(4);
  const controlId = sdt.id;
  if (choice === 0) {
    if (!stage.person.edit([{ op: 'setContentControlValue', controlId, value: word }])) return false;
    struck(stage, text + inside, false);
    booked(stage, word);
    return true;
  }
  if (choice === 1)
    return stage.person.edit([{ op: 'setContentControlProperties', controlId, alias: 'Name' }]);
  if (choice === 2) {
    const lock = stage.random.pick(['contentLocked', 'unlocked', 'unlocked'] as const);
    return stage.person.edit([{ op: 'setContentControlProperties', controlId, lock }]);
  }
  return stage.person.edit([{ op: 'removeContentControl', controlId, keepContent: true }]);
};

const section: Action = (stage) => {
  const spot = spotOf(stage);
  if (!spot) return false;
  return stage.person.edit([
    stage.random.pick<TreeDocOp>([
      { op: 'setSectionProperties', marginLeftTwips: stage.random.between(600, 1800) },
      { op: 'setSectionProperties', orientation: 'landscape' },
      { op: 'setSectionMark', paragraphId: spot.id, breakType: 'nextPage' },
    ]),
  ]);
};

const furniture: Action = (stage) => {
  const sectionIndex = 0;
  const kind = stage.random.pick(['header', 'footer'] as const);
  const variant = stage.random.pick(['default', 'first'] as const);
  const text = stage.random.pick(['DRAFT', 'SECRET']);
  const op = stage.random.pick<TreeDocOp>([
    { op: 'createHeaderFooter', sectionIndex, kind, variant },
    { op: 'setSectionFurnitureOptions', sectionIndex, titlePage: stage.random.chance(0.5) },
    { op: 'setWatermark', watermark: { text } as never },
  ]);
  return stage.person.edit([op], true);
};

const note: Action = (stage) => {
  const spot = spotOf(stage);
  if (!spot) return false;
  const noteKind = stage.random.pick(['footnote', 'endnote'] as const);
  const offset = stage.random.between(0, spot.text.length);
  return stage.person.edit([{ op: 'insertNote', noteKind, paragraphId: spot.id, offset }], true);
};

/** Typing, deleting, splitting and formatting in headers, footers, notes and the text of comments. */
const otherStory: Action = (stage) => {
  const { person, random } = stage;
  const places = person.editor.elsewhere();
  if (places.length === 0) return false;
  const { id: paragraphId, text, part } = random.pick(places.slice(-6));
  const offset = random.between(0, text.length);
  const choice = random.below(6);
  if (choice < 3) {
    const word = newText(stage);
    if (!person.edit([{ op: 'insertText', paragraphId, offset, text: word }], false, part)) return false;
    booked(stage, word);
    return true;
  }
  if (choice === 3) return person.edit([{ op: 'splitParagraph', paragraphId, offset }], false, part);
  if (text.length === 0) return false;
  const start = random.below(text.length);
  const end = Math.min(text.length, start + random.between(1, 3));
  if (choice === 4)
    return person.edit(
      [{ op: 'setRunProperties', paragraphId, start, end, properties: [{ localName: 'b' }] }],
      false,
      part,
    );
  if (!person.edit([{ op: 'deleteText', paragraphId, start, end }], false, part)) return false;
  struck(stage, text.slice(start, end));
  return true;
};

export const STRUCTURE_ACTIONS: readonly (readonly [name: string, weight: number, action: Action])[] = [
  ['insert table', 1.5, insertTable],
  ['type in a cell', 5, typeInCell],
  ['insert row', 1.5, insertRow],
  ['insert column', 1, insertColumn],
  ['delete row', 1, deleteRow],
  ['delete column', 0.7, deleteColumn],
  ['delete table', 0.5, deleteTable],
  ['merge cells', 0.6, mergeCells],
  ['split cell', 0.6, splitCell],
  ['style cells', 2, styleCells],
  ['paragraph beside table', 0.6, besideTable],
  ['move table', 0.4, moveTable],
  ['atom', 2, atom],
  ['list', 2, list],
  ['mark', 2, mark],
  ['unlink', 1, unlink],
  ['content control', 1, control],
  ['section', 0.8, section],
  ['furniture', 0.6, furniture],
  ['note', 0.8, note],
  ['other story', 6, otherStory],
];
