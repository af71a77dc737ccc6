import { bordersXml } from './html-borders.js';
import type { HtmlElement } from './html-nodes.js';
import type { HtmlBox } from './html-style.js';

export interface HtmlCell {
  /** `w:p` and `w:tbl`, a paragraph last. */
  readonly blocks: string;
  readonly fill: string | null;
  readonly borders: HtmlBox['borders'];
  readonly padding: HtmlBox['padding'];
  /** 0 when the page does not say. */
  readonly widthTwips: number;
  readonly widthPercent: number;
}

interface PlacedCell extends HtmlCell {
  readonly column: number;
  readonly span: number;
  readonly merge: 'none' | 'begins' | 'continues';
}

export interface LaidTable {
  readonly rows: readonly { readonly cells: readonly PlacedCell[]; readonly isHeader: boolean }[];
  readonly columns: number;
}

/** Word takes no more columns (its own documented limit). */
const MAX_COLUMNS = 63;
const MAX_SPAN_ROWS = 1_000;
const LEAST_COLUMN_TWIPS = 200;

/** The table on its grid, cells that span rows repeated as `continues`; null when it has none. */
export function layTable(table: HtmlElement, read: (cell: HtmlElement) => HtmlCell): LaidTable | null {
  const rows: { cells: PlacedCell[]; isHeader: boolean }[] = [];
  /** By column: how many rows the cell above still takes, and that cell. */
  let hanging = new Map<number, { cell: PlacedCell; left: number }>();
  let columns = 0;
  for (const { row, isHeader } of rowsOf(table)) {
    const cells: PlacedCell[] = [];
    const next = new Map<number, { cell: PlacedCell; left: number }>();
    let column = 0;
    const continueHanging = () => {
      for (let above = hanging.get(column); above; above = hanging.get(column)) {
        cells.push({ ...above.cell, blocks: '<w:p/>', merge: 'continues' });
        if (above.left > 1) next.set(column, { cell: above.cell, left: above.left - 1 });
        column += above.cell.span;
      }
    };
    for (const child of row.children) {
      if (child.kind !== 'element' || (child.name !== 'td' && child.name !== 'th')) continue;
      continueHanging();
      if (column >= MAX_COLUMNS) break;
      const span = clamp(child.attributes.get('colspan'), MAX_COLUMNS - column);
      const rowSpan = clamp(child.attributes.get('rowspan'), MAX_SPAN_ROWS);
      // A span never reaches into a cell that hangs from above.
      let free = 1;
      while (free < span && !hanging.has(column + free)) free += 1;
      const cell: PlacedCell = { ...read(child), column, span: free, merge: rowSpan > 1 ? 'begins' : 'none' };
      cells.push(cell);
      if (rowSpan > 1) next.set(column, { cell, left: rowSpan - 1 });
      column += free;
    }
    continueHanging();
    for (const [at, above] of hanging) {
      if (at < column) continue;
      while (column < at) {
        cells.push(emptyCell(column));
        column += 1;
      }
      continueHanging();
      if (above.left > 1 && !next.has(at)) next.set(at, { cell: above.cell, left: above.left - 1 });
    }
    if (cells.length === 0) continue;
    hanging = next;
    columns = Math.max(columns, column);
    rows.push({ cells, isHeader });
  }
  return rows.length === 0 ? null : { rows, columns };
}

export function tableXml(
  table: LaidTable,
  look: {
    /** Lines around and between all cells. */
    isRuled: boolean;
    borders: HtmlBox['borders'];
    indent: number;
    rightToLeft: boolean;
    /** Room within all cells; null when the table does not say. */
    padding: number | null;
    textWidth: number;
  },
): string {
  const widths = columnWidths(table, look.textWidth - Math.min(look.indent, look.textWidth / 2));
  const properties = [
    look.isRuled ? '<w:tblStyle w:val="TableGrid"/>' : '',
    look.rightToLeft ? '<w:bidiVisual/>' : '',
    `<w:tblW w:w="${widths.reduce((sum, width) => sum + width, 0)}" w:type="dxa"/>`,
    look.indent > 0 ? `<w:tblInd w:w="${look.indent}" w:type="dxa"/>` : '',
    hasAny(look.borders) ? `<w:tblBorders>${bordersXml(look.borders)}</w:tblBorders>` : '',
    '<w:tblLayout w:type="fixed"/>',
    look.padding === null ? '' : `<w:tblCellMar>${marginsXml(allSides(look.padding))}</w:tblCellMar>`,
  ].join('');
  const grid = widths.map((width) => `<w:gridCol w:w="${width}"/>`).join('');
  const rows = table.rows.map(({ cells, isHeader }) => {
    const used = cells.reduce((sum, cell) => sum + cell.span, 0);
    const rest = Array.from({ length: table.columns - used }, (_, index) => emptyCell(used + index));
    const header = isHeader ? '<w:trPr><w:tblHeader/></w:trPr>' : '';
    return `<w:tr>${header}${[...cells, ...rest].map((cell) => cellXml(cell, widths)).join('')}</w:tr>`;
  });
  return `<w:tbl><w:tblPr>${properties}</w:tblPr><w:tblGrid>${grid}</w:tblGrid>${rows.join('')}</w:tbl>`;
}

function cellXml(cell: PlacedCell, widths: readonly number[]): string {
  const width = widths.slice(cell.column, cell.column + cell.span).reduce((sum, each) => sum + each, 0);
  const properties = [
    `<w:tcW w:w="${width}" w:type="dxa"/>`,
    cell.span > 1 ? `<w:gridSpan w:val="${cell.span}"/>` : '',
    cell.merge === 'begins' ? '<w:vMerge w:val="restart"/>' : cell.merge === 'continues' ? '<w:vMerge/>' : '',
    hasAny(cell.borders) ? `<w:tcBorders>${bordersXml(cell.borders)}</w:tcBorders>` : '',
    cell.fill === null ? '' : `<w:shd w:val="clear" w:color="auto" w:fill="${cell.fill}"/>`,
    hasAny(cell.padding) ? `<w:tcMar>${marginsXml(cell.padding)}</w:tcMar>` : '',
  ].join('');
  return `<w:tc><w:tcPr>${properties}</w:tcPr>${cell.blocks}</w:tc>`;
}

/** ECMA-376 17.4.42: in this order. */
function marginsXml(padding: HtmlBox['padding']): string {
  return (['top', 'left', 'bottom', 'right'] as const)
    .map((side) => {
      const twips = padding[side];
      return twips === undefined || twips < 0
        ? ''
        : `<w:${side} w:w="${Math.min(twips, MOST_PADDING)}" w:type="dxa"/>`;
    })
    .join('');
}

const MOST_PADDING = 1_440;

function allSides(twips: number): HtmlBox['padding'] {
  return { top: twips, left: twips, bottom: twips, right: twips };
}

/** `cellpadding` in twentieths of a point. */
export function readCellPadding({ attributes }: HtmlElement): number | null {
  const pixels = /^\s*(\d{1,3})\s*$/.exec(attributes.get('cellpadding') ?? '')?.[1];
  return pixels === undefined ? null : Number(pixels) * TWIPS_PER_PX;
}

const TWIPS_PER_PX = 15;

/** By the old attribute; what style sheets say of a table goes around it alone. */
export function isRuled({ attributes }: HtmlElement): boolean {
  const border = attributes.get('border');
  return border !== undefined && border !== '0';
}

function hasAny(sides: object): boolean {
  return Object.keys(sides).length > 0;
}

/** Named widths are kept in proportion; the rest is shared alike. */
function columnWidths({ rows, columns }: LaidTable, total: number): number[] {
  const named = new Array<number>(columns).fill(0);
  for (const { cells } of rows) {
    for (const cell of cells) {
      if (cell.span > 1) continue;
      const width = cell.widthTwips || (cell.widthPercent * total) / 100;
      named[cell.column] = Math.max(named[cell.column] ?? 0, Math.min(width, total));
    }
  }
  const sum = named.reduce((each, width) => each + width, 0);
  const open = named.filter((width) => width === 0).length;
  const left = Math.max(total - sum, open * LEAST_COLUMN_TWIPS);
  const widths = named.map((width) => (width === 0 ? left / open : width));
  const all = widths.reduce((each, width) => each + width, 0);
  const scale = all > total ? total / all : 1;
  return widths.map((width) => Math.max(1, Math.round(width * scale)));
}

function rowsOf(table: HtmlElement): { row: HtmlElement; isHeader: boolean }[] {
  const rows: { row: HtmlElement; isHeader: boolean }[] = [];
  for (const part of table.children) {
    if (part.kind !== 'element') continue;
    if (part.name === 'tr') rows.push({ row: part, isHeader: false });
    if (part.name !== 'thead' && part.name !== 'tbody' && part.name !== 'tfoot') continue;
    for (const row of part.children) {
      if (row.kind === 'element' && row.name === 'tr') rows.push({ row, isHeader: part.name === 'thead' });
    }
  }
  return rows;
}

function emptyCell(column: number): PlacedCell {
  return {
    ...{ blocks: '<w:p/>', fill: null, borders: {}, padding: {}, widthTwips: 0, widthPercent: 0 },
    ...{ column, span: 1, merge: 'none' },
  };
}

function clamp(text: string | undefined, most: number): number {
  const value = Number.parseInt(text ?? '1', 10);
  return Math.max(1, Math.min(Number.isFinite(value) ? value : 1, Math.max(1, most)));
}
