import type { SaveProgress } from '@officina/protocol';
import type { DocumentKey } from '../../domain/documents/document.js';
import type { Saves } from '../../domain/saving/saves.js';
import type { RoomDeps } from '../ports.js';

type RoomSaves = RoomDeps['saves'];
type Listener = Parameters<Saves['onProgress']>[0];

/** Accepts every save; the test says how it goes on. */
export class FakeSaves implements RoomSaves {
  readonly requests: { sessionId: string; reason: string; force: boolean }[] = [];
  readonly leaves: { documentKey: DocumentKey; reason: string }[] = [];
  /** Asked when a save is requested, before it is accepted. */
  onRequest: () => void = () => {};
  refusal: Error | undefined;
  /** How the save stands that a newcomer finds. */
  ongoing: SaveProgress | null = null;
  confirmed = { version: 0, deliveredSequence: 0 };
  #listener: Listener | undefined;

  async request(sessionId: string, reason: string, options?: { force?: boolean }): Promise<SaveProgress> {
    this.onRequest();
    if (this.refusal) throw this.refusal;
    this.requests.push({ sessionId, reason, force: options?.force === true });
    return { state: 'accepted', deliveryId: `save-${this.requests.length}`, version: this.requests.length };
  }

  async requestForAllTargets(documentKey: DocumentKey, reason: string): Promise<void> {
    this.leaves.push({ documentKey, reason });
  }

  onProgress(listener: Listener): () => void {
    this.#listener = listener;
    return () => {
      this.#listener = undefined;
    };
  }

  async status(): Promise<{ version: number; deliveredSequence: number }> {
    return this.confirmed;
  }

  async follow(): Promise<SaveProgress | null> {
    return this.ongoing;
  }

  report(documentKey: DocumentKey, sessionId: string, progress: SaveProgress): void {
    this.#listener?.(documentKey, sessionId, progress);
  }
}
