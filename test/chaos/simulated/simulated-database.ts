import type { SaveStore } from '../../../packages/server/src/domain/saving/save.js';
import { createMemorySaveStore } from '../../../packages/server/src/domain/saving/testing/memory-save-store.js';
import type { SeededRandom } from '../../../packages/server/src/domain/saving/testing/seeded-random.js';
import type { VirtualTime } from '../../../packages/server/src/domain/saving/testing/virtual-time.js';
import { type Append, type LogHead, planCommit } from '../../../packages/server/src/storage/append.js';

const LONGEST_SYNC_MS = 12;

/** The stores as a node reaches them. */
export interface DatabasePorts {
  saves: SaveStore;
  log: SimulatedLog;
}

export interface SimulatedLog {
  /** The operations of a document that are durable, oldest first. */
  readAll(document: string): Promise<readonly string[]>;
  /** Bars whoever numbered the document's operations before; the new head. */
  takeOver(document: string): Promise<LogHead>;
  commitAppends(appends: readonly Append[]): Promise<readonly (string | null)[]>;
}

/**
 * A database that writes one transaction after the other and answers each when it is synced. When the power goes in
 * between, the one under way is there or not, those behind it are not, and nobody hears of any.
 */
export class SimulatedDatabase implements DatabasePorts {
  readonly saves: SaveStore;
  readonly log: SimulatedLog;
  readonly #heads = new Map<string, LogHead>();
  readonly #operations = new Map<string, string[]>();
  #queue: (() => void)[] = [];
  #current: (() => void) | undefined;
  /** Counts the power cuts: what was begun before one does not go on after it. */
  #life = 0;

  constructor(
    private readonly time: VirtualTime,
    private readonly random: SeededRandom,
  ) {
    this.saves = createMemorySaveStore((work) => this.#commit(work));
    this.log = {
      readAll: async (document) => this.operationsOf(document),
      takeOver: (document) => this.#commit(() => this.#takeOver(document)),
      commitAppends: (appends) => this.#commit(() => this.#append(appends)),
    };
  }

  operationsOf(document: string): readonly string[] {
    return this.#operations.get(document) ?? [];
  }

  powerCut(): void {
    const current = this.#current;
    this.#life += 1;
    this.#queue = [];
    this.#current = undefined;
    if (current && this.random.chance(0.5)) current();
  }

  #commit<Value>(work: () => Value): Promise<Value> {
    return new Promise((resolve) => {
      const write = () => {
        const value = work();
        return () => resolve(value);
      };
      this.#queue.push(() => this.#begin(write));
      if (!this.#current) this.#next();
    });
  }

  #begin(write: () => () => void): void {
    const life = this.#life;
    this.#current = write;
    const end = () => {
      if (life !== this.#life) return;
      write()();
      this.#current = undefined;
      this.#next();
    };
    if (this.random.chance(0.5))
      this.time.schedule(this.time.clock() + this.random.between(1, LONGEST_SYNC_MS), end);
    else end();
  }

  #next(): void {
    this.#queue.shift()?.();
  }

  #takeOver(document: string): LogHead {
    const { sequence, epoch } = this.#heads.get(document) ?? { sequence: 0, epoch: 0 };
    const head = { sequence, epoch: epoch + 1 };
    this.#heads.set(document, head);
    return head;
  }

  #append(appends: readonly Append[]): readonly (string | null)[] {
    const { refusals, rows, heads } = planCommit(appends, (document) => this.#heads.get(document));
    for (const { document, operations } of rows) {
      const added = JSON.parse(`[${operations}]`) as string[];
      this.#operations.set(document, [...this.operationsOf(document), ...added]);
    }
    for (const [document, sequence] of heads) {
      this.#heads.set(document, { epoch: this.#heads.get(document)?.epoch ?? 0, sequence });
    }
    return refusals;
  }
}
