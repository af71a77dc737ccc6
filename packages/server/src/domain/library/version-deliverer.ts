import { AppError } from '@officina/protocol';
import type { Deliverer } from '../saving/deliverer.js';
import type { Save } from '../saving/save.js';
import type { SessionStore } from '../sessions/session.js';
import type { Clock } from '../time.js';
import { roleOf } from './access.js';
import type { Authorship } from './authorship.js';
import { answerOf, HOUSE_KEY } from './house-key.js';
import { versionText } from './library-document.js';
import type { LibraryStore } from './library-store.js';

export interface VersionDelivererDeps {
  library: Pick<LibraryStore, 'find' | 'findVersion'>;
  authorship: Pick<Authorship, 'saveDocx'>;
  sessions: Pick<SessionStore, 'find'>;
  clock: Clock;
}

type Answer = Awaited<ReturnType<Deliverer['deliver']>>;

/** Brings saves of library documents to their own versions, and those of applications on to `next`. */
export function createVersionDeliverer(deps: VersionDelivererDeps, next: Deliverer): Deliverer {
  return {
    async deliver(save, bytes, credentials) {
      if (save.apiKeyId !== HOUSE_KEY.id) return await next.deliver(save, bytes, credentials);
      const startedAt = deps.clock();
      const end = await keep(save, bytes).catch(failureOf);
      return {
        saveId: save.id,
        number: save.attempts + 1,
        startedAt,
        durationMs: deps.clock() - startedAt,
        status: null,
        answer: end.message,
        retryAfterSeconds: null,
        ...end,
      };
    },
  };

  async function keep(save: Save, bytes: Uint8Array): Promise<End> {
    const { documentId } = save;
    const saverId = await saverOf(save);
    const entry = await deps.library.find(documentId, saverId);
    const newest = entry && (await deps.library.findVersion(documentId, entry.document.version));
    // A crash after the version was kept and before that was noted must not make it twice.
    if (newest !== undefined && newest.blob === save.sha256) return kept(newest.number);
    const saved = await deps.authorship.saveDocx(saverId, documentId, bytes);
    return kept(saved.document.version);
  }

  /** Who asked; for a save that nobody asked for, its session's person, or the owner when that one may not save. */
  async function saverOf(save: Save): Promise<string> {
    if (save.userId !== null) return save.userId;
    const userId = (await deps.sessions.find(save.sessionId))?.user.userId ?? null;
    const entry = await deps.library.find(save.documentId, userId);
    if (!entry) throw new AppError('document_unknown', 'The document has been deleted for good.');
    const role = roleOf(entry, userId);
    return userId !== null && (role === 'owner' || role === 'writer') ? userId : entry.document.ownerId;
  }
}

type End = Pick<Answer, 'outcome' | 'canHeal'> & { message: string };

function kept(version: number): End {
  return { outcome: 'delivered', canHeal: true, message: answerOf(versionText(version)) };
}

function failureOf(error: unknown): End {
  if (error instanceof AppError) return { outcome: 'refused', canHeal: false, message: error.message };
  const reason = error instanceof Error ? error.message : 'unknown fault';
  return {
    outcome: 'unreachable',
    canHeal: true,
    message: `The library could not keep the version: ${reason}`,
  };
}
