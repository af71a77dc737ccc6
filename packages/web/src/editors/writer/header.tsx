import type { WriterBoot } from '@officina/protocol';
import { useSyncExternalStore } from 'react';
import { AvatarStack } from '../../kit/avatar-stack.js';
import { Button } from '../../kit/button.js';
import { Icon } from '../../kit/icon.js';
import { EditorMenu } from './editor-menu.js';
import type { WriterSession } from './session/writer-session.js';
import { StatusLine } from './status-line.js';

export interface HeaderProps {
  readonly boot: WriterBoot;
  readonly session: WriterSession;
  readonly canEdit: boolean;
  readonly isReviewOpen: boolean;
  /** Null where this person may neither comment nor edit. */
  readonly onReviewToggle: (() => void) | null;
}

/** Name, menus, state, people and the Save button. */
export function Header({ boot, session, canEdit, isReviewOpen, onReviewToggle }: HeaderProps) {
  const participants = useSyncExternalStore(session.subscribe, () => session.room().participants);
  const isSaving = useSyncExternalStore(session.subscribe, () => {
    const state = session.room().save?.state;
    return state === 'asked' || state === 'accepted' || state === 'delivering';
  });
  const isOnline = useSyncExternalStore(session.subscribe, () => session.room().link.state === 'open');
  const people = participants.map((participant) => ({
    key: participant.client,
    name: participant.displayName,
    color: participant.color,
    isSelf: participant.client === session.clientId,
  }));

  return (
    <header className="ow-header">
      <span className="ow-mark">
        <Icon name="document" size={22} />
      </span>
      <div className="ow-title">
        <div className="ow-name">
          <h1 title={boot.documentName}>{boot.documentName}</h1>
          {!canEdit && <span className="ow-badge">View only</span>}
        </div>
        {canEdit && <EditorMenu boot={boot} />}
      </div>
      <StatusLine session={session} canSave={boot.canSave} />
      <AvatarStack people={people} />
      {onReviewToggle !== null && (
        <Button
          tone="plain"
          className="ow-icon-button"
          aria-pressed={isReviewOpen}
          aria-label="Comments and changes"
          title="Comments and changes"
          onClick={onReviewToggle}
        >
          <Icon name="comment" />
        </Button>
      )}
      {boot.downloadPath !== null && (
        <a
          className="of-button ow-icon-button"
          data-tone="plain"
          href={boot.downloadPath}
          download=""
          aria-label="Download"
          title="Download"
        >
          <Icon name="download" />
        </a>
      )}
      {boot.canSave && boot.ui.saveButton && canEdit && (
        <Button
          tone="accent"
          disabled={isSaving || !isOnline}
          title="Save (Ctrl+S)"
          aria-label={isSaving ? 'Saving…' : 'Save'}
          onClick={() => session.save()}
        >
          <Icon name="save" size={16} />
          <span className="ow-save-words">{isSaving ? 'Saving…' : 'Save'}</span>
        </Button>
      )}
    </header>
  );
}
