import { AppError, type VersionName } from '@officina/protocol';
import type { DocumentSnapshots } from '../domain/content/document-snapshots.js';
import type { DocumentKey } from '../domain/documents/document.js';
import { NumberedOperation, operationAuthor } from '../domain/log/numbered-operation.js';
import { type OperationLog, RESTORING_CLIENT } from '../domain/log/operation-log.js';
import type { FoundVersion, VersionHistory } from '../domain/saving/version-history.js';
import type { Session } from '../domain/sessions/session.js';
import type { Clock } from '../domain/time.js';
import type { RoomJournal } from './ports.js';
import { permissionsOf } from './rights.js';

/** Why a state was not taken up again; `reason` says it in words. */
export interface RestoreRefusal {
  code: string;
  reason: string;
}

export interface RestoreDeskDeps {
  clock: Clock;
  journal: RoomJournal;
  log: Pick<OperationLog, 'append'>;
  content: Pick<DocumentSnapshots, 'restore' | 'takeSnapshot'>;
  versions: Pick<VersionHistory, 'find'>;
  /** Resolves once everything that was accepted before is durable. */
  durable(): Promise<void>;
  /** Everybody has to come in anew: the document is another one, or what they sent meanwhile was passed over. */
  onOver(): void;
}

/**
 * Takes up an earlier state for everybody in the room, as one step of the log: a snapshot of that state, which stands at
 * an operation of its own and opens an epoch. While it is made the room takes no operations; their authors keep them and
 * send them again when they come in anew.
 */
export class RestoreDesk {
  readonly #documentKey: DocumentKey;
  /** Under which the room may append. */
  readonly #epoch: number;
  readonly #deps: RestoreDeskDeps;
  #isHolding = false;

  constructor(documentKey: DocumentKey, epoch: number, deps: RestoreDeskDeps) {
    this.#documentKey = documentKey;
    this.#epoch = epoch;
    this.#deps = deps;
  }

  /** Whether operations are passed over. */
  get isHolding(): boolean {
    return this.#isHolding;
  }

  /** Resolves when everybody is on their way to the state, or when `refuse` has heard why not. */
  async restore(
    session: Session,
    name: VersionName,
    isQuarantined: boolean,
    refuse: (refusal: RestoreRefusal) => void,
  ): Promise<void> {
    let isMine = false;
    try {
      const from = await this.#deps.versions.find(this.#documentKey, name);
      if (!permissionsOf(session)['document.edit']) refuse(DENIED);
      else if (isQuarantined) refuse(QUARANTINED);
      else if (!from) refuse(UNKNOWN);
      else {
        // What is there now stays at hand without a long replay; most of that is done before anybody has to wait.
        await this.#deps.content.takeSnapshot(this.#documentKey);
        if (this.#isHolding) return refuse(BUSY);
        isMine = true;
        this.#isHolding = true;
        await this.#goBack(session, from);
      }
    } catch (error) {
      refuse(this.#refusalOf(error));
    } finally {
      if (isMine) this.#deps.onOver();
    }
  }

  async #goBack({ user }: Session, found: FoundVersion): Promise<void> {
    await this.#deps.durable();
    const from = { sequence: found.sequence, at: found.at, version: found.version };
    const restored = { userId: user.userId, by: user.displayName, from };
    await this.#deps.content.restore(this.#documentKey, restored, async (snapshot) => {
      const { sequence } = snapshot;
      const o = { ops: [{ kind: 'restore', from }] };
      const fields = { n: sequence, base: sequence - 1, at: this.#deps.clock(), o };
      const author = operationAuthor(RESTORING_CLIENT, user.userId, user.displayName);
      const operation = new NumberedOperation(sequence, fields, author, JSON.stringify(o));
      await this.#deps.log.append(this.#documentKey, this.#epoch, [operation], snapshot);
    });
  }

  #refusalOf(error: unknown): RestoreRefusal {
    if (error instanceof AppError) return { code: error.code, reason: error.message };
    this.#deps.journal.error({ document: this.#documentKey, err: error }, 'A version could not be restored.');
    return { code: 'internal', reason: 'The server could not restore this version.' };
  }
}

const DENIED = { code: 'permission_denied', reason: 'This session may not change the document.' };
const QUARANTINED = { code: 'document_quarantined', reason: 'This document can no longer be edited.' };
const UNKNOWN = { code: 'version_unknown', reason: 'This version is no longer kept.' };
const BUSY = { code: 'busy', reason: 'Somebody is restoring a version at this moment.' };
