import {
  ensureListDefinition,
  type OoxmlNode,
  type OoxmlPackage,
  type OoxmlPart,
  planRevisionBatch,
  relationshipTargetIn,
  type TreeDocOp,
} from '@docx-editor.dev/core/store';
import { encodeAddresses } from './addresses.js';
import { paragraphsOfNotes, rangesWithin } from './boxes.js';
import { CARRIAGE } from './carriage.js';
import { seenRightOf } from './continuation.js';
import { type ChangePlace, sitesOf, sitesWithin } from './decisions.js';
import { charactersOfLink } from './link-steps.js';
import type { Anchor, CharacterRange, JsonValue, Operation } from './operation.js';
import { gapAt } from './overlay.js';
import { bagsOfRuns, deltaFrom, markBag, paragraphBag } from './properties.js';
import { type Found, paragraphOrder, type View } from './view.js';

/** An operation that only replace-blocks can carry, or that is never carried. */
export class NotCarried extends Error {}

/** What the editor did beside its operations, which the operations only name. */
export interface Surroundings {
  /** The part of the edited story. */
  readonly part: string;
  /** Targets of relationships the editor made for links, by relationship id. */
  readonly links?: Readonly<Record<string, string>>;
  /** Kinds of the lists the editor defined, by `numId`. */
  readonly lists?: Readonly<Record<string, 'bullet' | 'ordered'>>;
  /** Where the tracked change stands that is decided. */
  readonly changed?: readonly ChangePlace[];
}

/** Makes the operation for the wire from one of the core, against the state right before it. `key` is `client.n.step`. */
export function translate(view: View, op: TreeDocOp, around: Surroundings, key: string): Operation {
  const carriage = CARRIAGE[op.op];
  if (carriage === undefined || carriage === 'blocks' || carriage === 'refused' || carriage === 'named')
    throw new NotCarried(op.op);
  const tracked = 'revision' in op && op.revision && isAttribution(op) ? { tracked: true as const } : {};
  switch (op.op) {
    case 'insertText': {
      const values: Record<string, JsonValue> = { text: op.text, ...seen(view, op, key) };
      if (op.inside) values.inside = { $node: view.identity.logicalOf(op.inside) };
      if (op.textFormFieldId) values.textFormFieldId = { $node: view.identity.logicalOf(op.textFormFieldId) };
      if (op.bias) values.bias = op.bias;
      return { kind: 'insertText', at: anchor(view, op.paragraphId, op.offset), values, ...tracked };
    }
    case 'deleteText':
      return {
        kind: 'deleteText',
        ranges: rangesWithin(view, found(view, op.paragraphId), op.start, op.end),
        ...tracked,
      };
    case 'splitParagraph': {
      const style = op.tailStyleId === undefined ? {} : { tailStyleId: op.tailStyleId };
      const values = { ...style, ...seen(view, op, key) };
      const at = anchor(view, op.paragraphId, op.offset);
      return { kind: 'splitParagraph', at, ...(Object.keys(values).length === 0 ? {} : { values }) };
    }
    case 'splitParagraphMany': {
      const at = op.offsets.map((offset) => anchor(view, op.paragraphId, offset)) as unknown as JsonValue;
      return { kind: 'splitParagraphMany', values: { at }, ...tracked };
    }
    case 'joinParagraphs':
      return { kind: 'joinParagraphs', values: { second: { $node: view.identity.logicalOf(op.secondId) } } };
    case 'setRunProperties': {
      const paragraph = found(view, op.paragraphId);
      const delta = deltaFrom(bagsOfRuns(paragraph, op.start, op.end), op.properties);
      const values = op.targetRunIds
        ? { values: { targetRunIds: op.targetRunIds.map((id) => ({ $node: view.identity.logicalOf(id) })) } }
        : {};
      return {
        kind: op.op,
        ranges: view.rangesOf(paragraph, op.start, op.end),
        delta,
        ...values,
        ...tracked,
      };
    }
    case 'setParagraphProperties':
    case 'setParagraphMarkProperties': {
      const paragraph = found(view, op.paragraphId);
      const bag = op.op === 'setParagraphProperties' ? paragraphBag(paragraph) : markBag(paragraph);
      const values = { paragraph: { $node: paragraph.logical } };
      return { kind: op.op, delta: deltaFrom([bag], op.properties), values, ...tracked };
    }
    case 'deleteBlock':
    case 'deleteTableRow':
    case 'deleteTableColumn': {
      const target = 'blockId' in op ? op.blockId : op.tableId;
      const values = encodeAddresses(view, without(op)) as Record<string, JsonValue>;
      return {
        kind: op.op,
        ranges: charactersInside(view, target),
        values: { ...values, target: { $node: view.identity.logicalOf(target) } },
        ...tracked,
      };
    }
    case 'setListNumbering':
      return listNumbering(view, op, tracked, key, around.lists ?? {});
    case 'insertHyperlink': {
      const { relationshipId, ...rest } = op;
      const values = encodeAddresses(view, without(rest)) as Record<string, JsonValue>;
      return { kind: op.op, values: { ...values, ...urlOf(view, around, relationshipId) } };
    }
    case 'setHyperlinkTarget':
    case 'removeHyperlink': {
      const { range, linkId, relationshipId, ...rest } = { relationshipId: undefined, ...op };
      const values = {
        linkId: { $node: view.identity.logicalOf(linkId) },
        ...(encodeAddresses(view, without(rest)) as Record<string, JsonValue>),
        ...(range ? { stretch: true } : {}),
        ...urlOf(view, around, relationshipId),
      };
      return { kind: op.op, ranges: charactersOfLink(view, linkId, range), values };
    }
    case 'insertFragment': {
      const { paragraphId, offset, ...rest } = op;
      return {
        kind: 'insertFragment',
        at: anchor(view, paragraphId, offset),
        values: encodeAddresses(view, without(rest)) as Record<string, JsonValue>,
      };
    }
    case 'acceptAllRevisions':
    case 'rejectAllRevisions': {
      // Exactly the changes its author saw: what others propose meanwhile is not decided with them.
      const part = view.pkg.parts.get(around.part);
      const action = op.op === 'acceptAllRevisions' ? 'accept' : 'reject';
      const sites = op.siteNodeIds ?? (part ? sitesToDecide(part, action) : []);
      const values = encodeAddresses(view, { ...without(op), siteNodeIds: sites }) as Record<
        string,
        JsonValue
      >;
      return {
        kind: op.op,
        values,
        ...(around.part === view.pkg.mainDocumentPart ? {} : { part: around.part }),
      };
    }
    case 'acceptRevision':
    case 'rejectRevision': {
      const sites = sitesMeant(view, op, around);
      // Nothing here is what the editor means: what it makes of it is taken as it is.
      if (sites.length === 0) throw new NotCarried(`${op.op}: the tracked change is not known here`);
      const values = encodeAddresses(view, { ...without(op), siteNodeIds: sites }) as Record<
        string,
        JsonValue
      >;
      return {
        kind: op.op,
        values,
        ...(around.part === view.pkg.mainDocumentPart ? {} : { part: around.part }),
      };
    }
    default: {
      const values = encodeAddresses(view, without(op)) as Record<string, JsonValue>;
      const part = around.part === view.pkg.mainDocumentPart ? {} : { part: around.part };
      return { kind: op.op, values, ...part, ...tracked };
    }
  }
}

/** A relationship is this replica's own; its address is everybody's. */
function urlOf(view: View, around: Surroundings, relationshipId: string | undefined): { url?: string } {
  if (relationshipId === undefined) return {};
  const url =
    around.links?.[relationshipId] ?? relationshipTargetIn(view.pkg, around.part, relationshipId)?.target;
  if (url === undefined) throw new NotCarried(`the target of ${relationshipId} is not known here`);
  return { url };
}

/** The nodes of one tracked change: as they are named, by its number, or by its place where the editor's differ. */
function sitesMeant(
  view: View,
  op: Extract<TreeDocOp, { op: 'acceptRevision' | 'rejectRevision' }>,
  { part: name, changed = [] }: Surroundings,
): readonly string[] {
  const named = op.siteNodeIds ?? [];
  const known = named.filter((site) => view.node(view.identity.logicalOf(site)));
  if (known.length > 0 && known.length === named.length) return known;
  const part = view.pkg.parts.get(name);
  const numbered = part ? sitesOf(part, op.revision) : [];
  return numbered.length > 0 ? numbered : sitesWithin(view, op.revision.author, changed);
}

function sitesToDecide(part: OoxmlPart, action: 'accept' | 'reject'): readonly string[] {
  const { ops } = planRevisionBatch(part, action, undefined, undefined, { countRemaining: false });
  return ops.flatMap((each) => ('siteNodeIds' in each ? (each.siteNodeIds ?? []) : []));
}

/** On most kinds `revision` is attribution; on decisions it is the address of a tracked change. */
function isAttribution(op: TreeDocOp): boolean {
  return op.op !== 'acceptRevision' && op.op !== 'rejectRevision';
}

function without(op: object): object {
  const copy: Record<string, unknown> = { ...op };
  if (copy.op !== 'acceptRevision' && copy.op !== 'rejectRevision') delete copy.revision;
  delete copy.op;
  return copy;
}

function found(view: View, node: string): Found {
  const paragraph = view.paragraphByNode(node);
  if (!paragraph) throw new NotCarried(`paragraph ${node} is not known here`);
  return paragraph;
}

function anchor(view: View, node: string, offset: number): Anchor {
  return view.anchorAt(found(view, node), offset);
}

/** What stands right of a place behind which somebody else may be writing on. */
function seen(
  view: View,
  { paragraphId, offset }: { readonly paragraphId: string; readonly offset: number },
  key: string,
): { readonly seen?: Anchor | null } {
  const pieces = view.pieces(found(view, paragraphId));
  const right = seenRightOf(pieces, gapAt(paragraphId, pieces, offset), key);
  return right === undefined ? {} : { seen: right };
}

/** Every live character under a node and in the notes that go with it, as its author sees it now. */
export function charactersInside(view: View, node: string): readonly CharacterRange[] {
  const element = view.node(view.identity.logicalOf(node));
  const part = view.pkg.parts.get(node.slice(0, node.indexOf('#')));
  if (!element || element.kind === 'textValue' || !part) return [];
  return [...paragraphOrder({ ...part, root: element }), ...paragraphsOfNotes(view, element)]
    .map((id) => found(view, id))
    .flatMap((paragraph) => view.rangesOf(paragraph, 0, view.text(paragraph).length));
}

const LIST_KINDS = ['bullet', 'ordered'] as const;

/** A list the editor defined just now is defined again on every replica; its number may differ there. */
function listNumbering(
  view: View,
  op: Extract<TreeDocOp, { op: 'setListNumbering' }>,
  tracked: { tracked?: true },
  key: string,
  made: Readonly<Record<string, 'bullet' | 'ordered'>>,
): Operation {
  const { numId, ...rest } = op;
  const values = encodeAddresses(view, without(rest)) as Record<string, JsonValue>;
  const carried = (number: JsonValue): Operation => ({
    kind: op.op,
    values: { ...values, numId: number },
    ...tracked,
  });
  if (numId === null) return carried(null);
  const known = view.overlay.listKeyOf(numId);
  if (known) return carried({ $list: known });
  if (declaresList(view.pkg, numId)) return carried(numId);
  if (made[numId]) return carried({ $list: key, make: made[numId] });
  for (const make of LIST_KINDS)
    if (ensureListDefinition(view.pkg, make)?.numId === numId) return carried({ $list: key, make });
  return carried(numId);
}

function declaresList(pkg: OoxmlPackage, numId: string): boolean {
  for (const part of pkg.parts.values()) {
    if (part.root.localName !== 'numbering') continue;
    for (const child of part.root.children as readonly OoxmlNode[]) {
      if (child.kind === 'textValue' || child.localName !== 'num') continue;
      if (child.attributes.some((each) => each.localName === 'numId' && each.value === numId)) return true;
    }
  }
  return false;
}
