import { type OoxmlElement, type TreeDocOp, validateTreeOp } from '@docx-editor.dev/core/store';
import { type Action, type Stage, spotOf } from './actions.js';
import { bring } from './borrowed.js';
import { paragraphHolding, trying } from './object-actions.js';
import { all, children, find } from './structure-actions.js';

/** Kinds that chance alone brings up too seldom, one action each: whatever this document has to try them on. */

type Rare = (stage: Stage) => { readonly op: TreeDocOp; readonly acrossParts?: true } | null;

const local = (name: string) => (node: OoxmlElement) => node.localName === name;
const attributeOf = (node: OoxmlElement, name: string) =>
  node.attributes.find((each) => each.localName === name)?.value;

const beginsField = (node: OoxmlElement) =>
  node.localName === 'fldChar' && attributeOf(node, 'fldCharType') === 'begin';

/** The beginning of a field of these codes with its paragraph, as the kinds about fields address it. */
function fieldOf(stage: Stage, holds?: string) {
  const begin = find(
    stage,
    (node) => beginsField(node) && (holds === undefined || all(node, local(holds)).length > 0),
  );
  const paragraphId = begin && paragraphHolding(stage, begin.id);
  return begin && paragraphId ? { paragraphId, fieldNodeId: begin.id } : null;
}

const drawingOf = (stage: Stage) => find(stage, (node) => node.kind === 'drawing')?.id ?? null;

function inTable(stage: Stage): { readonly tableId: string; readonly rowId: string } | null {
  const table = find(stage, (node) => node.kind === 'table');
  const row = table && children(table).find((node) => node.kind === 'tableRow');
  return table && row ? { tableId: table.id, rowId: row.id } : null;
}

const words = (stage: Stage) => stage.random.pick(['7', 'Monday', 'x y', 'somebody']);

const onField =
  (holds: string | undefined, make: (stage: Stage) => object): Rare =>
  (stage) => {
    const at = fieldOf(stage, holds);
    return at && { op: { ...make(stage), ...at } as TreeDocOp };
  };

const onDrawing =
  (make: (stage: Stage) => object): Rare =>
  (stage) => {
    const drawingNodeId = drawingOf(stage);
    return drawingNodeId ? { op: { ...make(stage), drawingNodeId } as TreeDocOp } : null;
  };

const onBand =
  (op: 'createHeaderFooter' | 'deleteHeaderFooter' | 'linkToPrevious' | 'unlinkFromPrevious'): Rare =>
  ({ random }) => {
    const kind = random.pick(['header', 'footer'] as const);
    return { op: { op, sectionIndex: random.below(2), kind, variant: 'default' }, acrossParts: true };
  };

const onRevision =
  (op: 'acceptRevision' | 'rejectRevision'): Rare =>
  (stage) => {
    const node = find(stage, ({ kind }) => kind === 'revisionInsert' || kind === 'revisionDelete');
    const [id, author, date] = ['id', 'author', 'date'].map((name) => node && attributeOf(node, name));
    if (!id || !author) return null;
    return { op: { op, revision: { id, author, ...(date ? { date } : {}) } } };
  };

/** A paragraph of the document as content for what takes blocks, its own text left out. */
const emptyParagraph = (stage: Stage): OoxmlElement | null => {
  const paragraph = find(stage, (node) => node.kind === 'paragraph');
  return paragraph && ({ ...paragraph, children: [] } as unknown as OoxmlElement);
};

const RARE: Readonly<Record<string, Rare>> = {
  // The core exchanges the code of page numbers only. Where there is none, one is put there.
  setFieldCode: (stage) => {
    const { random } = stage;
    const { main } = stage.person.editor;
    const code = random.pick(['PAGE', 'NUMPAGES']);
    const exchanged = (begin: OoxmlElement): TreeDocOp | null => {
      const paragraphId = beginsField(begin) ? paragraphHolding(stage, begin.id) : null;
      const op = { op: 'setFieldCode', paragraphId: paragraphId ?? '', fieldNodeId: begin.id, code } as const;
      return paragraphId && validateTreeOp(main, op) === null ? op : null;
    };
    const begin = find(stage, (node) => exchanged(node) !== null);
    const op = begin && exchanged(begin);
    if (op) return { op };
    const spot = spotOf(stage);
    const at = spot && { paragraphId: spot.id, offset: random.between(0, spot.text.length) };
    return at && { op: { op: 'insertPageField', ...at, field: 'PAGE' } };
  },
  setListLevel: (stage) => {
    const item = find(stage, (node) => node.kind === 'paragraph' && all(node, local('numPr')).length > 0);
    return item && { op: { op: 'setListLevel', paragraphId: item.id, level: stage.random.below(3) } };
  },
  setFieldResult: onField(undefined, (stage) => ({ op: 'setFieldResult', text: words(stage) })),
  setTextFormFieldDefault: onField('textInput', (stage) => ({
    op: 'setTextFormFieldDefault',
    text: words(stage),
  })),
  commitTextFormField: onField('textInput', () => ({ op: 'commitTextFormField' })),
  setLegacyCheckbox: onField('checkBox', ({ random }) => ({
    op: 'setLegacyCheckbox',
    checked: random.chance(0.5),
  })),
  setLegacyDropdown: onField('ddList', ({ random }) => ({
    op: 'setLegacyDropdown',
    selectedIndex: random.below(3),
  })),
  resizeDrawing: onDrawing(({ random }) => ({
    op: 'resizeDrawing',
    extentEmu: { cx: 500_000, cy: random.between(1, 9) * 100_000 },
  })),
  cropDrawing: onDrawing(({ random }) => ({
    op: 'cropDrawing',
    crop: { left: random.below(4) / 10, top: 0, right: 0.1, bottom: 0 },
  })),
  positionDrawing: onDrawing(({ random }) => ({
    op: 'positionDrawing',
    position: { horizontalEmu: random.below(9) * 10_000, verticalEmu: 20_000 },
  })),
  setDrawingWrap: onDrawing(({ random }) => ({
    op: 'setDrawingWrap',
    wrap: random.pick(['square', 'inline', 'topAndBottom']),
  })),
  setDrawingMetadata: onDrawing((stage) => ({ op: 'setDrawingMetadata', title: words(stage) })),
  setDrawingLocks: onDrawing(({ random }) => ({
    op: 'setDrawingLocks',
    locks: { move: random.chance(0.5) },
  })),
  transformDrawing: onDrawing(({ random }) => ({
    op: 'transformDrawing',
    action: random.pick(['rotateCW', 'rotateCCW', 'flipH', 'flipV']),
  })),
  deleteDrawing: onDrawing(() => ({ op: 'deleteDrawing' })),
  createHeaderFooter: onBand('createHeaderFooter'),
  deleteHeaderFooter: onBand('deleteHeaderFooter'),
  linkToPrevious: onBand('linkToPrevious'),
  unlinkFromPrevious: onBand('unlinkFromPrevious'),
  acceptRevision: onRevision('acceptRevision'),
  rejectRevision: onRevision('rejectRevision'),
  setMathEquation: (stage) => {
    const math = find(stage, local('oMath'));
    return math && { op: { op: 'setMathEquation', equationId: math.id, linear: 'y_1=z' } };
  },
  removeMathEquation: (stage) => {
    const math = find(stage, local('oMath'));
    return math && { op: { op: 'removeMathEquation', equationId: math.id } };
  },
  insertEquation: (stage) => {
    const math = find(stage, local('oMath'));
    const spot = spotOf(stage);
    if (!math || !spot) return null;
    const offset = stage.random.between(0, spot.text.length);
    return { op: { op: 'insertEquation', paragraphId: spot.id, offset, nodes: [math], length: 1 } };
  },
  insertBuildingBlock: (stage) => {
    const gallery = find(
      stage,
      (node) => node.kind === 'contentControl' && all(node, local('docPartList')).length > 0,
    );
    const block = emptyParagraph(stage);
    return (
      gallery &&
      block && { op: { op: 'insertBuildingBlock', controlId: gallery.id, name: 'Block', blocks: [block] } }
    );
  },
  insertFragment: (stage) => {
    const spot = spotOf(stage);
    const block = emptyParagraph(stage);
    if (!spot || !block) return null;
    const offset = stage.random.between(0, spot.text.length);
    return { op: { op: 'insertFragment', paragraphId: spot.id, offset, blocks: [block, block] } };
  },
  rewriteTocPageNumbers: (stage) => {
    const toc = find(
      stage,
      (node) => node.kind === 'contentControl' && all(node, local('docPartObj')).length > 0,
    );
    const inside = toc ? all(toc, (node) => node.kind === 'paragraph') : [];
    if (!toc || inside.length === 0) return null;
    const pageNumberText = String(stage.random.below(90));
    const updates = inside.slice(0, 1).map(({ id }) => ({ paragraphId: id, pageNumberText }));
    return { op: { op: 'rewriteTocPageNumbers', tocId: toc.id, updates } };
  },
  setTableProperties: (stage) => {
    const at = inTable(stage);
    return (
      at && { op: { op: 'setTableProperties', tableId: at.tableId, headerRowCount: stage.random.below(2) } }
    );
  },
  setTableRightEdgeWidth: (stage) => {
    const table = find(stage, (node) => node.kind === 'table');
    const grid = table ? all(table, local('gridCol')) : [];
    const last = grid.at(-1);
    if (!table || !last) return null;
    const columnWidthTwips = 1500 + 100 * stage.random.below(6);
    const tableWidthTwips = columnWidthTwips * grid.length;
    const widths = { columnWidthTwips, tableWidthTwips };
    return { op: { op: 'setTableRightEdgeWidth', tableId: table.id, gridColumnId: last.id, ...widths } };
  },
  setTableRowHeight: (stage) => {
    const at = inTable(stage);
    const heightTwips = 300 + 100 * stage.random.below(8);
    return at && { op: { op: 'setTableRowHeight', ...at, heightTwips } };
  },
};

const KINDS = Object.values(RARE);
const TRIES = 6;

const rare: Action = (stage) => {
  const first = stage.random.below(KINDS.length);
  for (let i = 0; i < TRIES; i++) {
    const made = (KINDS[(first + i) % KINDS.length] as Rare)(stage);
    if (made && trying(stage, [made.op], made.acrossParts ?? false)) return true;
  }
  return false;
};

/** Kinds that need something few documents have and nobody makes by chance. */
const RAREST: readonly (keyof typeof RARE)[] = [
  'setFieldCode',
  'removeMathEquation',
  'setListLevel',
  'insertBuildingBlock',
  'setLegacyDropdown',
];

const rarest: Action = (stage) => {
  const first = stage.random.below(RAREST.length);
  for (let i = 0; i < RAREST.length; i++) {
    const made = (RARE[RAREST[(first + i) % RAREST.length] as string] as Rare)(stage);
    if (made && trying(stage, [made.op])) return true;
  }
  return false;
};

export const RARE_ACTIONS: readonly (readonly [name: string, weight: number, action: Action])[] = [
  ['something rare', 16, rare],
  ['something rarest', 3, rarest],
  ['something of the workshop', 2, bring],
];
