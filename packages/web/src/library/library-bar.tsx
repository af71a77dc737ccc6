import './library-bar.css';
import './dialogs.css';
import type { LibraryBoot, LibraryItem } from '@officina/protocol';
import { useCallback, useEffect, useState } from 'react';
import { Button } from '../kit/button.js';
import { Icon } from '../kit/icon.js';
import { LibraryApi, readSignIn } from './library-api.js';
import { ShareDialog } from './share-dialog.js';
import { useNews } from './use-documents.js';
import { useLockEnd } from './use-lock-end.js';
import { exactMoment } from './words.js';

/** A lock ends by itself when nobody renews it; whoever has the page open does. */
const RENEW_EVERY_MS = 10 * 60_000;

export interface LibraryBarProps {
  library: LibraryBoot;
  canEdit: boolean;
}

/** What an editor has besides its document when that belongs to the library: the way back, sharing and the lock. */
export function LibraryBar({ library, canEdit }: LibraryBarProps) {
  const { apiPath, documentId, homePath } = library;
  const [api, setApi] = useState<LibraryApi | null>(null);
  const [item, setItem] = useState<LibraryItem | null>(null);
  const [isSharing, setSharing] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    void readSignIn(apiPath).then((answer) => {
      if (answer.state === 'good' && answer.value.signedIn)
        setApi(new LibraryApi(apiPath, answer.value.csrf));
    });
  }, [apiPath]);
  const look = useCallback(async () => {
    const answer = await api?.describe(documentId);
    if (answer?.state === 'good') setItem(answer.value);
  }, [api, documentId]);
  useEffect(() => void look(), [look]);
  useLockEnd(item === null ? [] : [item], look);
  useNews(`${apiPath}/news`, (news) => {
    if (news.length === 0 || news.some((each) => each.documentId === documentId)) void look();
  });
  const act = async (verb: 'lock' | 'unlock') => {
    const answer = await api?.act(documentId, verb);
    setProblem(answer?.state === 'refused' ? answer.message : null);
    await look();
  };
  const hasLock = item?.lock?.isOwn === true;
  useEffect(() => {
    if (!hasLock || api === null) return;
    const timer = setInterval(() => void api.act(documentId, 'lock'), RENEW_EVERY_MS);
    return () => clearInterval(timer);
  }, [hasLock, api, documentId]);

  return (
    <nav className="lb-bar" aria-label="Library">
      <a className="of-button" data-tone="plain" href={homePath}>
        <Icon name="home" size={16} />
        Library
      </a>
      <p role="status">{problem ?? (item === null ? '' : standing(item, canEdit))}</p>
      {item !== null && <LockButton item={item} onAct={act} />}
      {item?.role === 'owner' && api !== null && (
        <Button onClick={() => setSharing(true)}>
          <Icon name="people" size={16} />
          Share
        </Button>
      )}
      {isSharing && item !== null && api !== null && (
        <ShareDialog item={item} api={api} onClose={() => setSharing(false)} />
      )}
    </nav>
  );
}

function LockButton({ item, onAct }: { item: LibraryItem; onAct(verb: 'lock' | 'unlock'): Promise<void> }) {
  const { lock, role, isTrashed } = item;
  if (isTrashed || (role !== 'owner' && role !== 'writer')) return null;
  if (lock === null || lock.isOwn) {
    return (
      <Button aria-pressed={lock !== null} onClick={() => void onAct(lock === null ? 'lock' : 'unlock')}>
        <Icon name={lock === null ? 'lock' : 'unlock'} size={16} />
        {lock === null ? 'Lock' : 'Unlock'}
      </Button>
    );
  }
  if (role !== 'owner') return null;
  return (
    <Button onClick={() => void onAct('unlock')}>
      <Icon name="unlock" size={16} />
      Break the lock
    </Button>
  );
}

/** What keeps the person from editing, or others; nothing while everybody may. */
function standing({ lock, role, isTrashed }: LibraryItem, canEdit: boolean): string {
  if (isTrashed) return 'This document is in the trash: it can be read, and not changed.';
  if (lock?.isOwn) return 'You have locked this document: only you can edit it.';
  if (lock) return `${lock.by} has locked this document until ${exactMoment(lock.until)}. You can read it.`;
  if (canEdit) return '';
  return role === 'reader' ? 'It is shared with you for reading.' : 'You can read it now, and not change it.';
}
