import type { Editor, ReviewItemPlacement } from '@docx-editor.dev/core/contracts/editor';
import type { TreeDocOp } from '@docx-editor.dev/core/store';
import type { ChangePlace, Selection } from '@officina/engine/writer/replica';
import type { WriterSession } from '../session/writer-session.js';

/** What can be done with a card. Each answers whether the document took it. */
export interface ReviewActions {
  show(item: ReviewItemPlacement): boolean;
  resolve(item: ReviewItemPlacement, isResolved: boolean): boolean;
  reply(item: ReviewItemPlacement, text: string): boolean;
  decide(item: ReviewItemPlacement, decision: 'accept' | 'reject'): boolean;
}

const BODY_PART = '/word/document.xml';

/**
 * Decisions and comments go to the shared document by name, so that they keep their meaning whatever the others do
 * meanwhile. The editor does what has no name yet; that travels as changed blocks.
 */
export function reviewActions(editor: Editor, session: WriterSession): ReviewActions {
  return {
    show: (item) => editor.setActiveReviewItem(item.key, { announce: true }).ok,
    resolve: (item, isResolved) =>
      session.perform({ do: 'resolveComment', comment: item.id, resolved: isResolved }),
    reply(item, text) {
      const selection = item.kind === 'comment' ? rangeOf(item) : null;
      if (selection === null) return editor.replyToReviewItem(item.key, text).ok;
      return session.perform({ do: 'comment', selection, text, replyTo: item.id });
    },
    decide(item, decision) {
      const decided = decisionsOn(item, decision);
      if (decided !== null && session.perform({ do: 'operations', ...decided, scope: { kind: 'body' } }))
        return true;
      return (decision === 'accept' ? editor.acceptReviewItem(item.key) : editor.rejectReviewItem(item.key))
        .ok;
    },
  };
}

/** Comments on what is selected; false when nothing is. */
export function addComment(session: WriterSession, text: string): boolean {
  const selection = session.seat.selectedRange();
  return selection !== null && session.perform({ do: 'comment', selection, text });
}

/** One operation per revision that the card stands for; null when they cannot be named apart. */
function decisionsOn(
  item: ReviewItemPlacement,
  decision: 'accept' | 'reject',
): { operations: readonly TreeDocOp[]; changed: readonly ChangePlace[] } | null {
  if (item.kind !== 'revision') return null;
  const { addresses, ranges } = item.item;
  const isInBody = ranges.every((range) => range.partName === BODY_PART);
  if (addresses.length === 0 || !isInBody) return null;
  const op = decision === 'accept' ? 'acceptRevision' : 'rejectRevision';
  const changed = ranges.flatMap(({ start, end }) =>
    start.paragraphId === end.paragraphId
      ? [{ nodeId: start.paragraphId, start: start.offset, end: end.offset }]
      : [],
  );
  return { operations: addresses.map((revision) => ({ op, revision })), changed };
}

function rangeOf(item: Extract<ReviewItemPlacement, { kind: 'comment' }>): Selection | null {
  const { range } = item.item;
  if (range === null) return null;
  const { start, end } = range;
  return {
    anchor: { nodeId: start.paragraphId, offset: start.offset },
    head: { nodeId: end.paragraphId, offset: end.offset },
  };
}
