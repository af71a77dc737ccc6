import { describe, expect, it } from 'vitest';
import { FakeTime, settle } from '../rooms/testing/fake-time.js';
import type { Parcel } from './parcel.js';
import { type Runner, RunnerFault } from './runner.js';
import { RunnerPool } from './runner-pool.js';

class FakeRunner implements Runner {
  stopped = false;
  jobs: { parcel: Parcel; resolve(parcel: Parcel): void; reject(error: Error): void }[] = [];

  run(parcel: Parcel): Promise<Parcel> {
    return new Promise((resolve, reject) => this.jobs.push({ parcel, resolve, reject }));
  }

  stop(): void {
    this.stopped = true;
  }
}

const job = (name: string): Parcel => ({ header: name, blobs: [] });

function aPool(change: { most?: number; queueLimit?: number } = {}) {
  const time = new FakeTime();
  const runners: FakeRunner[] = [];
  const pool = new RunnerPool({
    most: 1,
    queueLimit: 1,
    timeLimitMs: 1_000,
    idleStopMs: 30_000,
    clock: time.clock,
    scheduler: time.scheduler,
    start: () => {
      const runner = new FakeRunner();
      runners.push(runner);
      return runner;
    },
    ...change,
  });
  return { time, runners, pool };
}

describe('runner pool', () => {
  it('[RO51] starts nothing before there is work, keeps a runner warm, and stops it when idle', async () => {
    const { time, runners, pool } = aPool();
    expect(pool.size).toBe(0);
    const first = pool.run(job('a'));
    await settle();
    runners[0]?.jobs[0]?.resolve(job('done'));
    expect((await first).header).toBe('done');

    const second = pool.run(job('b'));
    await settle();
    runners[0]?.jobs[1]?.resolve(job('done again'));
    await second;
    expect(runners.length).toBe(1);

    await time.advance(30_000);
    expect([runners[0]?.stopped, pool.size]).toEqual([true, 0]);
  });

  it('[RO52] refuses with busy and a time to come back when too many wait', async () => {
    const { runners, pool } = aPool();
    const running = pool.run(job('a'));
    const waiting = pool.run(job('b'));
    await expect(pool.run(job('c'))).rejects.toMatchObject({ code: 'busy', retryAfterSeconds: 5 });

    await settle();
    runners[0]?.jobs[0]?.resolve(job('1'));
    await running;
    await settle();
    runners[0]?.jobs[1]?.resolve(job('2'));
    expect((await waiting).header).toBe('2');
  });

  it('[RO53] a job that takes too long costs its runner and nobody else', async () => {
    const { time, runners, pool } = aPool({ most: 2 });
    const slow = pool.run(job('slow'));
    const good = pool.run(job('good'));
    const caught = slow.catch((error: unknown) => error);
    await settle();
    await time.advance(999);
    runners[1]?.jobs[0]?.resolve(job('ok'));
    expect((await good).header).toBe('ok');

    await time.advance(1);
    expect(await caught).toMatchObject({ why: 'time' });
    expect([runners[0]?.stopped, runners[1]?.stopped]).toEqual([true, false]);
  });

  it('[RO53] a job that breaks its runner is refused, and the next gets a fresh one', async () => {
    const { runners, pool } = aPool();
    const broken = pool.run(job('broken')).catch((error: unknown) => error);
    const next = pool.run(job('next'));
    await settle();
    runners[0]?.jobs[0]?.reject(new RunnerFault('crashed', 'boom'));
    expect(await broken).toMatchObject({ why: 'crashed' });
    await settle();
    expect(runners.length).toBe(2);
    runners[1]?.jobs[0]?.resolve(job('fine'));
    expect((await next).header).toBe('fine');
  });

  it('[RO51] closing stops every runner and refuses what waits', async () => {
    const { runners, pool } = aPool();
    const running = pool.run(job('a'));
    const waiting = pool.run(job('b')).catch((error: unknown) => error);
    await settle();
    pool.close();
    expect(runners[0]?.stopped).toBe(true);
    expect(await waiting).toMatchObject({ code: 'busy' });
    runners[0]?.jobs[0]?.resolve(job('late'));
    await running;
    await expect(pool.run(job('c'))).rejects.toMatchObject({ code: 'busy' });
  });
});
