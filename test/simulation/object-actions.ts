import {
  findNode,
  type OoxmlElement,
  type OoxmlNode,
  parentNodeOf,
  type TreeDocOp,
} from '@docx-editor.dev/core/store';
import { type Action, booked, newText, type Stage, spotOf } from './actions.js';
import { pieceSaying } from './clipboard.js';
import { all, children, find } from './structure-actions.js';

/** Fields, equations, drawings, notes, headers and whatever else stands in text or beside it. */

const local = (name: string) => (node: OoxmlElement) => node.localName === name;

/** Tries an edit whose effect on tokens is known only by what the editor shows. */
export const trying = (stage: Stage, ops: readonly TreeDocOp[], lifecycle = false): boolean =>
  stage.person.edit(ops, lifecycle);

/** The innermost paragraph around a node. */
export function paragraphHolding(stage: Stage, id: string): string | null {
  const { main } = stage.person.editor;
  let around: OoxmlNode | null = findNode(main, id);
  while (around && around.kind !== 'paragraph') around = parentNodeOf(main, around.id);
  return around?.id ?? null;
}

const equation: Action = (stage) => {
  const { random } = stage;
  const math = find(stage, local('oMath'));
  if (!math) return false;
  const spot = spotOf(stage);
  const at = spot && { paragraphId: spot.id, offset: random.between(0, spot.text.length) };
  const choices: TreeDocOp[] = [
    { op: 'setMathEquation', equationId: math.id, linear: random.pick(['a+b', 'x^2', 'a/b']) },
    { op: 'setMathEquation', equationId: math.id, linear: 'y_1=z' },
  ];
  if (random.chance(0.3)) choices.push({ op: 'removeMathEquation', equationId: math.id });
  if (at) choices.push({ op: 'insertEquation', ...at, nodes: [math], length: 1 });
  return trying(stage, [random.pick(choices)]);
};

const field: Action = (stage) => {
  const { random } = stage;
  const begins = (node: OoxmlElement) =>
    node.localName === 'fldSimple' ||
    (node.localName === 'fldChar' && node.attributes.some((each) => each.value === 'begin'));
  const node = find(stage, begins);
  const paragraphId = node && paragraphHolding(stage, node.id);
  if (!node || !paragraphId) return false;
  const at = { paragraphId, fieldNodeId: node.id };
  const text = random.pick(['7', 'Monday', 'x y']);
  return trying(stage, [
    random.pick<TreeDocOp>([
      { op: 'setFieldCode', ...at, code: random.pick(['NUMPAGES', 'PAGE']) },
      { op: 'setFieldResult', ...at, text },
      { op: 'refreshFieldResults', updates: [{ ...at, text }] },
      { op: 'setLegacyCheckbox', ...at, checked: random.chance(0.5) },
      { op: 'setLegacyDropdown', ...at, selectedIndex: random.below(2) },
      { op: 'setTextFormFieldDefault', ...at, text },
      { op: 'commitTextFormField', ...at },
    ]),
  ]);
};

const contents: Action = (stage) => {
  const { person, random } = stage;
  const toc = find(
    stage,
    (node) => node.kind === 'contentControl' && all(node, local('docPartObj')).length > 0,
  );
  const spot = spotOf(stage);
  if (!spot) return false;
  const bookmarkName = `_Toc${random.below(1e8)}`;
  const level = 1;
  const entry = { level, text: 'Heading', headingParagraphId: spot.id, bookmarkName, pageNumberText: '3' };
  const made = { entries: [entry], bookmarksToCreate: [{ paragraphId: spot.id, name: bookmarkName }] };
  if (!toc) {
    const first = person.editor.paragraphs()[0]?.id ?? spot.id;
    const alias = 'Table of Contents';
    return trying(stage, [
      { op: 'insertToc', beforeParagraphId: first, instruction: 'TOC \\o "1-3" \\h \\z \\u', alias, ...made },
    ]);
  }
  const inside = all(toc, (node) => node.kind === 'paragraph');
  const updates = inside.map(({ id }) => ({ paragraphId: id, pageNumberText: String(random.below(90)) }));
  return trying(stage, [
    random.pick<TreeDocOp>([
      { op: 'replaceTocResult', tocId: toc.id, ...made },
      { op: 'rewriteTocPageNumbers', tocId: toc.id, updates: updates.slice(-1) },
      { op: 'removeToc', tocId: toc.id },
    ]),
  ]);
};

const drawing: Action = (stage) => {
  const { random } = stage;
  const node = find(stage, (each) => each.kind === 'drawing');
  if (!node) return false;
  const drawingNodeId = node.id;
  const crop = { left: 0.1, top: 0, right: 0.1, bottom: 0 };
  const choices: TreeDocOp[] = [
    { op: 'resizeDrawing', drawingNodeId, extentEmu: { cx: 500_000, cy: random.between(1, 9) * 100_000 } },
    { op: 'cropDrawing', drawingNodeId, crop },
    { op: 'positionDrawing', drawingNodeId, position: { horizontalEmu: 10_000, verticalEmu: 20_000 } },
    { op: 'setDrawingWrap', drawingNodeId, wrap: random.pick(['square', 'inline', 'topAndBottom']) },
    { op: 'setDrawingMetadata', drawingNodeId, title: 'Title', description: 'Words' },
    { op: 'setDrawingLocks', drawingNodeId, locks: { move: random.chance(0.5) } },
    { op: 'transformDrawing', drawingNodeId, action: random.pick(['rotateCW', 'flipH']) },
  ];
  if (random.chance(0.3)) choices.push({ op: 'deleteDrawing', drawingNodeId });
  return trying(stage, [random.pick(choices)]);
};

const notes: Action = (stage) => {
  const { random } = stage;
  const node = find(
    stage,
    (each) => each.localName === 'footnoteReference' || each.localName === 'endnoteReference',
  );
  const id = node?.attributes.find((each) => each.localName === 'id')?.value;
  const kind = node?.localName === 'endnoteReference' ? 'endnote' : 'footnote';
  const choices: TreeDocOp[] = [
    {
      op: 'setNoteProperties',
      scope: 'document',
      [kind]: { numFmt: random.pick(['decimal', 'lowerRoman']) },
    },
  ];
  if (id !== undefined) {
    choices.push({ op: 'deleteNote', noteKind: kind, noteId: Number(id) });
    choices.push({ op: 'convertNote', fromKind: kind, noteId: Number(id) });
    choices.push({ op: 'convertAllNotes', fromKind: kind });
  }
  return trying(stage, [random.pick(choices)], true);
};

const bands: Action = (stage) => {
  const { random } = stage;
  const kind = random.pick(['header', 'footer'] as const);
  const at = { sectionIndex: random.below(2), kind, variant: 'default' as const };
  return trying(
    stage,
    [
      random.pick<TreeDocOp>([
        { op: 'createHeaderFooter', ...at },
        { op: 'deleteHeaderFooter', ...at },
        { op: 'linkToPrevious', ...at },
        { op: 'unlinkFromPrevious', ...at },
      ]),
    ],
    true,
  );
};

const protection: Action = (stage) =>
  trying(stage, [{ op: 'setDocumentProtection', enforce: stage.random.chance(0.2) }], true);

const fragment: Action = (stage) => {
  const { person, random } = stage;
  const spot = spotOf(stage);
  if (!spot) return false;
  const text = newText(stage);
  const place = { nodeId: spot.id, offset: random.between(0, spot.text.length) };
  const lastMarkCovered = random.chance(0.5);
  const step = person.client.perform(
    { do: 'pasteFragment', at: place, fragment: pieceSaying(text), lastMarkCovered },
    person.now,
  );
  if (!person.follow(step, 'paste')) return false;
  booked(stage, text);
  return true;
};

const textBox: Action = (stage) => {
  const boxes = all(stage.person.editor.main.root, local('txbxContent'));
  const paragraph = boxes[0] && all(stage.random.pick(boxes), (node) => node.kind === 'paragraph')[0];
  if (!paragraph) return false;
  const text = newText(stage);
  const offset = stage.random.between(0, stage.person.editor.textOf(paragraph.id).length);
  if (!stage.person.edit([{ op: 'insertText', paragraphId: paragraph.id, offset, text }])) return false;
  booked(stage, text);
  return true;
};

const bookmark: Action = (stage) => {
  const start = find(stage, (node) => node.kind === 'bookmarkStart');
  const name = start?.attributes.find((each) => each.localName === 'name')?.value;
  return name ? trying(stage, [{ op: 'deleteBookmark', name }]) : false;
};

const inlineControl: Action = (stage) => {
  const spot = spotOf(stage);
  if (!spot) return false;
  const at = { paragraphId: spot.id, offset: stage.random.between(0, spot.text.length) };
  const text = newText(stage);
  if (!stage.person.edit([{ op: 'insertInlineContentControl', ...at, tag: 'tag', text }])) return false;
  booked(stage, text);
  return true;
};

const markRevision: Action = (stage) => {
  const spot = spotOf(stage);
  if (!spot) return false;
  const { revision } = stage.person;
  const paragraphId = spot.id;
  return trying(stage, [
    stage.random.pick<TreeDocOp>([
      { op: 'setParagraphMarkRevision', paragraphId, kind: 'ins', revision },
      { op: 'proposeParagraphMerge', paragraphId, revision },
    ]),
  ]);
};

const decideByAddress: Action = (stage) => {
  const { person, random } = stage;
  const node = find(stage, (each) => each.kind === 'revisionInsert' || each.kind === 'revisionDelete');
  const [id, author, date] = ['id', 'author', 'date'].map(
    (name) => node?.attributes.find((each) => each.localName === name)?.value,
  );
  if (id === undefined || author === undefined) return false;
  const revision = { id, author, ...(date === undefined ? {} : { date }) };
  const op: TreeDocOp = { op: random.pick(['acceptRevision', 'rejectRevision'] as const), revision };
  const intent = { do: 'operations', operations: [op], scope: { kind: 'body' } } as const;
  return person.follow(person.client.perform(intent, person.now), 'decide by address');
};

const authorTable: Action = (stage) => {
  const { random } = stage;
  const table = find(stage, (node) => node.kind === 'table');
  const cell = table && all(table, (node) => node.kind === 'tableCell')[0];
  if (!table || !cell || children(table).length > 10) return false;
  const mutation = random.pick([
    { kind: 'addRows', location: 'end', count: 1 } as const,
    { kind: 'addColumns', location: 'end', count: 1 } as const,
    { kind: 'cell', cellId: cell.id, verticalAlignment: 'Center' } as const,
  ]);
  return trying(stage, [{ op: 'authorTable', action: { kind: 'existing', tableId: table.id, mutation } }]);
};

export const OBJECT_ACTIONS: readonly (readonly [name: string, weight: number, action: Action])[] = [
  ['equation', 2, equation],
  ['field', 5, field],
  ['contents', 2, contents],
  ['drawing', 6, drawing],
  ['notes', 2, notes],
  ['headers and footers', 2.5, bands],
  ['protection', 0.5, protection],
  ['paste fragment', 1, fragment],
  ['text box', 2, textBox],
  ['bookmark', 1, bookmark],
  ['inline control', 0.7, inlineControl],
  ['mark revision', 1.2, markRevision],
  ['decide by address', 1.5, decideByAddress],
  ['author table', 1, authorTable],
];
