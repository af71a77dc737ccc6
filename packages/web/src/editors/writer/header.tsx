import type { WriterBoot } from '@officina/protocol';
import { useSyncExternalStore } from 'react';
import { AvatarStack } from '../../kit/avatar-stack.js';
import { Button } from '../../kit/button.js';
import { Icon, type IconName } from '../../kit/icon.js';
import { EditorMenu } from './editor-menu.js';
import type { Keeper } from './session/status-words.js';
import type { WriterSession } from './session/writer-session.js';
import { StatusLine } from './status-line.js';

/** What may stand beside the document, one at a time. */
export type Panel = 'review' | 'versions';

const PANELS: Readonly<Record<Panel, { name: string; icon: IconName }>> = {
  review: { name: 'Comments and changes', icon: 'comment' },
  versions: { name: 'Version history', icon: 'clock' },
};

export interface HeaderProps {
  readonly boot: WriterBoot;
  readonly session: WriterSession;
  readonly canEdit: boolean;
  readonly panel: Panel | null;
  /** The panels that this person may open. */
  readonly panels: readonly Panel[];
  readonly onPanelToggle: (panel: Panel) => void;
}

/** Who gets the saves of this document. */
export function keeperOf({ library }: WriterBoot): Keeper {
  return library === undefined ? 'application' : 'library';
}

/** Name, menus, state, people and the Save button. */
export function Header({ boot, session, canEdit, panel, panels, onPanelToggle }: HeaderProps) {
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
      <StatusLine session={session} canSave={boot.canSave && canEdit} keeper={keeperOf(boot)} />
      <AvatarStack people={people} />
      {panels.map((each) => (
        <Button
          key={each}
          tone="plain"
          className="ow-icon-button"
          aria-pressed={panel === each}
          aria-label={PANELS[each].name}
          title={PANELS[each].name}
          onClick={() => onPanelToggle(each)}
        >
          <Icon name={PANELS[each].icon} />
        </Button>
      ))}
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
