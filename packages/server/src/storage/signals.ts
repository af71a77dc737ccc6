/** Says when it is worth asking for jobs, also when another node accepted them. */
export interface SaveSignals {
  /** Calls back after a job may have become due; returns a function that ends the listening. */
  onWaiting(listener: () => void): () => void;
}

/** The listeners of this process. */
export class LocalSignals implements SaveSignals {
  readonly #listeners = new Set<() => void>();

  onWaiting(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  raise(): void {
    for (const listener of this.#listeners) listener();
  }
}
