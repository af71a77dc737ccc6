import {
  addPackageComment,
  applyFragmentPaste,
  deletePackageComments,
  type OoxmlNode,
  type OoxmlPart,
  readOoxmlPart,
  type SupportedImageMime,
  setPackageCommentResolved,
  type TreeDocOp,
  withEmbeddedImage,
} from '@docx-editor.dev/core/store';
import { replaceBlocks } from './blocks.js';
import { type Frame, gone, malformed, StepRefused } from './frame.js';
import { inlinePicture } from './image.js';
import { inserted, pasted } from './intents.js';
import type { Anchor, CharacterRange, JsonValue, NamedKind, Operation, Property } from './operation.js';
import { killBetween, type Piece, rangesBetween, splice } from './overlay.js';
import { wantsFormatting } from './properties.js';
import { expectSafe } from './safety.js';
import { decoded, placeOf } from './step-values.js';
import { countAgain } from './text-steps.js';
import { paragraphOrder } from './view.js';

/** Our own operations run either inside the core's story transaction or beside it. */
export const IN_STORY: ReadonlySet<string> = new Set<NamedKind>(['insertImage', 'reviveText']);

/** Our own operations, for what the editor does without one of the core. */
export function runNamedStep(frame: Frame, operation: Operation): void {
  const run = STEPS[operation.kind as NamedKind];
  if (!run) throw new StepRefused('not-carried', operation.kind, true);
  if (operation.kind === 'replaceBlocks') countAgain(frame, operation.ranges ?? []);
  run(frame, operation);
}

const STEPS: Readonly<Record<NamedKind, (frame: Frame, operation: Operation) => void>> = {
  addComment,
  replyComment: addComment,
  resolveComment,
  deleteComment,
  pasteFragment,
  replaceBlocks,
  insertImage,
  reviveText,
};

function resolveComment(frame: Frame, operation: Operation): void {
  const { comment, resolved } = operation.values ?? {};
  const result = setPackageCommentResolved(frame.store, commentOf(frame, comment), resolved === true);
  if (!result.ok) throw gone(`comment: ${result.reason}`);
  frame.adopt();
}

function deleteComment(frame: Frame, operation: Operation): void {
  const { comment, parent } = operation.values ?? {};
  const commentId = commentOf(frame, comment);
  const parentId = parent === undefined ? {} : { parentCommentId: commentOf(frame, parent) };
  if (!deletePackageComments(frame.store, [{ commentId, ...parentId }])) throw gone(`comment ${commentId}`);
  frame.adopt();
  frame.guard(operation);
}

/** A comment by its number, or by the step that made it while the number may still change. */
function commentOf(frame: Frame, value: JsonValue | undefined): string {
  if (typeof value === 'string') return value;
  const key = (value as { readonly $made?: string } | undefined)?.$made;
  const id = key && frame.overlay.listOf(key)?.slice(COMMENT.length);
  if (!id) throw gone('the comment');
  return id;
}

export const COMMENT = 'comment:';

function addComment(frame: Frame, operation: Operation): void {
  const { text, initials, replyTo, start, end } = operation.values ?? {};
  if (typeof text !== 'string') throw malformed('a comment without text');
  const from = placeOf(frame, start as unknown as Anchor);
  const to = placeOf(frame, end as unknown as Anchor);
  if (from.paragraph.part.name !== to.paragraph.part.name) throw gone('the commented text');
  const order = paragraphOrder(from.paragraph.part);
  const forward =
    from.paragraph.node === to.paragraph.node
      ? from.gap.offset <= to.gap.offset
      : order.indexOf(from.paragraph.node) < order.indexOf(to.paragraph.node);
  const [first, last] = forward ? [from, to] : [to, from];
  const anchor = {
    paragraphId: first.paragraph.node,
    start: first.gap.offset,
    end: last.gap.offset,
    ...(last.paragraph.node === first.paragraph.node ? {} : { endParagraphId: last.paragraph.node }),
  };
  const result = addPackageComment(frame.store, {
    anchor,
    author: frame.attribution.author.name,
    date: frame.attribution.time,
    text,
    actorId: frame.key.slice(0, frame.key.indexOf('.')),
    ...(typeof initials === 'string' ? { initials } : {}),
    ...(replyTo === undefined ? {} : { replyToCommentId: commentOf(frame, replyTo) }),
  });
  if (!result.ok) throw new StepRefused('core-refused', `${operation.kind}: ${result.reason}`, true);
  frame.overlay.nameList(frame.key, `${COMMENT}${result.commentId}`);
  frame.adopt();
}

function pasteFragment(frame: Frame, operation: Operation): void {
  const { paragraph, gap, pieces } = placeOf(frame, operation.at);
  const { fragment, lastMarkCovered } = decoded(frame, operation.values ?? {}).value;
  if (!(fragment instanceof Uint8Array)) throw malformed('a paste without its fragment');
  if (paragraph.part.name !== frame.pkg.mainDocumentPart)
    throw new StepRefused('not-carried', 'a fragment outside the body', true);
  const intent = pasted(frame, paragraph, pieces, gap);
  const before = frame.pkg;
  const result = applyFragmentPaste(
    frame.store,
    { kind: 'body' },
    {
      paragraphId: paragraph.node,
      offset: gap.offset,
      fragmentBytes: fragment,
      lastMarkCovered: lastMarkCovered === true,
      actorId: frame.key.slice(0, frame.key.indexOf('.')),
      ...(operation.tracked ? { revision: frame.revision } : {}),
    },
  );
  if (!result.ok) {
    const reason = result.reason === 'locked' ? 'locked' : 'core-refused';
    throw new StepRefused(reason, `pasteFragment: ${result.reason}`, true);
  }
  expectSafe(before, frame.store.currentPackage());
  frame.adopt(intent);
}

/** Puts a picture into the package and its drawing at the place, in one transaction. */
export function insertImage(frame: Frame, operation: Operation): void {
  const { paragraph, gap, pieces } = placeOf(frame, operation.at);
  const values = decoded(frame, operation.values ?? {}).value;
  const { image, mime, widthEmu, heightEmu, title, description } = values;
  if (!(image instanceof Uint8Array) || typeof widthEmu !== 'number' || typeof heightEmu !== 'number')
    throw malformed('insertImage without its picture');
  const embedded = withEmbeddedImage(frame.pkg, paragraph.part.name, {
    bytes: image,
    mime: mime as SupportedImageMime,
  });
  if (!embedded.ok) throw new StepRefused('core-refused', `insertImage: ${embedded.reason}`, true);
  const drawing = readDrawing(
    paragraph.part,
    inlinePicture({
      relationshipId: embedded.relationshipId,
      id: embedded.docPrId,
      widthEmu: Math.round(widthEmu),
      heightEmu: Math.round(heightEmu),
      title: typeof title === 'string' ? title : '',
      description: typeof description === 'string' ? description : '',
    }),
  );
  frame.edit(() => embedded.pkg);
  const op = {
    op: 'insertDrawing',
    paragraphId: paragraph.node,
    offset: gap.offset,
    drawing,
    ...(operation.tracked ? { revision: frame.revision } : {}),
  } as unknown as TreeDocOp;
  frame.apply(paragraph.part.name, op, inserted(frame, paragraph, pieces, gap));
}

function readDrawing(part: OoxmlPart, xml: string): OoxmlNode {
  const read = readOoxmlPart(xml, { name: part.name, contentType: part.contentType });
  if (!read.ok) throw new Error('The core does not read the drawing this module wrote.');
  const find = (node: OoxmlNode): OoxmlNode | null => {
    if (node.kind === 'textValue') return null;
    if (node.localName === 'drawing') return node;
    for (const child of node.children as readonly OoxmlNode[]) {
      const found = find(child);
      if (found) return found;
    }
    return null;
  };
  const drawing = find(read.part.root);
  if (!drawing) throw new Error('The drawing this module wrote holds no drawing.');
  return drawing;
}

interface Lost {
  readonly range: CharacterRange;
  readonly text: string;
  readonly properties: JsonValue;
}

/** Brings deleted characters back to life where they were, under their old addresses and with their formatting. */
export function reviveText(frame: Frame, operation: Operation): void {
  const lost = (operation.values?.lost ?? []) as unknown as readonly Lost[];
  for (const { range, text, properties } of lost) {
    const [run, from, to] = range;
    if (text.length !== to - from) throw malformed('reviveText with other text than characters');
    for (let at = from; at < to; ) at = reviveStretch(frame, run, at, to, text.slice(at - from), properties);
  }
}

/** Revives the stretch of dead characters starting at `at`; answers where to go on. */
function reviveStretch(
  frame: Frame,
  run: string,
  at: number,
  to: number,
  text: string,
  properties: JsonValue,
): number {
  const place = frame.view.gap([run, at]);
  if (!place) throw gone(`characters of ${run}`);
  const { paragraph, pieces, gap } = place;
  const piece = pieces[gap.index] as Piece;
  const end = Math.min(to, piece.from + piece.length);
  if (!piece.dead) return end;
  const around = (middle: Piece, list = pieces): readonly Piece[] => {
    const index = list.findIndex(
      (each) => each.run === run && each.from <= at && at < each.from + each.length,
    );
    const whole = list[index] as Piece;
    const rest: Piece[] = [];
    if (at > whole.from) rest.push({ ...whole, length: at - whole.from });
    rest.push(middle);
    const stop = whole.from + whole.length;
    if (end < stop) rest.push({ ...whole, from: end, length: stop - end });
    return splice(list, index, rest);
  };
  if (piece.again) {
    const { again, ...once } = { ...piece, from: at, length: end - at };
    const left = again === 1 ? once : { ...once, again: (again ?? 1) - 1 };
    frame.overlay.write(paragraph.logical, around(left), []);
    return end;
  }
  const words = text.slice(0, end - at);
  const { name } = paragraph.part;
  const insert = {
    op: 'insertText',
    paragraphId: paragraph.node,
    offset: gap.offset,
    text: words,
  } as TreeDocOp;
  const before = frame.view.text(paragraph);
  let placed = gap.offset;
  frame.apply(name, insert, (settled) => {
    const part = settled.find((each) => each.after.name === name);
    const now = part ? frame.textIn(part.after, paragraph.node) : before;
    const alive: Piece = { run, from: at, length: end - at, dead: false };
    if (now === before.slice(0, gap.offset) + words + before.slice(gap.offset)) {
      frame.overlay.write(paragraph.logical, around(alive), []);
      return;
    }
    const left = givenWay(before, now, words);
    if (!left || left.start > gap.offset || left.end < gap.offset) return;
    placed = left.start;
    frame.lose(rangesBetween(pieces, left.start, left.end));
    frame.overlay.write(paragraph.logical, around(alive, killBetween(pieces, left.start, left.end)), []);
  });
  const span = { start: placed, end: placed + words.length };
  const back = frame.view.paragraph(paragraph.logical);
  const bag = properties as unknown as readonly Property[];
  if (!back || !wantsFormatting(frame.view, back, span.start, span.end, bag)) return end;
  frame.apply(name, {
    op: 'setRunProperties',
    paragraphId: paragraph.node,
    ...span,
    properties,
  } as unknown as TreeDocOp);
  return end;
}

/** What gave way when text came back: the prompt of a control that had nothing else to show. Null when it was more. */
function givenWay(before: string, now: string, words: string): { start: number; end: number } | null {
  const start = now.indexOf(words);
  const tail = now.length - start - words.length;
  const same =
    start >= 0 &&
    start + tail <= before.length &&
    before.slice(0, start) === now.slice(0, start) &&
    (tail === 0 || before.slice(-tail) === now.slice(-tail));
  return same ? { start, end: before.length - tail } : null;
}
