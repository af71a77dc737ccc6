import type { ReviewItemPlacement } from '@docx-editor.dev/core/contracts/editor';
import { useDocxEditor } from '@docx-editor.dev/react';
import { useCallback, useState, useSyncExternalStore } from 'react';
import { Button } from '../../../kit/button.js';
import { Icon } from '../../../kit/icon.js';
import type { WriterSession } from '../session/writer-session.js';
import { addComment, type ReviewActions, reviewActions } from './review-actions.js';

export interface ReviewPanelProps {
  readonly session: WriterSession;
  readonly canComment: boolean;
  readonly canDecide: boolean;
  readonly onClose: () => void;
}

type Editor = NonNullable<ReturnType<typeof useDocxEditor>>;

/** Comments and tracked changes, in the order of the document. */
export function ReviewPanel({ session, canComment, canDecide, onClose }: ReviewPanelProps) {
  const editor = useDocxEditor();
  const items = useReviewItems(editor);
  const threads = items.filter(
    (item) => item.kind !== 'comment' || (!item.parentId && !item.parentRevisionId),
  );
  const byId = new Map(items.map((item) => [item.id, item]));

  return (
    <aside className="ow-review" aria-label="Comments and changes">
      <div className="ow-review-head">
        <h2>Comments and changes</h2>
        <Button tone="plain" className="ow-icon-button" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </Button>
      </div>
      {canComment && editor !== null && <NewComment session={session} />}
      {threads.length === 0 && <p className="ow-review-empty">There are no comments or tracked changes.</p>}
      <ul className="ow-cards">
        {threads.map((item) => (
          <li key={item.key}>
            <Card
              item={item}
              replies={item.replyIds.flatMap((id) => byId.get(id) ?? [])}
              actions={editor === null ? null : reviewActions(editor, session)}
              canComment={canComment}
              canDecide={canDecide}
            />
          </li>
        ))}
      </ul>
    </aside>
  );
}

/** The queue is read again when the engine says that it changed, never per key. */
function useReviewItems(editor: Editor | null): readonly ReviewItemPlacement[] {
  const subscribe = useCallback(
    (onChange: () => void) => {
      if (editor === null) return () => {};
      const stops = [editor.on('change', onChange), editor.on('selectionChange', onChange)];
      return () => {
        for (const stop of stops) stop();
      };
    },
    [editor],
  );
  const revision = useSyncExternalStore(subscribe, () => editor?.getReviewRevision() ?? -1);
  return revision < 0 || editor === null ? [] : editor.getReviewItems();
}

function NewComment({ session }: { session: WriterSession }) {
  const [text, setText] = useState('');
  const [isRefused, setRefused] = useState(false);
  const add = () => {
    const isDone = addComment(session, text.trim());
    setRefused(!isDone);
    if (isDone) setText('');
  };
  return (
    <form
      className="ow-new-comment"
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <textarea
        className="of-field"
        rows={2}
        placeholder="Comment on the selected text"
        aria-label="New comment"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey))
            event.currentTarget.form?.requestSubmit();
        }}
      />
      {isRefused && <p role="alert">Select the text that the comment is about.</p>}
      {text.trim() !== '' && (
        <Button type="submit" tone="accent">
          Comment
        </Button>
      )}
    </form>
  );
}

interface CardProps {
  readonly item: ReviewItemPlacement;
  readonly replies: readonly ReviewItemPlacement[];
  readonly actions: ReviewActions | null;
  readonly canComment: boolean;
  readonly canDecide: boolean;
}

function Card({ item, replies, actions, canComment, canDecide }: CardProps) {
  const isComment = item.kind === 'comment';
  const isResolved = isComment && item.resolved;
  return (
    <article
      className="ow-card"
      data-active={item.isActive || undefined}
      data-resolved={isResolved || undefined}
    >
      <button
        type="button"
        className="ow-card-go"
        disabled={!item.activatable}
        onClick={() => actions?.show(item)}
      >
        <span className="ow-card-by">
          <strong>{item.author || 'Unknown'}</strong>
          {item.date !== undefined && <time dateTime={item.date}>{formatDate(item.date)}</time>}
        </span>
        <span className="ow-card-kind">{kindOf(item)}</span>
        <span className="ow-card-text">{textOf(item)}</span>
      </button>
      {replies.map((reply) => (
        <div key={reply.key} className="ow-card-reply">
          <span className="ow-card-by">
            <strong>{reply.author || 'Unknown'}</strong>
            {reply.date !== undefined && <time dateTime={reply.date}>{formatDate(reply.date)}</time>}
          </span>
          <span className="ow-card-text">{reply.text}</span>
        </div>
      ))}
      <div className="ow-card-actions">
        {isComment && canComment && (
          <Button tone="plain" onClick={() => actions?.resolve(item, !isResolved)}>
            {isResolved ? 'Reopen' : 'Resolve'}
          </Button>
        )}
        {item.kind === 'revision' && canDecide && !item.readOnly && (
          <>
            <Button tone="plain" onClick={() => actions?.decide(item, 'accept')}>
              Accept
            </Button>
            <Button tone="plain" onClick={() => actions?.decide(item, 'reject')}>
              Reject
            </Button>
          </>
        )}
        {canComment && actions !== null && <Reply onReply={(text) => actions.reply(item, text)} />}
      </div>
    </article>
  );
}

function Reply({ onReply }: { onReply: (text: string) => boolean }) {
  const [text, setText] = useState<string | null>(null);
  if (text === null) {
    return (
      <Button tone="plain" onClick={() => setText('')}>
        Reply
      </Button>
    );
  }
  return (
    <form
      className="ow-reply"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '' && onReply(text.trim())) setText(null);
      }}
    >
      <input
        className="of-field"
        aria-label="Reply"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setText(null);
        }}
      />
      <Button type="submit">Send</Button>
    </form>
  );
}

function kindOf(item: ReviewItemPlacement): string {
  if (item.kind === 'comment') return item.resolved ? 'Resolved comment' : 'Comment';
  if (item.kind !== 'revision') return '';
  switch (item.revisionKind) {
    case 'insert':
      return 'Inserted';
    case 'delete':
      return 'Deleted';
    case 'replace':
      return 'Replaced';
    default:
      return 'Changed';
  }
}

function textOf(item: ReviewItemPlacement): string {
  if (item.kind === 'revision' && item.replacedText !== undefined)
    return `${item.replacedText} → ${item.text}`;
  return item.text;
}

function formatDate(date: string): string {
  const parsed = new Date(date);
  return Number.isNaN(parsed.getTime())
    ? ''
    : parsed.toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' });
}
