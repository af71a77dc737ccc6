import {
  findNode,
  type OoxmlElement,
  type OoxmlNode,
  type OoxmlPackage,
  replaceNode,
  withPart,
} from '@docx-editor.dev/core/store';
import type { Comeback, Frame } from './frame.js';
import type { Operation } from './operation.js';
import { isElementNode } from './tree-change.js';

/**
 * A field stays whole. The core divides a run at a character, and what has no width (the code of a field, its end)
 * stays on one side: a field that shares its run with text is torn by whoever splits or links that text. So a field
 * gets runs of its own when it comes; and a control that the core puts in the middle of a field goes behind it.
 */

const NONE: ReadonlySet<string> = new Set();
const FIELDS: ReadonlySet<string> = new Set(['fldChar', 'instrText', 'delInstrText']);

/** What is to be put right in the paragraph, once the core has done this; undefined when nothing can be wrong. */
export function keepingFieldsWhole(
  frame: Frame,
  { kind }: Operation,
  part: string,
  paragraph: unknown,
): Comeback | undefined {
  if (typeof paragraph !== 'string') return undefined;
  if (kind === 'insertPageField') {
    const fresh = () => frame.temporaryId(part);
    return {
      named: (pkg) => rewritten(pkg, part, paragraph, (each) => withFieldsApart(each, fresh)),
      kept: NONE,
    };
  }
  if (kind !== 'insertInlineContentControl') return undefined;
  const before = frame.pkg.parts.get(part);
  const known = before ? findNode(before, paragraph) : null;
  const old = known && isElementNode(known) ? new Set(childrenOf(known).map(({ id }) => id)) : NONE;
  return {
    named: (pkg) => rewritten(pkg, part, paragraph, (each) => withControlBehind(each, old)),
    kept: NONE,
  };
}

const childrenOf = (node: OoxmlElement) => node.children as readonly OoxmlNode[];

const withChildren = (node: OoxmlElement, children: readonly OoxmlNode[], id = node.id): OoxmlElement =>
  Object.freeze({ ...node, id, children: Object.freeze(children) }) as unknown as OoxmlElement;

function rewritten(
  pkg: OoxmlPackage,
  name: string,
  paragraph: string,
  change: (paragraph: OoxmlElement) => OoxmlElement,
): OoxmlPackage {
  const part = pkg.parts.get(name);
  const node = part ? findNode(part, paragraph) : null;
  if (!part || !node || !isElementNode(node)) return pkg;
  const now = change(node);
  if (now === node) return pkg;
  const result = replaceNode(part, paragraph, now, { deferValidation: true });
  return result.ok ? withPart(pkg, result.part) : pkg;
}

/** The same with every run divided that holds a piece of a field and something else. */
function withFieldsApart(node: OoxmlElement, fresh: () => string): OoxmlElement {
  let any = false;
  const children = childrenOf(node).flatMap((child): readonly OoxmlNode[] => {
    if (!isElementNode(child)) return [child];
    const now = child.kind === 'run' ? dividedRun(child, fresh) : [withFieldsApart(child, fresh)];
    any ||= now.length > 1 || now[0] !== child;
    return now;
  });
  return any ? withChildren(node, children) : node;
}

function dividedRun(run: OoxmlElement, fresh: () => string): readonly OoxmlElement[] {
  const [first] = childrenOf(run);
  const properties = first && isElementNode(first) && first.localName === 'rPr' ? first : null;
  const stretches: OoxmlNode[][] = [];
  let depth = 0;
  let last: boolean | null = null;
  for (const child of childrenOf(run)) {
    if (child === properties) continue;
    const type = fieldTypeOf(child);
    if (type === 'begin') depth++;
    const inField = depth > 0 || (isElementNode(child) && FIELDS.has(child.localName));
    if (type === 'end') depth--;
    if (inField === last) stretches.at(-1)?.push(child);
    else stretches.push([child]);
    last = inField;
  }
  if (stretches.length < 2) return [run];
  const copy = (node: OoxmlNode): OoxmlNode =>
    isElementNode(node)
      ? withChildren(node, childrenOf(node).map(copy), fresh())
      : Object.freeze({ ...node, id: fresh() });
  return stretches.map((content, i) =>
    i === 0
      ? withChildren(run, properties ? [properties, ...content] : content)
      : withChildren(run, properties ? [copy(properties), ...content] : content, fresh()),
  );
}

/** The same with the control that is new to the paragraph behind the field that it stands in. */
function withControlBehind(paragraph: OoxmlElement, old: ReadonlySet<string>): OoxmlElement {
  const children = childrenOf(paragraph);
  const at = children.findIndex((each) => each.kind === 'contentControl' && !old.has(each.id));
  const control = children[at];
  if (!control) return paragraph;
  let depth = 0;
  for (const each of children.slice(0, at)) depth += depthOf(each);
  if (depth <= 0) return paragraph;
  let least = depth;
  let end = -1;
  for (let i = at + 1; i < children.length && least > 0; i++) {
    depth += depthOf(children[i] as OoxmlNode);
    if (depth < least) [least, end] = [depth, i];
  }
  if (end < 0) return paragraph;
  const rest = children.filter((each) => each !== control);
  return withChildren(paragraph, [...rest.slice(0, end), control, ...rest.slice(end)]);
}

function fieldTypeOf(node: OoxmlNode): string | undefined {
  if (!isElementNode(node) || node.localName !== 'fldChar') return undefined;
  return node.attributes.find(({ localName }) => localName === 'fldCharType')?.value;
}

/** How many fields begin in it and do not end. */
function depthOf(node: OoxmlNode): number {
  if (!isElementNode(node) || node.kind === 'paragraph') return 0;
  const type = fieldTypeOf(node);
  const own = type === 'begin' ? 1 : type === 'end' ? -1 : 0;
  return childrenOf(node).reduce((sum, each) => sum + depthOf(each), own);
}
