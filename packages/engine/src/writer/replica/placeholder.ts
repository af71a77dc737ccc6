import {
  findNode,
  type OoxmlElement,
  type OoxmlNode,
  type OoxmlParagraphNode,
  paragraphOffsetIndex,
  parentNodeOf,
  removeNode,
  withPart,
} from '@docx-editor.dev/core/store';
import type { Frame } from './frame.js';
import { stepKeyOf } from './identity.js';
import type { CharacterRange } from './operation.js';
import { coveredBy } from './overlay.js';
import { isElementNode } from './tree-change.js';
import type { Found } from './view.js';

/**
 * A control that shows its prompt gives all it holds away for the first text typed into it. What somebody else wrote
 * there meanwhile (a suggestion leaves the prompt standing) is not the prompt: it stays.
 */

/** Makes the prompt ordinary text when others wrote into it; true when it did, so that the prompt is still to go. */
export function keepWhatOthersWrote(
  frame: Frame,
  paragraph: Found,
  offset: number,
  seen: readonly CharacterRange[],
): boolean {
  const flag = promptAround(paragraph, offset);
  if (!flag) return false;
  const others = flag.stretches.flatMap(([id, start, end]) => {
    const found = frame.view.paragraphByNode(id);
    const written = found ? frame.view.rangesOf(found, start, end) : [];
    return written.filter((range) => stepKeyOf(range[0]) === range[0] && !coveredBy(range, seen));
  });
  if (others.length === 0) return false;
  frame.edit((pkg) => {
    const part = pkg.parts.get(paragraph.part.name);
    const left = part && removeNode(part, flag.node, { deferValidation: true });
    return left?.ok ? withPart(pkg, left.part) : pkg;
  });
  return true;
}

interface Prompt {
  /** The mark by which a control says that it shows its prompt. */
  readonly node: string;
  readonly stretches: readonly (readonly [paragraph: string, start: number, end: number])[];
}

function promptAround({ part, node }: Found, offset: number): Prompt | null {
  const paragraph = findNode(part, node);
  if (paragraph?.kind !== 'paragraph') return null;
  const inline = promptInside(paragraph as OoxmlParagraphNode, offset);
  if (inline) return inline;
  for (let at = parentNodeOf(part, node); at; at = parentNodeOf(part, at.id)) {
    const mark = markOf(at);
    if (mark) return { node: mark, stretches: paragraphsUnder(at).map((id) => [id, 0, Infinity]) };
  }
  return null;
}

function promptInside(paragraph: OoxmlParagraphNode, offset: number): Prompt | null {
  const walk = (node: OoxmlNode): Prompt | null => {
    if (!isElementNode(node)) return null;
    const mark = markOf(node);
    const span = mark ? paragraphOffsetIndex(paragraph).spanOf(node) : null;
    if (mark && span && span.start <= offset && offset <= span.end)
      return { node: mark, stretches: [[paragraph.id, span.start, span.end]] };
    for (const child of node.children as readonly OoxmlNode[]) {
      const found = walk(child);
      if (found) return found;
    }
    return null;
  };
  return walk(paragraph);
}

function markOf(node: OoxmlElement): string | null {
  if (node.localName !== 'sdt') return null;
  const [properties] = named(node, 'sdtPr');
  return (properties && named(properties, 'showingPlcHdr')[0]?.id) ?? null;
}

const named = (node: OoxmlElement, localName: string): readonly OoxmlElement[] =>
  (node.children as readonly OoxmlNode[])
    .filter(isElementNode)
    .filter((each) => each.localName === localName);

function paragraphsUnder(node: OoxmlNode): readonly string[] {
  if (!isElementNode(node)) return [];
  if (node.kind === 'paragraph') return [node.id];
  return (node.children as readonly OoxmlNode[]).flatMap(paragraphsUnder);
}
