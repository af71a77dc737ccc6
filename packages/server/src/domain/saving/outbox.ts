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

/** Saves are taken ahead of their turn for as long as this at the pace of the last ones: few looks, and short waits under a lease. */
const AHEAD_MS = 250;

/** Clocks are set right by seconds at most without anything to heal. */
const SET_BACK_MS = 10_000;

interface Taken {
  save: Save;
  owner: string;
}

/** Takes due saves from the store under leases and has them worked on, within the limits. */
export class Outbox {
  readonly #running = new Map<string, { owner: string; done: Promise<void> }>();
  /** Under a lease, and not begun. */
  #ready: Taken[] = [];
  /** Jobs that have ended since the last look, and how many are taken ahead because of it. */
  #ends = 0;
  #ahead = 0;
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
    this.#ends += 1;
    this.#beginReady();
    const full = new Set(this.hosts.full());
    const hasMoreRoom = this.#last.tookAll || [...this.#last.full].some((host) => !full.has(host));
    const stock = this.#ready.length + this.hosts.waiting;
    if (hasMoreRoom && stock <= this.#ahead / 2) this.wake();
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
    const ready = this.#ready.splice(0).map(({ save: { id }, owner }) => ({ id, owner }));
    await this.#handBack([...ready, ...[...this.#running].map(([id, { owner }]) => ({ id, owner }))]);
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
    const before = this.#lastLookAt;
    await this.#heedClock();
    this.#ahead = this.#paceSince(before);
    let isMoreLikely = true;
    while (isMoreLikely && this.#state === 'open') {
      this.#isAskedAgain = false;
      const ahead = Math.max(0, this.#ahead - this.#ready.length - this.hosts.waiting);
      const wanted = Math.max(0, this.#room) + ahead;
      if (wanted === 0) return;
      this.#leaseCount += 1;
      // A name of its own for every lease: a job that lost its lease cannot mistake a later one for its own.
      const owner = `${this.deps.nodeId}.${this.#leaseCount}`;
      const { leaseMs } = this.limits;
      const full = this.hosts.full();
      const taken = await this.deps.saves.lease(owner, this.deps.clock(), leaseMs, wanted, full);
      if (this.isStopping) return this.#handBack(taken.map(({ id }) => ({ id, owner })));
      this.#ready.push(...taken.map((save) => ({ save, owner })));
      this.#beginReady();
      this.#last = { tookAll: taken.length === wanted, full: new Set(full) };
      // What waits for a crowded host leaves room for others.
      isMoreLikely = this.#isAskedAgain || (this.#last.tookAll && this.#room > 0);
    }
    const { clock, saves } = this.deps;
    if (this.isStopping) return;
    // Where more was due than could be taken, the end of a job leads to the next look.
    const dueAt = this.#last.tookAll ? null : await saves.nextDueAt();
    const now = clock();
    // What is due already and was not taken cannot be taken yet: only an end of a job, or the poll, changes that.
    const nextAt = Math.min(
      dueAt !== null && dueAt > now ? dueAt : Number.POSITIVE_INFINITY,
      now + this.limits.pollMs,
    );
    this.#wakeAt(Math.min(nextAt, Math.max(this.#askedFor, now + 1)));
    this.#askedFor = Number.POSITIVE_INFINITY;
  }

  /** How many jobs may begin. */
  get #room(): number {
    return this.limits.concurrency - (this.#running.size - this.hosts.waiting);
  }

  /** How many jobs end within `AHEAD_MS`, as they have ended since then. */
  #paceSince(lastLookAt: number): number {
    const elapsed = Math.max(1, this.#lastLookAt - lastLookAt);
    const ends = this.#ends;
    this.#ends = 0;
    return Math.min(this.limits.concurrency, Math.round((ends * AHEAD_MS) / elapsed));
  }

  #rest(): void {
    this.#isPumping = false;
    if (this.#isAskedAgain) this.wake();
  }

  #beginReady(): void {
    if (this.#state !== 'open') return;
    const now = this.deps.clock();
    while (this.#ready.length > 0 && this.#room > 0) {
      const next = this.#ready.shift();
      // Whose lease has run out belongs to whoever takes it next.
      if (next && (next.save.leasedUntil ?? 0) > now) this.#begin(next);
    }
  }

  #begin({ save, owner }: Taken): void {
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
