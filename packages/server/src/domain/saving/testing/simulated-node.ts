import { createSaves, type SavePipeline } from '../create-saves.js';
import type { SavesDeps } from '../save-deps.js';
import type { SeededRandom } from './seeded-random.js';
import type { VirtualTime } from './virtual-time.js';

export interface Hazards {
  /** Probability that the process dies at one given await: before or after the effect of a call. */
  crash: number;
  /** While this holds, every write of the store fails, as on a full disk. */
  diskIsFull: () => boolean;
}

const READS = /^(find|list|next|oldest|get|has|head)/;
const never = new Promise<never>(() => {});

/**
 * One server process of the simulation. Each call that its pipeline makes takes a little time and may be the last one:
 * what a dead process waits for never comes, and what it has not yet begun never happens.
 */
export class SimulatedNode {
  state: 'running' | 'paused' | 'dead' = 'running';
  readonly pipeline: SavePipeline;
  readonly #random: SeededRandom;
  readonly #time: VirtualTime;
  readonly #hazards: Hazards;
  readonly #onDeath: (node: SimulatedNode) => void;
  #resumers: (() => void)[] = [];

  constructor(
    readonly id: string,
    parts: {
      time: VirtualTime;
      random: SeededRandom;
      hazards: Hazards;
      onDeath: (node: SimulatedNode) => void;
      deps: SavesDeps;
    },
  ) {
    this.#time = parts.time;
    this.#random = parts.random;
    this.#hazards = parts.hazards;
    this.#onDeath = parts.onDeath;
    const { deps } = parts;
    this.pipeline = createSaves({
      ...deps,
      saves: this.#through(deps.saves),
      blobs: this.#through(deps.blobs),
      documents: this.#through(deps.documents),
      sessions: this.#through(deps.sessions),
      keys: this.#through(deps.keys),
      content: this.#through(deps.content),
      deliverer: {
        deliver: async (save, bytes, credentials) => {
          await this.#live();
          const answer = await deps.deliverer.deliver(save, bytes, credentials);
          await this.#live();
          return answer;
        },
      },
      scheduler: { schedule: (at, task) => this.#time.schedule(at, () => this.#whenAwake(task)) },
      nodeId: this.id,
    });
  }

  die(): void {
    if (this.state === 'dead') return;
    this.state = 'dead';
    this.#resumers = [];
    this.#onDeath(this);
  }

  pause(): void {
    if (this.state === 'running') this.state = 'paused';
  }

  resume(): void {
    if (this.state !== 'paused') return;
    this.state = 'running';
    for (const go of this.#resumers.splice(0)) go();
  }

  #whenAwake(task: () => void): void {
    if (this.state === 'running') task();
    else if (this.state === 'paused') this.#resumers.push(task);
  }

  /** Goes on at once in a running process, later in a paused one, never in a dead one. */
  async #live(): Promise<void> {
    while (this.state === 'paused') await new Promise<void>((resolve) => this.#resumers.push(resolve));
    if (this.state === 'dead') await never;
  }

  async #step(): Promise<void> {
    if (this.#random.chance(0.5)) await this.#time.sleep(this.#random.between(1, 20));
    await this.#live();
    if (this.#random.chance(this.#hazards.crash)) {
      this.die();
      await never;
    }
  }

  #through<Port extends object>(port: Port): Port {
    return new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return async (...args: unknown[]) => {
          await this.#step();
          if (this.#hazards.diskIsFull() && !READS.test(String(name)))
            throw new Error('ENOSPC: no space left');
          const result: unknown = await member.apply(target, args);
          await this.#step();
          return result;
        };
      },
    });
  }
}
