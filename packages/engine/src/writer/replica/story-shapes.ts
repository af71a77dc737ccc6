import type { TreeDocOpKind } from '@docx-editor.dev/core/store';
import { core, over, own, paragraph, place, type Shape } from './shape.js';
import {
  anchor,
  delta,
  either,
  fields,
  flag,
  isAddress,
  listOf,
  node,
  nodes,
  nothing,
  number,
  oneOf,
  optional,
  properties,
  type Rule,
  text,
  upTo,
  words,
} from './shape-rules.js';
import { element, fieldCode } from './tree-rules.js';

const none = optional(fields({}));

const onlyIf = optional(delta);
/** What stood right of the place for the author of the step. */
const seen = optional(either(nothing, anchor));
const style = optional(text);
const lock = oneOf('unlocked', 'sdtLocked', 'contentLocked', 'sdtContentLocked');
/** ST_LongHexNumber, below the limit of [MS-DOCX] 2.6.2.3. */
const paraId: Rule = (value) => typeof value === 'string' && /^[0-7][0-9A-Fa-f]{7}$/.test(value);
/** Rows or columns made at once. */
const many = upTo(1000);
const revision = fields({ id: text, author: text, date: optional(text) });
const decision = { revision, localName: optional(text), siteNodeIds: optional(nodes) };
const decisions = { siteNodeIds: optional(nodes), scopeRootId: optional(node) };
const control = { controlId: node };
const formField = { fieldNodeId: node };

/** Operations on text, fields, paragraphs, sections, tracked changes, controls and form fields. */
export const STORY_SHAPES = {
  insertText: own(
    fields({
      text: words,
      inside: optional(node),
      textFormFieldId: optional(node),
      bias: optional(oneOf('left', 'right')),
      seen,
    }),
    { at: 'needed' },
  ),
  deleteText: own(none, { ranges: 'needed' }),
  splitParagraph: own(
    optional(
      fields({
        tailStyleId: optional(either(nothing, text)),
        bag: optional(properties),
        seen,
        revives: optional(fields({ paragraph: isAddress as Rule, paraId: optional(paraId) })),
      }),
    ),
    { at: 'needed' },
  ),
  splitParagraphMany: own(fields({ at: listOf(anchor, 5000) })),
  joinParagraphs: own(fields({ second: node })),
  setRunProperties: own(optional(fields({ targetRunIds: optional(nodes), onlyIf })), {
    ranges: 'needed',
    delta: 'needed',
  }),
  setParagraphProperties: own(fields({ paragraph: node, onlyIf }), { delta: 'needed' }),
  setParagraphMarkProperties: own(fields({ paragraph: node, onlyIf }), { delta: 'needed' }),
  deleteBlock: own(fields({ target: node, blockId: node }), { ranges: 'needed' }),
  deleteTableRow: own(fields({ target: node, tableId: node, rowId: node, referenceCellId: optional(node) }), {
    ranges: 'needed',
  }),
  deleteTableColumn: own(fields({ target: node, tableId: node, gridColumnId: node }), { ranges: 'needed' }),
  setListNumbering: own(
    fields({
      ...paragraph,
      numId: either(nothing, text, fields({ $list: isAddress as Rule, make: optional(text) })),
      level: optional(upTo(8)),
    }),
  ),
  insertHyperlink: own(
    fields({
      ...over,
      anchor: optional(text),
      tooltip: optional(text),
      styleId: style,
      url: optional(text),
    }),
  ),
  setHyperlinkTarget: own(
    fields({
      linkId: node,
      stretch: optional(flag),
      anchor: optional(text),
      tooltip: optional(text),
      url: optional(text),
    }),
  ),
  removeHyperlink: own(fields({ linkId: node, stretch: optional(flag) })),
  insertFragment: own(fields({ blocks: listOf(element, 5000), lastMarkCovered: optional(flag) }), {
    at: 'needed',
  }),

  insertTab: core('insertTab', {}, place),
  insertHardBreak: core('insertHardBreak', {}, place),
  insertPageBreak: core('insertPageBreak', {}, place),
  insertPageField: core(
    'insertPageField',
    { field: oneOf('PAGE', 'NUMPAGES', 'SECTIONPAGES', 'PAGE_X_OF_Y') },
    place,
  ),
  insertComplexField: core('insertComplexField', { instruction: fieldCode }, place),
  insertEquation: core('insertEquation', { nodes: listOf(element, 100), length: upTo(1000) }, place),
  setFieldCode: core('setFieldCode', { ...formField, code: fieldCode }, paragraph),
  setFieldResult: core('setFieldResult', { ...formField, text }, paragraph),
  refreshFieldResults: core('refreshFieldResults', {
    updates: listOf(fields({ ...paragraph, fieldNodeId: node, text }), 5000),
  }),
  setMathEquation: core('setMathEquation', { equationId: node, linear: text }),
  removeMathEquation: core('removeMathEquation', { equationId: node }),
  setParagraphMarkRevision: core('setParagraphMarkRevision', { kind: oneOf('ins', 'del') }, paragraph),
  proposeParagraphMerge: core('proposeParagraphMerge', {}, paragraph),
  acceptRevision: core(
    'acceptRevision',
    { localName: decision.localName, siteNodeIds: decision.siteNodeIds },
    { revision },
  ),
  rejectRevision: core(
    'rejectRevision',
    { localName: decision.localName, siteNodeIds: decision.siteNodeIds },
    { revision },
  ),
  acceptAllRevisions: core('acceptAllRevisions', decisions),
  rejectAllRevisions: core('rejectAllRevisions', decisions),
  setListLevel: core('setListLevel', { level: upTo(8) }, paragraph),
  setParagraphTabStops: core(
    'setParagraphTabStops',
    {
      stops: listOf(
        fields({
          positionTwips: number,
          alignment: oneOf('left', 'center', 'right', 'decimal', 'bar'),
          leader: optional(oneOf('none', 'dot', 'hyphen', 'underscore', 'heavy', 'middleDot')),
        }),
        200,
      ),
      inForcePositionsTwips: optional(listOf(number, 200)),
    },
    paragraph,
  ),
  setSectionProperties: core('setSectionProperties', {
    pageWidthTwips: optional(number),
    pageHeightTwips: optional(number),
    orientation: optional(oneOf('portrait', 'landscape')),
    marginTopTwips: optional(number),
    marginRightTwips: optional(number),
    marginBottomTwips: optional(number),
    marginLeftTwips: optional(number),
    anchorParagraphId: optional(node),
  }),
  setSectionMark: core('setSectionMark', { breakType: optional(oneOf('nextPage', 'continuous')) }, paragraph),
  insertBookmark: core('insertBookmark', { name: words }, { start: fields(place), end: fields(place) }),
  deleteBookmark: core('deleteBookmark', {
    name: words,
    keepFirst: optional(flag),
    pair: optional(fields({ startNodeId: node, endNodeId: node })),
  }),
  setContentControlValue: core('setContentControlValue', {
    ...control,
    value: either(
      text,
      fields({ kind: oneOf('text'), text }),
      fields({ kind: oneOf('listItem'), value: text }),
      fields({ kind: oneOf('checkbox'), checked: flag }),
      fields({ kind: oneOf('date'), iso: text }),
    ),
  }),
  setContentControlProperties: core('setContentControlProperties', {
    ...control,
    tag: optional(either(nothing, text)),
    alias: optional(either(nothing, text)),
    lock: optional(lock),
  }),
  removeContentControl: core('removeContentControl', { ...control, keepContent: optional(flag) }),
  insertContentControl: core(
    'insertContentControl',
    {
      type: oneOf('richText', 'plainText', 'dropDownList', 'comboBox', 'date'),
      tag: optional(text),
      alias: optional(text),
      lock: optional(lock),
    },
    over,
  ),
  insertInlineContentControl: core(
    'insertInlineContentControl',
    {
      tag: text,
      text,
      alias: optional(text),
      lock: optional(lock),
      dataBinding: optional(fields({ prefixMappings: text, xpath: text, storeItemId: text })),
    },
    place,
  ),
  insertBuildingBlock: core('insertBuildingBlock', {
    ...control,
    name: text,
    blocks: listOf(element, 5000),
  }),
  setTextFormFieldDefault: core(
    'setTextFormFieldDefault',
    {
      ...formField,
      locale: optional(text),
      text,
      options: optional(
        fields({
          type: oneOf('regular', 'number', 'date'),
          maxLength: upTo(65_536),
          format: text,
          enabled: flag,
        }),
      ),
    },
    paragraph,
  ),
  commitTextFormField: core('commitTextFormField', { ...formField, locale: optional(text) }, paragraph),
  setLegacyCheckbox: core('setLegacyCheckbox', { ...formField, checked: flag }, paragraph),
  setLegacyDropdown: core('setLegacyDropdown', { ...formField, selectedIndex: many }, paragraph),
} satisfies Partial<Record<TreeDocOpKind, Shape>>;
