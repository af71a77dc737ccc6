import type { HostSlots } from './host-slots.js';
import type { Save } from './save.js';
import type { SaveLimits, SavesDeps } from './save-deps.js';
import type { SaveJob } from './save-job.js';

/** Waits this long before it asks a store again that has just failed. */
const STORE_PAUSE_MS = 1_000;

/** After a job's end its queue may have the next one ready; several ends are looked after together. */
const END_PAUSE_MS = 25;
/** The same while a host has all its slots taken: then a look mostly finds what has to wait anyway. */
const CROWDED_PAUSE_MS = 250;

/** Clocks are set right by seconds at most without anything to heal. */
const SET_BACK_MS = 10_000;

/** Takes due saves from the store under leases and has them worked on, within the limits. */
export class Outbox {
  readonly #running = new Map<string, { owner: string; done: Promise<void> }>();
  #leaseCount = 0;
  #state: 'idle' | 'open' | 'stopped' = 'idle';
  #isPumping = false;
  #look: Promise<void> = Promise.resolve();
  #isAskedAgain = false;
  #lastLookAt = Number.NEGATIVE_INFINITY;
  #cancelTimer = () => {};
  #timerAt = Number.POSITIVE_INFINITY;
  /** A look that was asked for while another one went on. */
  #askedFor = Number.POSITIVE_INFINITY;
  /** What the last look was limited by. */
  #last: { tookAll: boolean; full: ReadonlySet<string> } = { tookAll: false, full: new Set() };

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
    this.#look = this.#pump().then(
      () => this.#rest(),
      (error) => {
        this.deps.report?.({ at: 'lease', saveId: null, error });
        this.#isPumping = false;
        this.#wakeAt(this.deps.clock() + STORE_PAUSE_MS);
      },
    );
  }

  /** A job has ended: looks at once if that makes room for work that is known to wait, else a little later. */
  #wakeAfterEnd(): void {
    const full = new Set(this.hosts.full());
    const hasMoreRoom = this.#last.tookAll || [...this.#last.full].some((host) => !full.has(host));
    if (hasMoreRoom && this.hosts.waiting === 0) this.wake();
    else this.wakeSoon(full.size > 0 ? CROWDED_PAUSE_MS : END_PAUSE_MS);
  }

  /** Looks for due saves within `pauseMs`; several calls make one look. */
  wakeSoon(pauseMs: number): void {
    const at = this.deps.clock() + pauseMs;
    if (this.#isPumping) this.#askedFor = Math.min(this.#askedFor, at);
    else if (at < this.#timerAt) this.#wakeAt(at);
  }

  /** Takes no more work, gives what is running until `deadline`, then hands the leases back. */
  async stop(deadline: number): Promise<void> {
    this.#state = 'stopped';
    this.#cancelTimer();
    this.hosts.close();
    await this.#look;
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
    await this.#handBack([...this.#running].map(([id, { owner }]) => ({ id, owner })));
  }

  async #handBack(held: readonly { id: string; owner: string }[]): Promise<void> {
    for (const { id, owner } of held) {
      await this.deps.saves.updateLeased(id, owner, { leaseOwner: null, leasedUntil: null });
    }
  }

  /** Moments that were fixed while the clock was ahead may lie hours away once it is right. */
  async #heedClock(): Promise<void> {
    const now = this.deps.clock();
    const isSetBack = now < this.#lastLookAt - SET_BACK_MS;
    this.#lastLookAt = now;
    if (isSetBack) await this.deps.saves.wakeAll(now);
  }

  async #pump(): Promise<void> {
    await this.#heedClock();
    let isMoreLikely = true;
    while (isMoreLikely && this.#state === 'open') {
      this.#isAskedAgain = false;
      const free = this.limits.concurrency - (this.#running.size - this.hosts.waiting);
      if (free <= 0) return;
      this.#leaseCount += 1;
      // A name of its own for every lease: a job that lost its lease cannot mistake a later one for its own.
      const owner = `${this.deps.nodeId}.${this.#leaseCount}`;
      const { leaseMs } = this.limits;
      const full = this.hosts.full();
      const taken = await this.deps.saves.lease(owner, this.deps.clock(), leaseMs, free, full);
      if (this.isStopping) return this.#handBack(taken.map(({ id }) => ({ id, owner })));
      for (const save of taken) this.#begin(save, owner);
      this.#last = { tookAll: taken.length === free, full: new Set(full) };
      isMoreLikely = this.#isAskedAgain;
    }
    const { clock, saves } = this.deps;
    if (this.isStopping) return;
    const dueAt = (await saves.nextDueAt()) ?? Number.POSITIVE_INFINITY;
    const now = clock();
    // What is due already and was not taken cannot be taken yet: only an end of a job, or the poll, changes that.
    const nextAt = Math.min(dueAt > now ? dueAt : Number.POSITIVE_INFINITY, now + this.limits.pollMs);
    this.#wakeAt(Math.min(nextAt, Math.max(this.#askedFor, now + 1)));
    this.#askedFor = Number.POSITIVE_INFINITY;
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
        this.#wakeAfterEnd();
      });
    this.#running.set(save.id, { owner, done });
  }

  #wakeAt(at: number): void {
    this.#cancelTimer();
    if (this.#state !== 'open') return;
    this.#timerAt = at;
    this.#cancelTimer = this.deps.scheduler.schedule(this.#timerAt, () => {
      this.#timerAt = Number.POSITIVE_INFINITY;
      this.wake();
    });
  }
}
