import { createSaves, type SavePipeline } from '../../../packages/server/src/domain/saving/create-saves.js';
import type { Save } from '../../../packages/server/src/domain/saving/save.js';
import type { SavesDeps } from '../../../packages/server/src/domain/saving/save-deps.js';
import type { SeededRandom } from '../../../packages/server/src/domain/saving/testing/seeded-random.js';
import type { VirtualTime } from '../../../packages/server/src/domain/saving/testing/virtual-time.js';
import type { Append, LogHead } from '../../../packages/server/src/storage/append.js';
import type { Disk, DiskFile } from '../../../packages/server/src/storage/blobs/disk.js';
import { FileBlobStore } from '../../../packages/server/src/storage/blobs/files.js';
import { GroupCommit } from '../../../packages/server/src/storage/group-commit.js';
import type { SimulatedLog } from './simulated-database.js';

export interface Hazards {
  /** Probability that the process dies at one given await: before or after the effect of a call. */
  crash: number;
  /** Probability that the process stands still at one given await, for up to `LONGEST_FREEZE_MS`. */
  freeze: number;
  /** Probability that the connection to the database breaks at one given call: before or after the effect. */
  disconnect: number;
  /** While this holds, every write of the stores fails, as on a full disk. */
  diskIsFull: () => boolean;
}

/** Failures that the simulation brings about itself. */
export class SimulatedFailure extends Error {}

/** Where the blobs are on the simulated disk. */
export const BLOB_FOLDER = '/data/blobs';

const READS = /^(find|list|next|oldest|get|has|head|read|stat|open|close|unlink)/;
/** Some leases long. */
const LONGEST_FREEZE_MS = 200_000;

/** A promise of its own for everybody who waits: one for all would hold every history's dead in memory. */
function forever(): Promise<never> {
  return new Promise(() => {});
}

/**
 * One server process of the simulation: the save pipeline, the group commit of the log and the blobs in files are the
 * real ones. Each call that they make takes a little time and may be the last one: what a dead process waits for never
 * comes, and what it has not yet begun never happens.
 */
export class SimulatedNode {
  state: 'running' | 'paused' | 'dead' = 'running';
  readonly pipeline: SavePipeline;
  readonly #random: SeededRandom;
  readonly #time: VirtualTime;
  readonly #hazards: Hazards;
  readonly #onDeath: (node: SimulatedNode) => void;
  readonly #log: SimulatedLog;
  readonly #appends: GroupCommit<Append, string | null>;
  #resumers: (() => void)[] = [];

  constructor(
    readonly id: string,
    parts: {
      time: VirtualTime;
      random: SeededRandom;
      hazards: Hazards;
      onDeath: (node: SimulatedNode) => void;
      disk: Disk;
      log: SimulatedLog;
      /** Hears of bytes that are about to leave. */
      onSend: (node: SimulatedNode, save: Save) => Promise<void>;
      deps: SavesDeps;
    },
  ) {
    this.#time = parts.time;
    this.#random = parts.random;
    this.#hazards = parts.hazards;
    this.#onDeath = parts.onDeath;
    const { deps } = parts;
    this.#log = this.#through(parts.log);
    this.#appends = new GroupCommit((appends) => this.#log.commitAppends(appends), {
      now: deps.clock,
      after: (delayMs, callback) =>
        void this.#time.schedule(deps.clock() + delayMs, () => this.#whenAwake(callback)),
    });
    this.pipeline = createSaves({
      ...deps,
      saves: this.#through(deps.saves),
      blobs: new FileBlobStore(BLOB_FOLDER, this.#throughDisk(parts.disk)),
      documents: this.#through(deps.documents),
      sessions: this.#through(deps.sessions),
      keys: this.#through(deps.keys),
      content: this.#through(deps.content),
      deliverer: {
        deliver: async (save, bytes, credentials) => {
          await parts.onSend(this, save);
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

  append(edit: Append): Promise<string | null> {
    return this.#appends.add(edit);
  }

  takeOver(document: string): Promise<LogHead> {
    return this.#log.takeOver(document);
  }

  die(): void {
    if (this.state === 'dead') return;
    this.state = 'dead';
    this.#resumers = [];
    this.#onDeath(this);
  }

  /** Stands still for a while, and wakes up as if nothing had been. */
  freeze(): void {
    if (this.state !== 'running') return;
    this.state = 'paused';
    const wakesAt = this.#time.clock() + this.#random.between(1_000, LONGEST_FREEZE_MS);
    this.#time.schedule(wakesAt, () => this.resume());
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
    if (this.state === 'dead') await forever();
  }

  async #step(): Promise<void> {
    if (this.#random.chance(0.2)) await this.#time.sleep(this.#random.between(1, 20));
    if (this.#random.chance(this.#hazards.freeze)) this.freeze();
    if (this.state !== 'running') await this.#live();
    if (this.#random.chance(this.#hazards.crash)) {
      this.die();
      await forever();
    }
  }

  #refuseWrites(name: string): void {
    if (this.#hazards.diskIsFull() && !READS.test(name)) throw FULL;
  }

  #through<Port extends object>(port: Port): Port {
    return this.#around(port, async (name, call) => {
      await this.#step();
      this.#refuseWrites(name);
      if (this.#random.chance(this.#hazards.disconnect)) {
        if (this.#random.chance(0.5)) await call();
        throw GONE;
      }
      const result = await call();
      await this.#step();
      return result;
    });
  }

  #throughDisk(disk: Disk): Disk {
    const write = async (name: string, call: () => unknown) => {
      await this.#step();
      this.#refuseWrites(name);
      return call();
    };
    return this.#around(disk, async (name, call) => {
      const result = await write(name, call);
      return name === 'open' ? this.#around(result as DiskFile, write) : result;
    });
  }

  #around<Port extends object>(
    port: Port,
    advice: (name: string, call: () => unknown) => Promise<unknown>,
  ): Port {
    return new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]) => advice(String(name), () => member.apply(target, args));
      },
    });
  }
}

/** Made once: a stack for each of so many failures would cost a good part of the time. */
const FULL = Object.assign(new SimulatedFailure('ENOSPC: no space left on device'), { code: 'ENOSPC' });
const GONE = new SimulatedFailure('ECONNRESET: the database has gone away');
