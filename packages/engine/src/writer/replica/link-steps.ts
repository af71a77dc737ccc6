import {
  ensureHyperlinkRelationship,
  findNode,
  type OoxmlNode,
  type OoxmlParagraphNode,
  paragraphOffsetIndex,
  parentNodeOf,
  type TreeDocOp,
} from '@docx-editor.dev/core/store';
import { type Frame, gone, malformed, StepRefused } from './frame.js';
import type { CharacterRange, JsonValue, Operation } from './operation.js';
import { decoded, valuesOf } from './step-values.js';
import { isElementNode } from './tree-change.js';
import type { Found, View } from './view.js';

/** A link in its paragraph, or the stretch of it that is meant. */
interface Target {
  readonly linkId: string;
  readonly part: string;
  readonly range?: { readonly start: number; readonly end: number };
}

interface LinkSpan {
  readonly id: string;
  readonly start: number;
  readonly end: number;
}

/** The characters that an operation on a link is about: the stretch it names, or all of the link's. */
export function charactersOfLink(
  view: View,
  linkId: string,
  range: { readonly start: number; readonly end: number } | undefined,
): readonly CharacterRange[] {
  const paragraph = paragraphAround(view, linkId);
  const span = paragraph && linksIn(paragraph).find(({ id }) => id === linkId);
  if (!paragraph || !span) return [];
  const { start, end } = range ?? span;
  return view.rangesOf(paragraph, start, end);
}

export function insertHyperlink(frame: Frame, operation: Operation): void {
  const { url, ...rest } = valuesOf(operation);
  const { value, part } = decoded(frame, rest);
  if (!part) throw malformed(`${operation.kind} without its place`);
  const relationshipId = relationshipTo(frame, url, part);
  frame.apply(part, { ...value, op: operation.kind, ...relationshipId } as unknown as TreeDocOp);
}

/** Aims or removes the links that hold these characters now, wherever the paragraphs were cut since. */
export function changeHyperlink(frame: Frame, operation: Operation): void {
  const { url, linkId, stretch, ...rest } = valuesOf(operation);
  const targets = targetsOf(frame.view, operation.ranges ?? [], stretch === true);
  const named = (linkId as { readonly $node: string }).$node;
  const stands = frame.view.node(named)?.kind === 'hyperlink';
  if (targets.length === 0 && stretch !== true && stands) {
    const id = frame.identity.nodeOf(named);
    targets.push({ linkId: id, part: id.slice(0, id.indexOf('#')) });
  }
  if (targets.length === 0) throw gone('the link');
  for (const { part, ...target } of targets) {
    const relationshipId = relationshipTo(frame, url, part);
    const op = { ...rest, op: operation.kind, ...target, ...relationshipId };
    frame.apply(part, op as unknown as TreeDocOp);
  }
}

function relationshipTo(frame: Frame, url: JsonValue | undefined, part: string): { relationshipId?: string } {
  if (typeof url !== 'string') return {};
  const ensured = ensureHyperlinkRelationship(frame.pkg, url, part);
  if (!ensured) throw new StepRefused('core-refused', 'the link target is not allowed', !frame.touched);
  frame.edit(() => ensured.pkg);
  return { relationshipId: ensured.relationshipId };
}

function targetsOf(view: View, ranges: readonly CharacterRange[], isStretch: boolean): Target[] {
  const met = new Map<string, { part: string; span: LinkSpan; start: number; end: number }>();
  for (const { paragraph, start, end } of view.intervals(ranges)) {
    for (const span of linksIn(paragraph)) {
      if (span.start >= end || span.end <= start) continue;
      const known = met.get(span.id);
      met.set(span.id, {
        ...{ part: paragraph.part.name, span },
        start: Math.min(known?.start ?? span.end, Math.max(start, span.start)),
        end: Math.max(known?.end ?? span.start, Math.min(end, span.end)),
      });
    }
  }
  return [...met.values()].map(({ part, span, start, end }) => {
    const isWhole = !isStretch || (start === span.start && end === span.end);
    return { linkId: span.id, part, ...(isWhole ? {} : { range: { start, end } }) };
  });
}

/** Links of a paragraph that hold characters; of links inside each other the inner one. */
function linksIn({ part, node }: Found): readonly LinkSpan[] {
  const paragraph = findNode(part, node);
  if (paragraph?.kind !== 'paragraph') return [];
  const links: string[] = [];
  const walk = (each: OoxmlNode): boolean => {
    if (!isElementNode(each)) return false;
    const inside = (each.children as readonly OoxmlNode[]).map(walk).some(Boolean);
    if (each.kind === 'hyperlink' && !inside) links.push(each.id);
    return inside || each.kind === 'hyperlink';
  };
  walk(paragraph);
  if (links.length === 0) return [];
  const index = paragraphOffsetIndex(paragraph as OoxmlParagraphNode);
  return links.flatMap((id) => {
    const span = index.spanOf(id);
    return span && span.end > span.start ? [{ id, start: span.start, end: span.end }] : [];
  });
}

function paragraphAround(view: View, node: string): Found | null {
  const part = view.pkg.parts.get(node.slice(0, node.indexOf('#')));
  let around: OoxmlNode | null = part && findNode(part, node) ? parentNodeOf(part, node) : null;
  while (part && around && around.kind !== 'paragraph') around = parentNodeOf(part, around.id);
  return around && view.paragraphByNode(around.id);
}
