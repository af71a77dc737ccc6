import type {
  DocumentState,
  DocumentVersion,
  Permissions,
  RestoredFrom,
  VersionDelivery,
  VersionName,
} from '@officina/protocol';
import type { Document, DocumentKey } from '../documents/document.js';
import { labelOf } from '../library/house-key.js';
import type { OperationLog, SnapshotRecord } from '../log/operation-log.js';
import type { Session } from '../sessions/session.js';
import type { Save } from './save.js';
import type { SavesDeps } from './save-deps.js';
import { SAVED_SUCCESSFULLY } from './save-messages.js';
import { isDocxFormat, targetIdOf } from './target.js';

/** A version without where it is to be found, which the face knows. */
export type ListedVersion = Omit<DocumentVersion, 'pagePath' | 'downloadPath'>;
export type ListedState = Omit<DocumentState, 'pagePath' | 'downloadPath'>;

/** What a name stands for. */
export interface FoundVersion extends RestoredFrom {
  sequence: number;
}

/** The states of documents that are kept: every save is a version, and some in between are (rules SA38 to SA46). */
export interface VersionHistory {
  /** Newest first, as the session's person may see them. */
  list(session: Session): Promise<readonly ListedVersion[]>;
  /** States that are no version, newest first. */
  listStates(document: Pick<Document, 'key' | 'createdAt'>): Promise<readonly ListedState[]>;
  find(documentKey: DocumentKey, name: VersionName): Promise<FoundVersion | undefined>;
  /** The docx of a version or state; undefined when there is no such one. */
  read(documentKey: DocumentKey, name: VersionName): Promise<Uint8Array | undefined>;
}

/** Who may see earlier versions: those who may change the document, and those who may take copies of it. */
export function maySeeVersions(permissions: Permissions): boolean {
  return permissions['document.edit'] || permissions['document.export'];
}

export function createVersionHistory(
  deps: Pick<SavesDeps, 'blobs' | 'content'> & {
    saves: Pick<SavesDeps['saves'], 'listForDocument'>;
    sessions: Pick<SavesDeps['sessions'], 'find'>;
    documents: Pick<SavesDeps['documents'], 'find'>;
    log: Pick<OperationLog, 'listSnapshots'>;
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
          ...labelOf(save),
          sequence: save.sequence,
          savedAt: save.createdAt,
          by: save.reason === 'user' ? (names.get(save.sessionId) ?? save.userId) : null,
          reason: save.reason,
          delivery: deliveryOf(save, save.targetId === own),
        }))
        .sort((a, b) => b.number - a.number);
    },

    async listStates(document) {
      const saves = await deps.saves.listForDocument(document.key);
      const saved = new Set(saves.map(({ sequence }) => sequence));
      const states = statesOf(document, await deps.log.listSnapshots(document.key));
      return states.filter(({ sequence, kind }) => kind === 'restored' || !saved.has(sequence));
    },

    async find(documentKey, name) {
      if ('version' in name) {
        const save = await findSave(documentKey, name.version);
        return save && { sequence: save.sequence, version: save.version, at: save.createdAt };
      }
      const { sequence } = name;
      const saves = await deps.saves.listForDocument(documentKey);
      const save = saves.filter((each) => each.sequence === sequence).at(-1);
      if (save) return { sequence, version: save.version, at: save.createdAt };
      const document = await deps.documents.find(documentKey);
      const states = document ? statesOf(document, await deps.log.listSnapshots(documentKey)) : [];
      const state = states.find((each) => each.sequence === sequence);
      return state && { sequence, version: null, at: state.at };
    },

    async read(documentKey, name) {
      if ('version' in name) {
        const save = await findSave(documentKey, name.version);
        if (!save) return undefined;
        const kept = docxBlobOf(save);
        const bytes = kept === null ? undefined : await deps.blobs.get(kept);
        return bytes ?? (await deps.content.build(documentKey, save.sequence)).bytes;
      }
      return (await deps.content.build(documentKey, name.sequence)).bytes;
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

/** Every state that can be named by its place: the beginning, the snapshots, and what was there before a restore. */
function statesOf(
  { createdAt }: Pick<Document, 'createdAt'>,
  newestFirst: readonly SnapshotRecord[],
): readonly ListedState[] {
  const states = new Map<number, ListedState>();
  for (const { sequence, createdAt: at, people, restored } of newestFirst) {
    if (restored === null) {
      const known = states.get(sequence);
      states.set(sequence, known ? { ...known, people } : { sequence, at, people, kind: 'between' });
      continue;
    }
    const { version, at: fromAt } = restored.from;
    const from = { version, at: fromAt };
    states.set(sequence, { sequence, at, people: [restored.by], kind: 'restored', from });
    const before = sequence - 1;
    if (before > 0) states.set(before, { sequence: before, at, people: [], kind: 'before_restore' });
  }
  states.set(0, { sequence: 0, at: createdAt, people: [], kind: 'opened' });
  return [...states.values()].sort((a, b) => b.sequence - a.sequence);
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
