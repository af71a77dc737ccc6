import type { DocumentVersion, Permissions, VersionDelivery } from '@officina/protocol';
import type { DocumentKey } from '../documents/document.js';
import type { Session } from '../sessions/session.js';
import type { Save } from './save.js';
import type { SavesDeps } from './save-deps.js';
import { SAVED_SUCCESSFULLY } from './save-messages.js';
import { isDocxFormat, targetIdOf } from './target.js';

/** A version without where it is to be found, which the face knows. */
export type ListedVersion = Omit<DocumentVersion, 'pagePath' | 'downloadPath'>;

/** The saved states of documents: every save is one (rules SA38 to SA40). */
export interface VersionHistory {
  /** Newest first, as the session's person may see them. */
  list(session: Session): Promise<readonly ListedVersion[]>;
  find(documentKey: DocumentKey, number: number): Promise<{ savedAt: number } | undefined>;
  /** The docx of a version; undefined when there is no such version. */
  read(documentKey: DocumentKey, number: number): Promise<Uint8Array | undefined>;
}

/** Who may see earlier versions: those who may change the document, and those who may take copies of it. */
export function maySeeVersions(permissions: Permissions): boolean {
  return permissions['document.edit'] || permissions['document.export'];
}

export function createVersionHistory(
  deps: Pick<SavesDeps, 'blobs' | 'content'> & {
    saves: Pick<SavesDeps['saves'], 'listForDocument'>;
    sessions: Pick<SavesDeps['sessions'], 'find'>;
  },
): VersionHistory {
  return {
    async list(session) {
      const saves = await deps.saves.listForDocument(session.documentKey);
      const names = await namesOf(saves);
      const own = session.callback && targetIdOf(session.callback);
      return saves
        .map((save) => ({
          number: save.version,
          savedAt: save.createdAt,
          by: save.reason === 'user' ? (names.get(save.sessionId) ?? save.userId) : null,
          reason: save.reason,
          delivery: deliveryOf(save, save.targetId === own),
        }))
        .sort((a, b) => b.number - a.number);
    },

    async find(documentKey, number) {
      const save = await findSave(documentKey, number);
      return save && { savedAt: save.createdAt };
    },

    async read(documentKey, number) {
      const save = await findSave(documentKey, number);
      if (!save) return undefined;
      const kept = docxBlobOf(save);
      const bytes = kept === null ? undefined : await deps.blobs.get(kept);
      return bytes ?? (await deps.content.build(documentKey, save.sequence)).bytes;
    },
  };

  async function findSave(documentKey: DocumentKey, number: number): Promise<Save | undefined> {
    return (await deps.saves.listForDocument(documentKey)).find(({ version }) => version === number);
  }

  async function namesOf(saves: readonly Save[]): Promise<ReadonlyMap<string, string>> {
    const ids = [
      ...new Set(saves.flatMap(({ reason, sessionId }) => (reason === 'user' ? [sessionId] : []))),
    ];
    const sessions = await Promise.all(ids.map((id) => deps.sessions.find(id)));
    return new Map(sessions.flatMap((found) => (found ? [[found.id, found.user.displayName]] : [])));
  }
}

/** The blob that is the version's docx; null when only its other format was kept, or nothing was built yet. */
function docxBlobOf(save: Save): string | null {
  return save.sha256 === null || isDocxFormat(save.target.format) ? save.blob : null;
}

/** What an application answers to one target is not for the eyes of those who save to another one. */
function deliveryOf(save: Save, isOwnTarget: boolean): VersionDelivery {
  const message = (own: string, general: string) => (isOwnTarget ? own : general);
  switch (save.state) {
    case 'accepted':
    case 'built':
      if (save.message === null || save.leaseOwner !== null) return { state: 'sending' };
      return {
        state: 'waiting',
        nextAttemptAt: save.nextAttemptAt,
        message: message(save.message, 'The application has not taken it yet.'),
      };
    case 'delivered':
      return {
        state: 'delivered',
        at: save.settledAt ?? save.createdAt,
        message: message(save.message ?? SAVED_SUCCESSFULLY, SAVED_SUCCESSFULLY),
      };
    case 'superseded':
      return { state: 'superseded' };
    case 'parked': {
      const general = 'The application has not taken it.';
      return { state: 'undelivered', message: message(save.message ?? general, general) };
    }
    case 'conflict': {
      const general = 'Something newer had reached the application.';
      return { state: 'conflict', message: message(save.message ?? general, general) };
    }
    default:
      return save.state satisfies never;
  }
}
