import { AppError, type SaveProgress } from '@officina/protocol';
import type { DocumentKey } from '../documents/document.js';
import type { Session } from '../sessions/session.js';
import type { CallbackSettings } from './callback-settings.js';
import type { ProgressBoard } from './progress-board.js';
import type { Save, SaveReason } from './save.js';
import type { SavesDeps } from './save-deps.js';
import { ALREADY_SAVED, progressOf } from './save-messages.js';
import { targetIdOf } from './target.js';

interface Wish {
  session: Session;
  target: CallbackSettings;
  reason: SaveReason;
  force: boolean;
}

/** Turns wishes into rows of the ledger. */
export interface SaveAcceptor {
  acceptForSession(sessionId: string, reason: SaveReason, force: boolean): Promise<SaveProgress>;
  acceptForAllTargets(documentKey: DocumentKey, reason: 'leave' | 'expiry' | 'interval'): Promise<void>;
}

export function createSaveAcceptor(deps: SavesDeps, board: ProgressBoard, wake: () => void): SaveAcceptor {
  return {
    async acceptForSession(sessionId, reason, force) {
      const session = await deps.sessions.find(sessionId);
      if (!session || session.state === 'deleted') {
        throw new AppError('session_unknown', `There is no session "${sessionId}".`);
      }
      if (session.state === 'expired' || session.expiresAt <= deps.clock()) {
        throw new AppError('session_expired', 'The session has expired. Open the document again to save it.');
      }
      if (!session.callback) {
        throw new AppError(
          'save_url_missing',
          'The session was opened without callback_settings.save_url, so there is nowhere to save to. Download the file instead.',
        );
      }
      return accept({ session, target: session.callback, reason, force });
    },

    async acceptForAllTargets(documentKey, reason) {
      const targets = new Map<string, Wish>();
      // Oldest first, so that of several sessions with one target the newest speaks for it.
      for (const session of await deps.sessions.listLiving(documentKey)) {
        if (!session.callback || session.mode !== 'edit') continue;
        targets.set(targetIdOf(session.callback), {
          session,
          target: session.callback,
          reason,
          force: false,
        });
      }
      if (targets.size === 0 || (await deps.content.headSequence(documentKey)) === 0) return;
      for (const wish of targets.values()) await accept(wish);
    },
  };

  async function accept({ session, target, reason, force }: Wish): Promise<SaveProgress> {
    const document = await deps.documents.find(session.documentKey);
    if (!document) throw new AppError('document_unknown', 'The document of this session is gone.');
    const targetId = targetIdOf(target);
    const sequence = await deps.content.headSequence(document.key);
    const place = { documentKey: document.key, targetId, version: Number.MAX_SAFE_INTEGER, sequence };
    const earlier = (await deps.saves.listAround(place))
      .filter((save) => save.targetId === targetId)
      .sort((a, b) => b.version - a.version);
    if (!force) {
      const covered = await findCover(earlier, sequence, session.id);
      if (covered) return covered;
    }
    const now = deps.clock();
    const save = await deps.saves.accept({
      id: deps.newId(),
      documentKey: document.key,
      apiKeyId: session.apiKeyId,
      documentId: document.documentId,
      documentName: document.name,
      sessionId: session.id,
      userId: reason === 'user' ? session.user.userId : null,
      reason,
      force,
      sequence,
      targetId,
      target,
      state: 'accepted',
      blob: null,
      sha256: null,
      attempts: 0,
      nextAttemptAt: now,
      leasedUntil: null,
      leaseOwner: null,
      createdAt: now,
      settledAt: null,
      message: null,
    });
    const progress = progressOf(save, now);
    for (const older of earlier) if (isUnsettled(older)) board.follow(older, save);
    board.tell(save, progress, false);
    await deps.saves.supersedeOlder(save, now).catch((error) => {
      // The save is accepted whatever happens now: the older one is found out when its turn comes.
      deps.report?.({ at: 'accept', saveId: save.id, error });
    });
    wake();
    return progress;
  }

  /** What already brings, or has brought, exactly this content to the target. */
  async function findCover(
    earlier: readonly Save[],
    sequence: number,
    sessionId: string,
  ): Promise<SaveProgress | undefined> {
    const newest = earlier.find((save) => isUnsettled(save) || save.state === 'delivered');
    if (newest?.sequence !== sequence) return undefined;
    if (newest.state === 'delivered') {
      return { state: 'unchanged', version: newest.version, message: ALREADY_SAVED };
    }
    const now = deps.clock();
    // Somebody asks again for what is waiting: that is a wish to try now.
    if (newest.nextAttemptAt > now && newest.leaseOwner === null) {
      await deps.saves.update(newest.id, { nextAttemptAt: now });
      wake();
    }
    if (newest.sessionId !== sessionId) board.join(newest, sessionId);
    return { state: 'accepted', deliveryId: newest.id, version: newest.version };
  }
}

function isUnsettled(save: Save): boolean {
  return save.state === 'accepted' || save.state === 'built';
}
