import {
  findNode,
  fnv1a32,
  insertChildren,
  type OoxmlElement,
  type OoxmlNode,
  type OoxmlPackage,
  type OoxmlPart,
  paraIdOf,
  removeNode,
  replaceNode,
  withPart,
} from '@docx-editor.dev/core/store';
import { expectAbsence } from './absence.js';
import { fingerprint, sameContent } from './block-content.js';
import { bytesCarried, carriedBytes } from './carried-bytes.js';
import { expectOwnToReturn, returned, type Standing } from './comeback.js';
import { type Frame, malformed, StepRefused } from './frame.js';
import { partOf } from './identity.js';
import type { JsonValue, LogicalId, Operation } from './operation.js';
import { expectSafe } from './safety.js';
import { isElementNode } from './tree-change.js';
import type { View } from './view.js';

/**
 * Replacing blocks under an optimistic lock: the author states what each block was; where it is something else by
 * now, the whole operation is refused on every replica alike. The lock is the content itself, so no replica and no
 * server has to keep lock state.
 */

/** Siblings that change together: `remove` stand directly after `after`, `insert` takes their place. */
interface Segment {
  readonly container: LogicalId;
  readonly after: LogicalId | null;
  readonly remove: readonly { readonly id: LogicalId; readonly print: string }[];
  /** Trees of the core; ids of nodes that go on living, `~n` for new ones. */
  readonly insert: readonly OoxmlNode[];
}

interface PartChange {
  readonly name: string;
  /** Prefixes the blocks use that the part's root may not bind yet. */
  readonly bindings: OoxmlElement['namespaceBindings'];
  readonly segments: readonly Segment[];
}

interface Replacement {
  readonly parts: readonly PartChange[];
  /** Parts that must be exactly what they were (`print`) and become `part`; null adds or removes one. */
  readonly whole: readonly {
    readonly name: string;
    readonly print: string | null;
    readonly part: OoxmlPart | null;
  }[];
  readonly relationships: readonly {
    readonly owner: string;
    readonly print: string;
    readonly records: JsonValue;
  }[];
  readonly bytes: readonly { readonly name: string; readonly content: JsonValue }[];
  readonly package: {
    readonly print: string;
    readonly contentTypes: JsonValue;
    readonly externalTargets: JsonValue;
  } | null;
  /** What the paragraphs that come back held: an undo gives their characters the addresses they had. */
  readonly standing?: readonly Standing[];
}

const printOf = (value: unknown): string => {
  const text = JSON.stringify(toJson(value) ?? null);
  return `${text.length.toString(36)}.${fnv1a32(text).toString(36)}`;
};

export interface DifferenceOptions {
  /**
   * Both packages are states of this replica: what comes back keeps its name. Otherwise the second is of the editor that
   * this replica feeds: what it left has the same id in both, and what it made is named anew.
   */
  readonly keepNames: boolean;
}

/** What leads from one package to another, as values of a replace-blocks operation; null when nothing differs. */
export function differenceOf(
  from: OoxmlPackage,
  to: OoxmlPackage,
  view: View,
  options: DifferenceOptions,
): Record<string, JsonValue> | null {
  const parts: PartChange[] = [];
  const whole: { name: string; print: string | null; part: OoxmlPart | null }[] = [];
  for (const [name, part] of to.parts) {
    const old = from.parts.get(name);
    if (old?.root === part.root) continue;
    if (!old) whole.push({ name, print: null, part: named(part, [], view, options) });
    else {
      const segments = segmentsBetween(old, part, view, options);
      if (segments === null)
        whole.push({ name, print: fingerprint(old), part: named(part, [old.root], view, options) });
      else if (segments.length > 0) parts.push({ name, segments, bindings: part.root.namespaceBindings });
    }
  }
  for (const [name, part] of from.parts)
    if (!to.parts.has(name)) whole.push({ name, print: fingerprint(part), part: null });
  const relationships: { owner: string; print: string; records: JsonValue }[] = [];
  for (const owner of new Set([...from.relationships.keys(), ...to.relationships.keys()])) {
    const [old, now] = [from.relationships.get(owner) ?? null, to.relationships.get(owner) ?? null];
    if (old !== now && printOf(old) !== printOf(now))
      relationships.push({ owner, print: printOf(old), records: (now ?? null) as unknown as JsonValue });
  }
  const bytes: { name: string; content: JsonValue }[] = [];
  for (const [name, content] of to.partBytes) {
    if (to.parts.has(name) || same(from.partBytes.get(name), content)) continue;
    bytes.push({ name, content: carriedBytes(content) });
  }
  const shell = (pkg: OoxmlPackage) => [toJson(pkg.contentTypes), pkg.externalTargets];
  const changedShell = printOf(shell(from)) !== printOf(shell(to));
  if (parts.length + whole.length + relationships.length + bytes.length === 0 && !changedShell) return null;
  const replacement: Replacement = {
    parts,
    whole,
    relationships,
    bytes,
    package: changedShell
      ? {
          print: printOf(shell(from)),
          contentTypes: toJson(to.contentTypes) as JsonValue,
          externalTargets: to.externalTargets as unknown as JsonValue,
        }
      : null,
  };
  return replacement as unknown as Record<string, JsonValue>;
}

/** The blocks a replacement locks: the server may refuse early when one of them changed after `base`. */
export function touchedBy(values: Record<string, JsonValue>): readonly LogicalId[] {
  const { parts } = values as unknown as Replacement;
  return parts.flatMap(({ segments }) => segments.flatMap(({ remove }) => remove.map(({ id }) => id)));
}

/** Null when the parts are too different to be told apart child by child. */
function segmentsBetween(
  old: OoxmlPart,
  now: OoxmlPart,
  view: View,
  options: DifferenceOptions,
): Segment[] | null {
  const { identity } = view;
  const segments: Segment[] = [];
  let fresh = 0;
  const compare = (before: OoxmlElement, after: OoxmlElement): boolean => {
    if (before.localName !== after.localName) return false;
    // The root's own attributes and bindings are the writer's business: blocks carry what they need.
    if (before !== old.root && shellPrint(before) !== shellPrint(after)) return false;
    const a = before.children as readonly OoxmlNode[];
    const b = after.children as readonly OoxmlNode[];
    const equal = (x: OoxmlNode | undefined, y: OoxmlNode | undefined) =>
      !!x && !!y && (sameContent(x, y) || (!options.keepNames && x.id === y.id && sameContent(x, y, true)));
    let start = 0;
    while (start < a.length && start < b.length && equal(a[start], b[start])) start++;
    let endA = a.length;
    let endB = b.length;
    while (endA > start && endB > start && equal(a[endA - 1], b[endB - 1])) {
      endA--;
      endB--;
    }
    if (start === endA && start === endB) return true;
    const only = endA === start + 1 && endB === start + 1;
    const [x, y] = [a[start], b[start]];
    if (only && x && y && isElementNode(x) && isElementNode(y) && deepens(x) && compare(x, y)) return true;
    const removed = a.slice(start, endA);
    const keeper = new Keeper(removed, view, options, () => `~${fresh++}`);
    const left = a[start - 1];
    segments.push({
      container: identity.logicalOf(before.id),
      after: left ? identity.logicalOf(left.id) : null,
      remove: removed.map((node) => ({ id: identity.logicalOf(node.id), print: fingerprint(node) })),
      insert: b.slice(start, endB).map((node) => keeper.keep(node)),
    });
    return true;
  };
  return compare(old.root, now.root) ? segments : null;
}

/** A whole part by names that hold on every replica: node ids are this one's own. */
function named(
  part: OoxmlPart,
  removed: readonly OoxmlNode[],
  view: View,
  options: DifferenceOptions,
): OoxmlPart {
  let fresh = 0;
  const keeper = new Keeper(removed, view, options, () => `~${fresh++}`);
  return { ...part, root: keeper.keep(part.root) as OoxmlElement };
}

/** Containers worth looking into, so that a lock covers a block and not the whole story. */
function deepens(node: OoxmlElement): boolean {
  return node.kind === 'body' || node.kind === 'note' || node.localName === 'body';
}

function shellPrint(node: OoxmlElement): string {
  return JSON.stringify([node.attributes, node.namespaceBindings]);
}

/** Gives the nodes of a replacement the ids of what they replace where they are the same thing. */
class Keeper {
  private readonly byParaId = new Map<string, string>();
  private readonly byNodeId = new Set<string>();
  private readonly used = new Set<string>();

  constructor(
    removed: readonly OoxmlNode[],
    private readonly view: View,
    private readonly options: DifferenceOptions,
    private readonly fresh: () => string,
  ) {
    const walk = (node: OoxmlNode): void => {
      this.byNodeId.add(node.id);
      if (!isElementNode(node)) return;
      const paraId = node.kind === 'paragraph' ? paraIdOf(node) : null;
      if (paraId) this.byParaId.set(paraId.toUpperCase(), node.id);
      for (const child of node.children as readonly OoxmlNode[]) walk(child);
    };
    for (const node of removed) walk(node);
  }

  keep(node: OoxmlNode): OoxmlNode {
    const id = this.idFor(node);
    if (!isElementNode(node)) return { ...node, id };
    const children = (node.children as readonly OoxmlNode[]).map((child) => this.keep(child));
    return { ...node, id, children } as unknown as OoxmlNode;
  }

  private idFor(node: OoxmlNode): string {
    if (this.options.keepNames) return this.view.identity.logicalOf(node.id);
    const paraId = node.kind === 'paragraph' ? paraIdOf(node)?.toUpperCase() : undefined;
    const sameId = this.byNodeId.has(node.id) && node.kind !== 'textValue' ? node.id : undefined;
    const known = sameId ?? (paraId ? this.byParaId.get(paraId) : undefined);
    if (!known || this.used.has(known)) return this.fresh();
    this.used.add(known);
    return this.view.identity.logicalOf(known);
  }
}

export function replaceBlocks(frame: Frame, operation: Operation): void {
  const change = operation.values as unknown as Replacement | undefined;
  if (!change || !Array.isArray(change.parts)) throw malformed('replaceBlocks without blocks');
  const standing = change.standing ?? [];
  expectOwnToReturn(frame, standing);
  expectAbsence(frame, change);
  let pkg = frame.pkg;
  for (const { name, segments, bindings } of change.parts) {
    const bound = pkg.parts.get(name);
    if (bound) pkg = withPart(pkg, withBindings(bound, bindings));
    for (const segment of segments) {
      const part = pkg.parts.get(name);
      if (!part) throw changed(`part ${name} is gone`);
      pkg = withPart(pkg, replaceSegment(frame, part, segment));
    }
  }
  for (const { name, print, part } of change.whole) {
    const current = pkg.parts.get(name);
    if ((current ? fingerprint(current) : null) !== print) throw changed(`part ${name} is not what it was`);
    const parts = new Map(pkg.parts);
    const partBytes = new Map(pkg.partBytes);
    if (part) parts.set(name, { ...part, root: adopted(frame, part.root, name) as OoxmlElement });
    else {
      parts.delete(name);
      partBytes.delete(name);
    }
    if (part && !partBytes.has(name)) partBytes.set(name, new Uint8Array());
    pkg = Object.freeze({ ...pkg, parts, partBytes });
  }
  pkg = withShell(pkg, change);
  const before = frame.pkg;
  if (pkg === before) return;
  expectSafe(before, pkg);
  frame.install(pkg, frame.keptIds, returned(frame, standing));
}

const changed = (what: string) => new StepRefused('target-changed', what, true);

function withShell(pkg: OoxmlPackage, change: Replacement): OoxmlPackage {
  let current = pkg;
  if (change.relationships.length > 0) {
    const relationships = new Map(current.relationships);
    for (const { owner, print, records } of change.relationships) {
      if (printOf(relationships.get(owner) ?? null) !== print) throw changed(`relationships of ${owner}`);
      if (records === null) relationships.delete(owner);
      else relationships.set(owner, records as never);
    }
    current = Object.freeze({ ...current, relationships });
  }
  if (change.bytes.length > 0) {
    const partBytes = new Map(current.partBytes);
    for (const { name, content } of change.bytes)
      if (content) partBytes.set(name, bytesCarried((content as { readonly $bytes: JsonValue }).$bytes));
    current = Object.freeze({ ...current, partBytes });
  }
  if (change.package) {
    if (printOf([toJson(current.contentTypes), current.externalTargets]) !== change.package.print)
      throw changed('the list of parts');
    const contentTypes = fromJson(change.package.contentTypes) as OoxmlPackage['contentTypes'];
    const externalTargets = change.package.externalTargets as unknown as OoxmlPackage['externalTargets'];
    current = Object.freeze({ ...current, contentTypes, externalTargets });
  }
  return current;
}

function withBindings(part: OoxmlPart, wanted: OoxmlElement['namespaceBindings']): OoxmlPart {
  const known = part.root.namespaceBindings;
  const missing = wanted.filter(({ prefix }) => !known.some((each) => each.prefix === prefix));
  if (missing.length === 0) return part;
  const namespaceBindings = Object.freeze([...known, ...missing.map((each) => Object.freeze({ ...each }))]);
  return Object.freeze({ ...part, root: Object.freeze({ ...part.root, namespaceBindings }) as OoxmlElement });
}

function replaceSegment(frame: Frame, part: OoxmlPart, segment: Segment): OoxmlPart {
  const { identity } = frame;
  const nodeOf = (logical: LogicalId) => identity.nodeOf(logical);
  const container = findNode(part, nodeOf(segment.container));
  if (!container || !isElementNode(container)) throw changed('the place of the blocks is gone');
  const siblings = container.children as readonly OoxmlNode[];
  let index: number;
  const first = segment.remove[0];
  if (first) {
    index = siblings.findIndex((node) => node.id === nodeOf(first.id));
    segment.remove.forEach(({ id, print }, i) => {
      const node = siblings[index + i];
      if (index < 0 || node?.id !== nodeOf(id) || fingerprint(node) !== print)
        throw changed(`block ${id} is not what it was`);
    });
  } else if (segment.after === null) index = 0;
  else {
    const left = nodeOf(segment.after);
    index = siblings.findIndex((node) => node.id === left) + 1;
    if (index === 0) throw changed('the block before is gone');
  }
  const taken = new Set<string>();
  for (const { id } of segment.remove) collectIds(siblings, nodeOf(id), taken);
  const inserted = segment.insert.map((node) => adopted(frame, node, part.name, taken, part));
  let current = part;
  for (const { id } of segment.remove.slice(1))
    current = done(removeNode(current, nodeOf(id), { deferValidation: true }));
  const [head, ...rest] = inserted;
  if (first && head) current = done(replaceNode(current, nodeOf(first.id), head, { deferValidation: true }));
  else if (first) current = done(removeNode(current, nodeOf(first.id), { deferValidation: true }));
  const more = first ? rest : inserted;
  const at = first && head ? index + 1 : index;
  if (more.length > 0)
    current = done(insertChildren(current, container.id, at, more, { deferValidation: true }));
  return current;
}

function collectIds(siblings: readonly OoxmlNode[], id: string, into: Set<string>): void {
  const walk = (node: OoxmlNode): void => {
    into.add(node.id);
    if (isElementNode(node)) for (const child of node.children as readonly OoxmlNode[]) walk(child);
  };
  const node = siblings.find((each) => each.id === id);
  if (node) walk(node);
}

function done(result: ReturnType<typeof replaceNode>): OoxmlPart {
  if (!result.ok)
    throw new StepRefused(
      'core-refused',
      `replaceBlocks: ${JSON.stringify(result.issues).slice(0, 200)}`,
      true,
    );
  return result.part;
}

/** The node with ids of this replica: known ones where they are free, new ones elsewhere. */
function adopted(
  frame: Frame,
  node: OoxmlNode,
  part: string,
  taken: ReadonlySet<string> = new Set(),
  current?: OoxmlPart,
): OoxmlNode {
  const given = frame.identity.nodeOf(node.id);
  const foreign = node.id.startsWith('~') || partOf(node.id) !== part;
  const clash = !foreign && !taken.has(given) && current !== undefined && findNode(current, given) !== null;
  const id = foreign || clash ? frame.temporaryId(part) : given;
  if (id === given) frame.keptIds.add(id);
  if (!isElementNode(node)) return Object.freeze({ ...node, id });
  const children = (node.children as readonly OoxmlNode[]).map((child) =>
    adopted(frame, child, part, taken, current),
  );
  return deepFrozen({ ...node, id, children } as unknown as OoxmlNode);
}

function deepFrozen(node: OoxmlNode): OoxmlNode {
  if (isElementNode(node)) {
    for (const attribute of node.attributes) Object.freeze(attribute);
    for (const binding of node.namespaceBindings) Object.freeze(binding);
    Object.freeze(node.attributes);
    Object.freeze(node.namespaceBindings);
    Object.freeze(node.children);
  }
  return Object.freeze(node);
}

function same(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a === b || (a !== undefined && a.length === b.length && a.every((byte, i) => byte === b[i]));
}

function toJson(value: unknown): unknown {
  if (value instanceof Map) return { $map: [...value].map(([k, v]) => [k, toJson(v)]) };
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, toJson(v)]));
}

function fromJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromJson);
  if (typeof value !== 'object' || value === null) return value;
  if ('$map' in value) return new Map((value.$map as [unknown, unknown][]).map(([k, v]) => [k, fromJson(v)]));
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, fromJson(v)]));
}
