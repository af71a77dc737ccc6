import { useEffect, useState, useSyncExternalStore } from 'react';
import { Icon, type IconName } from '../../kit/icon.js';
import { formatMoment } from './format-time.js';
import { type Keeper, type Status, type StatusTone, statusOf } from './session/status-words.js';
import type { WriterSession } from './session/writer-session.js';

const ICONS: Readonly<Record<StatusTone, IconName>> = {
  calm: 'cloud',
  busy: 'cloud',
  good: 'check',
  warn: 'offline',
  bad: 'warning',
};

interface StatusProps {
  readonly session: WriterSession;
  /** Whether there is anywhere to save to. */
  readonly canSave: boolean;
  readonly keeper: Keeper;
}

/** Where the work is, in words that change as it goes. */
export function StatusLine({ session, canSave, keeper }: StatusProps) {
  const status = useStatus(session, canSave, keeper);
  const isOnline = useSyncExternalStore(session.subscribe, () => session.room().link.state === 'open');
  // What is late is not offline: the work is safe, only the application has not got it.
  const icon = status.tone === 'warn' && isOnline ? 'clock' : ICONS[status.tone];
  return (
    <div className="ow-status" data-tone={status.tone} title={status.detail} data-testid="status">
      <Icon name={icon} size={16} />
      <span>{status.words}</span>
      {status.detail !== undefined && <span className="ow-status-detail">{status.detail}</span>}
    </div>
  );
}

/**
 * The same for a screen reader. What is said stays while work is on its way, so that a pause in typing is not
 * announced as news.
 */
export function StatusAnnouncer({ session, canSave, keeper }: StatusProps) {
  const { tone, words, detail } = useStatus(session, canSave, keeper);
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (tone !== 'busy') setSaid(detail === undefined ? words : `${words}. ${detail}`);
  }, [tone, words, detail]);
  return (
    <div className="of-hidden" aria-live="polite">
      {said}
    </div>
  );
}

function useStatus(session: WriterSession, canSave: boolean, keeper: Keeper): Status {
  return statusOf(useSyncExternalStore(session.subscribe, session.room), formatMoment, canSave, keeper);
}
