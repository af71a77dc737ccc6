import type { SaveProgress } from '@officina/protocol';
import type { DocumentKey } from '../documents/document.js';
import type { Clock, Scheduler } from '../time.js';
import type { ProgressBoard } from './progress-board.js';
import type { Save } from './save.js';
import { progressOf } from './save-messages.js';

/** Several processes share one outbox: what another one delivers is seen in the store only. */
const LOOK_FIRST_MS = 1_000;
/** A save that waits for an application that is away is looked at this seldom. */
const LOOK_MOST_MS = 30_000;

export interface FarWatchDeps {
  clock: Clock;
  scheduler: Scheduler;
  board: ProgressBoard;
  /** The save, or the one that took its place. */
  find(saveId: string): Promise<Save | undefined>;
  report(saveId: string, error: unknown): void;
}

interface Watched {
  readonly documentKey: DocumentKey;
  readonly sessionId: string;
  pauseMs: number;
  attempts: number;
  cancel: () => void;
}

/** Tells the sessions of this process how their saves went that another process delivers (rule SA48). */
export class FarWatch {
  readonly #deps: FarWatchDeps;
  readonly #watched = new Map<string, Watched>();
  readonly #stopListening: () => void;

  constructor(deps: FarWatchDeps) {
    this.#deps = deps;
    this.#stopListening = deps.board.listen((documentKey, sessionId, progress) =>
      this.#hear(documentKey, sessionId, progress),
    );
  }

  watch(saveId: string, documentKey: DocumentKey, sessionId: string): void {
    const key = `${saveId} ${sessionId}`;
    if (this.#watched.has(key)) return;
    const watched = { documentKey, sessionId, pauseMs: LOOK_FIRST_MS, attempts: 0, cancel: () => {} };
    this.#watched.set(key, watched);
    this.#lookLater(key, saveId, watched);
  }

  stop(): void {
    this.#stopListening();
    for (const { cancel } of this.#watched.values()) cancel();
    this.#watched.clear();
  }

  #hear(documentKey: DocumentKey, sessionId: string, progress: SaveProgress): void {
    if (!('deliveryId' in progress) || progress.deliveryId === null) return;
    const { state, deliveryId } = progress;
    if (state === 'accepted') this.watch(deliveryId, documentKey, sessionId);
    else if (state === 'delivered' || state === 'failed') this.#forget(`${deliveryId} ${sessionId}`);
    else if (state === 'retrying') {
      const watched = this.#watched.get(`${deliveryId} ${sessionId}`);
      if (watched) watched.attempts = progress.attempt;
    }
  }

  #lookLater(key: string, saveId: string, watched: Watched): void {
    const { clock, scheduler, report } = this.#deps;
    watched.cancel = scheduler.schedule(clock() + watched.pauseMs, () => {
      this.#look(key, saveId, watched).catch((error) => report(saveId, error));
    });
    watched.pauseMs = Math.min(LOOK_MOST_MS, watched.pauseMs * 2);
  }

  async #look(key: string, saveId: string, watched: Watched): Promise<void> {
    const save = await this.#deps.find(saveId).catch((error: unknown) => {
      this.#deps.report(saveId, error);
      return 'unreachable' as const;
    });
    if (this.#watched.get(key) !== watched) return;
    if (save === undefined) return this.#forget(key);
    if (save !== 'unreachable') {
      const isWaiting = save.state === 'accepted' || save.state === 'built';
      if (!isWaiting) this.#forget(key);
      const progress = progressOf(save, this.#deps.clock());
      if (!isWaiting || (progress.state === 'retrying' && save.attempts > watched.attempts)) {
        watched.attempts = save.attempts;
        const { documentKey, sessionId } = watched;
        this.#deps.board.tell({ id: saveId, documentKey, sessionId }, progress, !isWaiting);
      }
      if (!isWaiting) return;
      // An attempt runs: how it goes is soon to be seen.
      if (progress.state === 'delivering') watched.pauseMs = LOOK_FIRST_MS;
    }
    this.#lookLater(key, saveId, watched);
  }

  #forget(key: string): void {
    this.#watched.get(key)?.cancel();
    this.#watched.delete(key);
  }
}
