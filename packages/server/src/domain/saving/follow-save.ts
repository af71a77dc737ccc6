import type { SaveProgress } from '@officina/protocol';
import type { Session } from '../sessions/session.js';
import type { ProgressBoard } from './progress-board.js';
import type { SaveStore } from './save.js';
import { progressOf } from './save-messages.js';
import { targetIdOf } from './target.js';

/** How the newest save to the session's target stands while the application has not got it; its steps go there too. */
export async function followSave(
  saves: Pick<SaveStore, 'listForDocument'>,
  board: ProgressBoard,
  session: Session,
  now: number,
): Promise<SaveProgress | null> {
  if (!session.callback) return null;
  const targetId = targetIdOf(session.callback);
  const newest = (await saves.listForDocument(session.documentKey))
    .filter((save) => save.targetId === targetId)
    .reduce<Awaited<ReturnType<SaveStore['listForDocument']>>[number] | undefined>(
      (last, save) => (last && last.version > save.version ? last : save),
      undefined,
    );
  if (!newest || newest.state === 'delivered' || newest.state === 'superseded') return null;
  const isUnsettled = newest.state === 'accepted' || newest.state === 'built';
  if (isUnsettled && newest.sessionId !== session.id) board.join(newest, session.id);
  return progressOf(newest, now);
}
