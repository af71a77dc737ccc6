import type { HostSlots } from './host-slots.js';
import type { Save } from './save.js';
import type { SaveLimits, SavesDeps } from './save-deps.js';
import type { SaveJob } from './save-job.js';

/** Waits this long before it asks a store again that has just failed. */
const STORE_PAUSE_MS = 1_000;

/** Takes due saves from the store under leases and has them worked on, within the limits. */
export class Outbox {
  readonly #running = new Map<string, { owner: string; done: Promise<void> }>();
  #leaseCount = 0;
  #state: 'idle' | 'open' | 'stopped' = 'idle';
  #isPumping = false;
  #isAskedAgain = false;
  #cancelTimer = () => {};

  constructor(
    private readonly deps: SavesDeps,
    private readonly limits: SaveLimits,
    private readonly hosts: HostSlots,
    private readonly job: SaveJob,
  ) {}

  get isStopping(): boolean {
    return this.#state === 'stopped';
  }

  open(): void {
    this.#state = 'open';
    this.wake();
  }

  /** Looks for due saves now. */
  wake(): void {
    if (this.#state !== 'open') return;
    if (this.#isPumping) {
      this.#isAskedAgain = true;
      return;
    }
    this.#isPumping = true;
    this.#pump().then(
      () => this.#rest(),
      (error) => {
        this.deps.report?.({ at: 'lease', saveId: null, error });
        this.#isPumping = false;
        this.#wakeAt(this.deps.clock() + STORE_PAUSE_MS);
      },
    );
  }

  /** Takes no more work, gives what is running until `deadline`, then hands the leases back. */
  async stop(deadline: number): Promise<void> {
    this.#state = 'stopped';
    this.#cancelTimer();
    this.hosts.close();
    const unfinished = [...this.#running.values()].map(({ done }) => done);
    if (unfinished.length > 0) {
      await new Promise<void>((resolve) => {
        const cancel = this.deps.scheduler.schedule(deadline, resolve);
        Promise.all(unfinished).then(() => {
          cancel();
          resolve();
        });
      });
    }
    for (const [saveId, { owner }] of this.#running) {
      await this.deps.saves.updateLeased(saveId, owner, { leaseOwner: null, leasedUntil: null });
    }
  }

  async #pump(): Promise<void> {
    let isMoreLikely = true;
    while (isMoreLikely && this.#state === 'open') {
      this.#isAskedAgain = false;
      const free = this.limits.concurrency - (this.#running.size - this.hosts.waiting);
      if (free <= 0) return;
      this.#leaseCount += 1;
      // A name of its own for every lease: a job that lost its lease cannot mistake a later one for its own.
      const owner = `${this.deps.nodeId}.${this.#leaseCount}`;
      const { leaseMs } = this.limits;
      const taken = await this.deps.saves.lease(owner, this.deps.clock(), leaseMs, free, this.hosts.full());
      for (const save of taken) this.#begin(save, owner);
      isMoreLikely = taken.length === free || this.#isAskedAgain;
    }
    const { clock, saves } = this.deps;
    const dueAt = await saves.nextDueAt();
    this.#wakeAt(Math.min(dueAt ?? Number.POSITIVE_INFINITY, clock() + this.limits.pollMs));
  }

  #rest(): void {
    this.#isPumping = false;
    if (this.#isAskedAgain) this.wake();
  }

  #begin(save: Save, owner: string): void {
    const done = this.job
      .run(save, owner)
      .catch((error) => this.deps.report?.({ at: 'deliver', saveId: save.id, error }))
      .finally(() => {
        if (this.#running.get(save.id)?.owner === owner) this.#running.delete(save.id);
        this.wake();
      });
    this.#running.set(save.id, { owner, done });
  }

  /** A due time in the past means a job that cannot be taken now (its host or target is busy): its end wakes us. */
  #wakeAt(at: number): void {
    this.#cancelTimer();
    if (this.#state !== 'open') return;
    const now = this.deps.clock();
    this.#cancelTimer = this.deps.scheduler.schedule(at > now ? at : now + this.limits.pollMs, () =>
      this.wake(),
    );
  }
}
