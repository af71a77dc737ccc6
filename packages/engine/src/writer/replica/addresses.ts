import { collectSectionPropertyNodes } from '@docx-editor.dev/core/store';
import { bytesCarried, carriedBytes } from './carried-bytes.js';
import type { CharacterRange, JsonValue, LogicalId } from './operation.js';
import type { View } from './view.js';

/** Fields of the core's operations that name one node. */
const NODE_FIELDS = new Set([
  'anchorParagraphId',
  'beforeBlockId',
  'beforeParagraphId',
  'blockId',
  'cellId',
  'columnId',
  'controlId',
  'drawingNodeId',
  'endNodeId',
  'equationId',
  'fieldNodeId',
  'firstId',
  'gridColumnId',
  'headingParagraphId',
  'inside',
  'leftGridColumnId',
  'linkId',
  'nodeId',
  'paragraphId',
  'referenceCellId',
  'rightGridColumnId',
  'rowId',
  'scopeRootId',
  'secondId',
  'startNodeId',
  'storyRootId',
  'tableId',
  'textFormFieldId',
  'tocId',
]);

/** Fields that name several. */
const NODE_LISTS = new Set([
  'cellIds',
  'siteNodeIds',
  'targetRunIds',
  'rowIds',
  'columnIds',
  'gridColumnIds',
]);

/** Paragraph fields whose target, once joined or removed, is the paragraph its text went to. */
const FOLLOWS_TEXT = new Set(['anchorParagraphId', 'beforeParagraphId', 'headingParagraphId', 'paragraphId']);

type Json = { readonly [key: string]: unknown };

const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);

/** An operation of the core with its node ids and offsets exchanged for addresses. Null when one is unknown here. */
export function encodeAddresses(view: View, value: unknown): JsonValue | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  if (value instanceof Uint8Array) return carriedBytes(value);
  if (Array.isArray(value)) return value.map((each) => encodeAddresses(view, each) ?? null);
  if (!isRecord(value)) return undefined;
  const result: Record<string, JsonValue> = {};
  const { paragraphId, offset, start, end } = value;
  const skip = new Set<string>();
  if (typeof paragraphId === 'string') {
    const paragraph = view.paragraphByNode(paragraphId);
    if (paragraph && typeof offset === 'number') {
      result.$at = view.anchorAt(paragraph, offset) as unknown as JsonValue;
      for (const key of ['paragraphId', 'offset']) skip.add(key);
    } else if (paragraph && typeof start === 'number' && typeof end === 'number') {
      result.$over = view.rangesOf(paragraph, start, end) as unknown as JsonValue;
      if (start === end) result.$at = view.anchorAt(paragraph, start) as unknown as JsonValue;
      for (const key of ['paragraphId', 'start', 'end']) skip.add(key);
    }
  }
  for (const [key, each] of Object.entries(value)) {
    if (skip.has(key) || each === undefined) continue;
    if (key === 'sectionIndex' && typeof each === 'number') result[key] = sectionAddress(view, each);
    else if (NODE_FIELDS.has(key) && typeof each === 'string')
      result[key] = { $node: view.identity.logicalOf(each) };
    else if (NODE_LISTS.has(key) && Array.isArray(each))
      result[key] = each.map((id) => ({ $node: view.identity.logicalOf(String(id)) }));
    else {
      const encoded = encodeAddresses(view, each);
      if (encoded !== undefined) result[key] = encoded;
    }
  }
  return result;
}

/** A section by the node of its properties; by its place only when it has none or the core made them anew. */
function sectionAddress(view: View, index: number): JsonValue {
  const mark = sectionMarks(view)[index];
  return { $section: index, $mark: mark ? view.identity.logicalOf(mark) : null };
}

function sectionOf(view: View, index: number, mark: JsonValue | undefined): number {
  const marks = sectionMarks(view);
  const found = typeof mark === 'string' ? marks.indexOf(view.identity.nodeOf(mark)) : marks.length - 1;
  return found >= 0 ? found : Math.min(index, marks.length - 1);
}

function sectionMarks(view: View): readonly (string | null)[] {
  const main = view.pkg.parts.get(view.pkg.mainDocumentPart);
  return main ? collectSectionPropertyNodes(main.root).map((node) => node?.id ?? null) : [];
}

/** A target that is not there: the world changed. */
export class TargetGone extends Error {}

/** What decoding learnt about where the operation writes. */
export interface Decoded {
  readonly value: unknown;
  /** Name of the part of the first address met. */
  readonly part: string | null;
}

/** The core's operation for the current state. Throws `TargetGone` when something it needs is not there. */
export function decodeAddresses(view: View, value: JsonValue): Decoded {
  let part: string | null = null;
  const see = (logical: string) => {
    const cut = logical.indexOf('#');
    part ??= cut < 0 ? null : logical.slice(0, cut);
  };
  const nodeOf = (logical: LogicalId, field: string): string => {
    if (FOLLOWS_TEXT.has(field)) {
      const paragraph = view.paragraph(logical) ?? view.gap([`^${logical}`, 0])?.paragraph;
      if (!paragraph) throw new TargetGone(`${field} ${logical}`);
      see(paragraph.logical);
      return paragraph.node;
    }
    see(logical);
    if (!view.node(logical)) throw new TargetGone(`${field} ${logical}`);
    return view.identity.nodeOf(logical);
  };
  /** Tracked changes that somebody decided meanwhile need no decision any more. */
  const sitesOf = (each: JsonValue): readonly string[] => {
    const sites = (each as readonly { readonly $node: string }[]).map(({ $node }) => $node);
    const left = sites.filter((site) => view.node(site));
    if (sites.length > 0 && left.length === 0) throw new TargetGone('the tracked changes are decided');
    return left.map((site) => nodeOf(site, 'siteNodeIds'));
  };
  const walk = (each: JsonValue, field: string): unknown => {
    if (each === null || typeof each !== 'object') return each;
    if (field === 'siteNodeIds') return sitesOf(each);
    if (Array.isArray(each)) return (each as readonly JsonValue[]).map((item) => walk(item, field));
    const record = each as { readonly [key: string]: JsonValue };
    if (record.$bytes !== undefined) return bytesCarried(record.$bytes);
    if (typeof record.$node === 'string') return nodeOf(record.$node, field);
    if (typeof record.$section === 'number') return sectionOf(view, record.$section, record.$mark);
    const result: Record<string, unknown> = {};
    if (record.$over !== undefined) {
      const intervals = view.intervals(record.$over as unknown as readonly CharacterRange[]);
      const first = intervals[0];
      const place = first ? null : record.$at ? view.gap(record.$at as unknown as [string, number]) : null;
      const paragraph = first?.paragraph ?? place?.paragraph;
      if (!paragraph) throw new TargetGone('the characters are gone');
      see(paragraph.logical);
      result.paragraphId = paragraph.node;
      result.start = first?.start ?? place?.gap.offset;
      result.end = first
        ? Math.max(...intervals.filter((i) => i.paragraph.node === paragraph.node).map((i) => i.end))
        : place?.gap.offset;
    } else if (record.$at !== undefined) {
      const place = view.gap(record.$at as unknown as [string, number]);
      if (!place) throw new TargetGone(`position ${JSON.stringify(record.$at)}`);
      see(place.paragraph.logical);
      result.paragraphId = place.paragraph.node;
      result.offset = place.gap.offset;
    }
    for (const [key, item] of Object.entries(record)) if (!key.startsWith('$')) result[key] = walk(item, key);
    return result;
  };
  const decoded = walk(value, '');
  return { value: decoded, part };
}
