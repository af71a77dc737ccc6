import type { SaveProgress } from '@officina/protocol';
import type { DocumentKey } from '../documents/document.js';
import type { Save } from './save.js';

type Listener = (documentKey: DocumentKey, sessionId: string, progress: SaveProgress) => void;
type Watcher = (progress: SaveProgress) => void;

/** Tells sessions and waiting calls how their saves go on; holds nothing that a crash may not take. */
export class ProgressBoard {
  readonly #listeners = new Set<Listener>();
  readonly #watchers = new Map<string, Set<Watcher>>();
  /** Saves whose place a newer one has taken: their sessions hear of that one instead. */
  readonly #followers = new Map<string, Map<string, string>>();

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Hears the steps of one save, and of the one that takes its place. */
  watch(saveId: string, watcher: Watcher): () => void {
    const watchers = this.#watchers.get(saveId) ?? new Set();
    watchers.add(watcher);
    this.#watchers.set(saveId, watchers);
    return () => {
      watchers.delete(watcher);
      if (watchers.size === 0 && this.#watchers.get(saveId) === watchers) this.#watchers.delete(saveId);
    };
  }

  /** From now on whoever waits for `older` hears of `newer`. */
  follow(older: Pick<Save, 'id' | 'sessionId'>, newer: Pick<Save, 'id' | 'sessionId'>): void {
    const followers = this.#followers.get(newer.id) ?? new Map<string, string>();
    for (const [saveId, sessionId] of this.#followers.get(older.id) ?? []) followers.set(saveId, sessionId);
    followers.set(older.id, older.sessionId);
    this.#followers.delete(older.id);
    this.#followers.set(newer.id, followers);
  }

  /** Another session asked for what this save brings already: it hears of it too. */
  join(save: Pick<Save, 'id'>, sessionId: string): void {
    const followers = this.#followers.get(save.id) ?? new Map<string, string>();
    followers.set(`${save.id} ${sessionId}`, sessionId);
    this.#followers.set(save.id, followers);
  }

  /** `isLast`: no step of this save can follow. */
  tell(save: Pick<Save, 'id' | 'documentKey' | 'sessionId'>, progress: SaveProgress, isLast: boolean): void {
    const followers = this.#followers.get(save.id);
    const sessions = new Set([save.sessionId, ...(followers?.values() ?? [])]);
    for (const saveId of [save.id, ...(followers?.keys() ?? [])]) {
      for (const watcher of [...(this.#watchers.get(saveId) ?? [])]) watcher(progress);
    }
    for (const session of sessions) {
      for (const listener of [...this.#listeners]) listener(save.documentKey, session, progress);
    }
    if (isLast) this.#followers.delete(save.id);
  }
}
