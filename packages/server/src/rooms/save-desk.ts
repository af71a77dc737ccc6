import { AppError, canWrite, type SaveProgress, type ServerMessage } from '@officina/protocol';
import type { DocumentKey } from '../domain/documents/document.js';
import type { Saves } from '../domain/saving/saves.js';
import type { Session } from '../domain/sessions/session.js';
import type { RoomMetrics } from './metrics.js';
import type { LeavePolicy, RoomJournal } from './ports.js';
import { permissionsOf } from './rights.js';

export interface SaveDeskDeps {
  saves: Pick<Saves, 'request' | 'requestForAllTargets' | 'follow'>;
  leavePolicy: LeavePolicy;
  journal: RoomJournal;
  metrics: RoomMetrics;
  /** Resolves once everything that was accepted before is durable: a save holds what is in the log. */
  durable(): Promise<void>;
  tell(sessionId: string, message: string): void;
  tellAll(message: string): void;
}

/** Passes wishes to save on to the pipeline, and its progress back to those who asked. */
export class SaveDesk {
  readonly #documentKey: DocumentKey;
  readonly #deps: SaveDeskDeps;
  readonly #lastTold = new Map<string, string>();
  #unaskedSaves: Promise<void> = Promise.resolve();
  /** Versions that everybody was told of; each may come once for every session that waits for it. */
  #deliveredVersion = 0;

  constructor(documentKey: DocumentKey, deps: SaveDeskDeps) {
    this.#documentKey = documentKey;
    this.#deps = deps;
  }

  /** Saves everything that the client sent before it asked. */
  async save(session: Session, force: boolean): Promise<void> {
    this.#lastTold.delete(session.id);
    try {
      if (!canWrite(permissionsOf(session))) throw new AppError('permission_denied');
      await this.#deps.durable();
      this.tellProgress(session.id, await this.#deps.saves.request(session.id, 'user', { force }));
    } catch (error) {
      this.tellProgress(session.id, this.#failureOf(error));
    }
  }

  /** A step of a save; the same step is told once, though both the request and the pipeline name it. */
  tellProgress(sessionId: string, progress: SaveProgress): void {
    const message = JSON.stringify({ t: 'save', progress } satisfies ServerMessage);
    if (this.#lastTold.get(sessionId) === message) return;
    this.#lastTold.set(sessionId, message);
    this.#deps.tell(sessionId, message);
    this.#tellDelivered(progress);
  }

  #tellDelivered(progress: SaveProgress): void {
    if (progress.state !== 'delivered' || progress.version <= this.#deliveredVersion) return;
    const { version, sequence, at } = progress;
    if (sequence === undefined) return;
    this.#deliveredVersion = version;
    this.#deps.tellAll(JSON.stringify({ t: 'delivered', version, sequence, at } satisfies ServerMessage));
  }

  /**
   * How the save of a session that comes in stands. Asked in two steps: a step that is told between them, when the
   * session hears nothing yet, is the answer.
   */
  async lookAt(session: Session): Promise<() => SaveProgress | null> {
    const before = this.#lastTold.get(session.id);
    const read = await this.#deps.saves.follow(session);
    return () => {
      const last = this.#lastTold.get(session.id);
      if (last === undefined || last === before) return read;
      return (JSON.parse(last) as Extract<ServerMessage, { t: 'save' }>).progress;
    };
  }

  /** The last editor has left. */
  saveOnLeave(apiKeyId: string): void {
    const leave = async () => {
      if (!(await this.#deps.leavePolicy.savesOnLeave(apiKeyId))) return;
      await this.#deps.durable();
      await this.#deps.saves.requestForAllTargets(this.#documentKey, 'leave');
      this.#deps.metrics.leavesSaved += 1;
    };
    this.#unasked(leave(), 'The save after the last editor left failed.');
  }

  /** Edits have waited for as long as their key lets them. */
  saveAtInterval(): void {
    const save = async () => {
      await this.#deps.durable();
      await this.#deps.saves.requestForAllTargets(this.#documentKey, 'interval');
    };
    this.#unasked(save(), 'A save at intervals failed.');
  }

  forget(sessionId: string): void {
    this.#lastTold.delete(sessionId);
  }

  /** Resolves when the saves that nobody asked for are accepted. */
  settled(): Promise<void> {
    return this.#unaskedSaves;
  }

  #unasked(save: Promise<void>, complaint: string): void {
    const done = save.catch((error: unknown) => {
      this.#deps.journal.error({ document: this.#documentKey, err: error }, complaint);
    });
    this.#unaskedSaves = Promise.all([this.#unaskedSaves, done]).then(() => undefined);
  }

  #failureOf(error: unknown): SaveProgress {
    if (error instanceof AppError) {
      return { state: 'failed', deliveryId: null, version: 0, code: error.code, reason: error.message };
    }
    this.#deps.journal.error({ document: this.#documentKey, err: error }, 'A save could not be accepted.');
    const reason = 'The server could not accept this save.';
    return { state: 'failed', deliveryId: null, version: 0, code: 'internal', reason };
  }
}
