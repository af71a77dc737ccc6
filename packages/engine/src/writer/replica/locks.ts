import {
  findNode,
  insertChildren,
  type OoxmlElement,
  type OoxmlNode,
  type OoxmlPackage,
  type OoxmlPart,
  removeNode,
  withPart,
} from '@docx-editor.dev/core/store';
import { sameContent } from './block-content.js';
import { type Identity, partOf } from './identity.js';
import type { Operation, OperationKind } from './operation.js';
import type { SettledPart } from './settled-part.js';
import { isElementNode } from './tree-change.js';

/**
 * Text that was typed before its author could know of a lock is taken all the same. The overlay remembers which entry of
 * the log locked what; a step that a younger lock refuses runs with that lock out of the way, on every replica alike.
 */

/** Kinds that bring text or end a paragraph in it. What deletes, formats or decides is refused by a lock, whenever it came. */
const BRINGS_TEXT: ReadonlySet<string> = new Set<OperationKind>([
  'insertText',
  'insertTab',
  'insertHardBreak',
  'splitParagraph',
  'splitParagraphMany',
  'insertFragment',
  'pasteFragment',
]);

export const bringsText = (kind: OperationKind): boolean => BRINGS_TEXT.has(kind);

/** The protection of the whole document, beside the controls that go by their address. */
const PROTECTION = 'protection';

/** What this step locked, or may have: the protection, and controls that are new or have got other properties. */
export function lockedBy(
  operation: Operation,
  settled: readonly SettledPart[],
  identity: Identity,
): readonly string[] {
  const found = new Set<string>();
  for (const { before, after, change, names } of settled) {
    if (after.root.localName === 'settings') {
      const [then, now] = [before && protectionOf(before), protectionOf(after)];
      if (now && !(then && sameContent(then.node, now.node))) found.add(PROTECTION);
    }
    for (const node of change.added)
      if (isControl(node)) found.add(identity.logicalOf(names.get(node.id) ?? node.id));
  }
  const control = operation.values?.controlId as { readonly $node?: string } | undefined;
  if (operation.kind === 'setContentControlProperties' && control?.$node) found.add(control.$node);
  if (operation.kind === 'replaceBlocks') for (const id of controlsIn(operation.values)) found.add(id);
  return [...found];
}

const isControl = (node: OoxmlNode): node is OoxmlElement => isElementNode(node) && node.localName === 'sdt';

/** Controls in the blocks that a replacement puts in place. */
function controlsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(controlsIn);
  if (typeof value !== 'object' || value === null) return [];
  const { id, localName, insert, children, parts, segments } = value as Readonly<Record<string, unknown>>;
  const own = localName === 'sdt' && typeof id === 'string' ? [id] : [];
  return [...own, ...[insert, children, parts, segments].flatMap(controlsIn)];
}

interface Taken {
  readonly part: string;
  readonly parent: string;
  readonly index: number;
  readonly node: OoxmlNode;
}

/** A document without some of its locks, and the way back. */
export interface Unlocked {
  readonly pkg: OoxmlPackage;
  locked(pkg: OoxmlPackage): OoxmlPackage;
}

export function withoutLocks(pkg: OoxmlPackage, locks: readonly string[], identity: Identity): Unlocked {
  const taken: Taken[] = [];
  let current = pkg;
  for (const lock of locks) {
    const found = lock === PROTECTION ? protectionIn(current) : lockIn(current, identity.nodeOf(lock));
    const part = found && current.parts.get(found.part);
    if (!part) continue;
    const left = removeNode(part, found.node.id, { deferValidation: true });
    if (!left.ok) continue;
    taken.push(found);
    current = withPart(current, left.part);
  }
  const locked = (after: OoxmlPackage): OoxmlPackage =>
    taken.reduceRight((each, lock) => putBack(each, lock), after);
  return { pkg: current, locked };
}

function putBack(pkg: OoxmlPackage, { part: name, parent, index, node }: Taken): OoxmlPackage {
  const part = pkg.parts.get(name);
  const home = part && findNode(part, parent);
  if (!part || !home || !isElementNode(home)) return pkg;
  const result = insertChildren(part, parent, Math.min(index, home.children.length), [node], {
    deferValidation: true,
  });
  return result.ok ? withPart(pkg, result.part) : pkg;
}

function protectionIn(pkg: OoxmlPackage): Taken | null {
  for (const part of pkg.parts.values()) if (part.root.localName === 'settings') return protectionOf(part);
  return null;
}

const protectionOf = ({ name, root }: OoxmlPart): Taken | null => childOf(name, root, 'documentProtection');

function lockIn(pkg: OoxmlPackage, control: string): Taken | null {
  const part = pkg.parts.get(partOf(control));
  const node = part && findNode(part, control);
  if (!part || !node || !isControl(node)) return null;
  const properties = childOf(part.name, node, 'sdtPr')?.node;
  return properties && isElementNode(properties) ? childOf(part.name, properties, 'lock') : null;
}

function childOf(part: string, parent: OoxmlElement, localName: string): Taken | null {
  const children = parent.children as readonly OoxmlNode[];
  const index = children.findIndex((each) => isElementNode(each) && each.localName === localName);
  const node = children[index];
  return node ? { part, parent: parent.id, index, node } : null;
}
