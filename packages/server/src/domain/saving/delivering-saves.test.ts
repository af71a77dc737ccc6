import { AppError } from '@officina/protocol';
import { describe, expect, it } from 'vitest';
import { aTarget, aWorldWithSession, createWorld, REACTIONS } from './testing/world.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

describe('delivering a save', () => {
  it('[SA6] the steps of a save are told to its session, ending with the words of the application', async () => {
    const world = aWorldWithSession();
    const saves = await world.start();
    world.reactWith({ ...REACTIONS.takes, message: 'Filed under letters' });

    await saves.request('ann', 'user');
    await world.time.advance(0);

    expect(world.steps.map(({ progress }) => progress.state)).toEqual([
      'accepted',
      'delivering',
      'delivered',
    ]);
    expect(world.steps.at(-1)).toMatchObject({
      sessionId: 'ann',
      progress: { message: 'Filed under letters' },
    });
    expect(await saves.status('doc')).toEqual({ version: 1, deliveredSequence: 1 });
    expect(world.documents.get('doc')?.deliveredSequence).toBe(1);
  });

  it('[SA6] without words of the application the documented text is told', async () => {
    const world = aWorldWithSession();
    const saves = await world.start();

    await saves.request('ann', 'user');
    await world.time.advance(0);

    expect(world.steps.at(-1)).toMatchObject({ progress: { message: 'Document Saved Successfully' } });
  });

  it("[SA7] the caller's own retries follow at once, then the failure is told and the outbox goes on", async () => {
    const world = aWorldWithSession(aTarget({ retries: 2 }));
    const saves = await world.start();
    world.reactWith(REACTIONS.refuses);
    const { deliveryId } = (await saves.request('ann', 'user')) as { deliveryId: string };

    await world.time.advance(0);

    expect(world.received.map(({ attempt, at }) => [attempt, at])).toEqual(
      [1, 2, 3].map((n) => [n, world.time.clock()]),
    );
    expect(await saves.waitFor(deliveryId, 0)).toMatchObject({ state: 'retrying', attempt: 3 });
    expect(world.steps.at(-1)).toMatchObject({ progress: { state: 'retrying', code: 'save_refused' } });
  });

  it("[SA7] who waits for the outcome hears of no failure while the caller's own retries go on", async () => {
    const world = aWorldWithSession(aTarget({ retries: 1 }));
    const saves = await world.start();
    world.reactWith(async ({ attempts }) => {
      await world.time.sleep(5_000);
      return attempts === 0 ? REACTIONS.isAway : REACTIONS.takes;
    });
    const { deliveryId } = (await saves.request('ann', 'user')) as { deliveryId: string };

    const outcome = saves.waitFor(deliveryId, world.time.clock() + 30_000);
    await world.time.advance(12_000);

    expect(await outcome).toMatchObject({ state: 'delivered' });
  });

  it('[SA7] who asks again for what failed hears how the new attempt went', async () => {
    const world = aWorldWithSession();
    const saves = await world.start();
    world.reactWith(REACTIONS.refuses);
    await saves.request('ann', 'user');
    await world.time.advance(0);
    world.reactWith(REACTIONS.takes);

    const { deliveryId } = (await saves.request('ann', 'api')) as { deliveryId: string };
    const outcome = saves.waitFor(deliveryId, world.time.clock() + 30_000);
    await world.time.advance(2_000);

    expect(await outcome).toMatchObject({ state: 'delivered', deliveryId: 'delivery-1' });
  });

  it('[SA8] the waits double from five seconds up to an hour, for 72 hours, then the save is parked', async () => {
    const world = aWorldWithSession();
    const saves = await world.start();
    world.reactWith(REACTIONS.isAway);
    await saves.request('ann', 'user');

    await world.time.advance(80 * HOUR_MS);

    const start = world.received[0]?.at ?? 0;
    expect(world.received.slice(0, 5).map(({ at }) => (at - start) / 1000)).toEqual([0, 5, 15, 35, 75]);
    expect(((world.received.at(-1)?.at ?? 0) - start) / HOUR_MS).toBe(72);
    expect(await world.ledger()).toMatchObject({ 'delivery-1': { state: 'parked' } });
    expect(world.steps.at(-1)).toMatchObject({ progress: { state: 'failed', code: 'save_unreachable' } });
  });

  it('[SA8] an answer that cannot heal parks the save after a quarter of an hour', async () => {
    const world = aWorldWithSession();
    const saves = await world.start();
    world.reactWith(REACTIONS.isGone);
    await saves.request('ann', 'user');

    await world.time.advance(16 * MINUTE_MS);

    expect(await world.ledger()).toMatchObject({ 'delivery-1': { state: 'parked' } });
  });

  it("[SA8] a strict key stops after the caller's own retries", async () => {
    const world = aWorldWithSession(aTarget({ retries: 1 }));
    world.key.strictRetries = true;
    const saves = await world.start();
    world.reactWith(REACTIONS.refuses);
    await saves.request('ann', 'user');

    await world.time.advance(HOUR_MS);

    expect(world.received).toHaveLength(2);
    expect(await world.ledger()).toMatchObject({ 'delivery-1': { state: 'parked' } });
  });

  it('[SA9] Retry-After is waited for, also between the retries of the caller', async () => {
    const world = aWorldWithSession(aTarget({ retries: 3 }));
    const saves = await world.start();
    world.reactWith({ ...REACTIONS.refuses, status: 503, retryAfterSeconds: 90 });
    await saves.request('ann', 'user');
    await world.time.advance(0);
    world.reactWith(REACTIONS.takes);

    await world.time.advance(2 * MINUTE_MS);

    expect(world.received.map(({ at }) => at - (world.received[0]?.at ?? 0))).toEqual([0, 90_000]);
  });

  it('[SA10] the first success to a host wakes its other waiting saves', async () => {
    const world = aWorldWithSession();
    world.addDocument('other');
    world.addSession('bob', 'other', aTarget());
    const saves = await world.start();
    world.reactWith(REACTIONS.isAway);
    await saves.request('bob', 'user');
    await world.time.advance(2 * HOUR_MS);
    world.reactWith(REACTIONS.takes);

    await saves.request('ann', 'user');
    await world.time.advance(1_000);

    expect(await world.ledger()).toMatchObject({
      'delivery-1': { state: 'delivered' },
      'delivery-2': { state: 'delivered' },
    });
  });

  it('[SA49] a clock that is set back leaves nothing waiting for a moment that was fixed while it was ahead', async () => {
    const world = aWorldWithSession();
    const saves = await world.start();
    world.time.jump(3 * HOUR_MS);
    world.reactWith(REACTIONS.isAway);
    await saves.request('ann', 'user');
    await world.time.advance(1_000);
    world.reactWith(REACTIONS.takes);

    world.time.jump(-3 * HOUR_MS);
    saves.wake();
    await world.time.advance(1_000);

    expect(await world.ledger()).toMatchObject({ 'delivery-1': { state: 'delivered' } });
  });

  it('[SA11] no more deliveries run at once than a host and the server allow', async () => {
    const world = createWorld({ limits: { concurrency: 5, perHost: 2 } });
    let running = 0;
    const most = { all: 0, host: 0 };
    const perHost = new Map<string, number>();
    world.reactWith(async ({ target }) => {
      running += 1;
      perHost.set(target.saveUrl, (perHost.get(target.saveUrl) ?? 0) + 1);
      most.all = Math.max(most.all, running);
      most.host = Math.max(most.host, ...perHost.values());
      await world.time.sleep(1_000);
      running -= 1;
      perHost.set(target.saveUrl, (perHost.get(target.saveUrl) ?? 1) - 1);
      return REACTIONS.takes;
    });
    const saves = await world.start();
    for (let n = 0; n < 30; n += 1) {
      world.addDocument(`doc ${n}`);
      world.addSession(`s${n}`, `doc ${n}`, aTarget({ saveUrl: `https://host${n % 3}.example/` }));
      await saves.request(`s${n}`, 'user');
    }

    await world.time.advance(MINUTE_MS);

    expect(most).toEqual({ all: 5, host: 2 });
    expect(world.received).toHaveLength(30);
  });

  it('[SA12] a save of an earlier life of the document is kept as a conflict', async () => {
    const world = aWorldWithSession();
    const saves = await world.start();
    world.reactWith(REACTIONS.isAway);
    await saves.request('ann', 'user');
    await world.time.advance(0);
    world.reactWith(REACTIONS.takes);

    world.addDocument('second life', 'doc');
    await world.time.advance(HOUR_MS);

    expect(world.received).toHaveLength(1);
    expect(await world.ledger()).toMatchObject({ 'delivery-1': { state: 'conflict' } });
  });

  it('[SA12] a late save does not overwrite what another target brought to the same address since', async () => {
    const world = aWorldWithSession(aTarget({ params: { by: 'ann' } }));
    world.addSession('bob', 'doc', aTarget({ params: { by: 'bob' } }));
    const saves = await world.start();
    world.reactWith(({ target }) => (target.params.by === 'ann' ? REACTIONS.refuses : REACTIONS.takes));
    await saves.request('ann', 'user');
    await world.time.advance(0);
    world.edit('doc');
    await saves.request('bob', 'user');

    world.reactWith(REACTIONS.takes);
    await world.time.advance(HOUR_MS);

    expect(await world.ledger()).toMatchObject({
      'delivery-1': { state: 'conflict' },
      'delivery-2': { state: 'delivered' },
    });
  });

  it('[SA13] a format that cannot be made parks the save and keeps the docx', async () => {
    const world = aWorldWithSession(aTarget({ format: 'pdf' }));
    const saves = await world.start();
    const { deliveryId } = (await saves.request('ann', 'user')) as { deliveryId: string };

    const outcome = await saves.waitFor(deliveryId, Number.POSITIVE_INFINITY);

    const save = await world.store.find(deliveryId);
    expect(outcome).toMatchObject({ state: 'failed', code: 'engine_missing' });
    expect(save).toMatchObject({ state: 'parked', sha256: null });
    expect(await world.blobs.has(save?.blob ?? '')).toBe(true);
  });

  it('[SA13] a refusal of the converter is told as the reason, in whole sentences', async () => {
    const world = aWorldWithSession(aTarget({ format: 'pdf' }));
    const refusal = new AppError('format_unsupported', 'It broke.');
    const saves = await world.start({ convert: () => Promise.reject(refusal) });
    const { deliveryId } = (await saves.request('ann', 'user')) as { deliveryId: string };

    const reason = 'The file could not be made as pdf: It broke. The docx is kept and can be downloaded.';
    expect(await saves.waitFor(deliveryId, Number.POSITIVE_INFINITY)).toMatchObject({
      state: 'failed',
      reason,
    });
    expect(await world.store.find(deliveryId)).toMatchObject({ state: 'parked', message: reason });
  });

  it('[SA13] with a converter the target gets its format', async () => {
    const world = aWorldWithSession(aTarget({ format: 'txt' }));
    const saves = await world.start({ convert: async () => new TextEncoder().encode('plain') });

    await saves.request('ann', 'user');
    await world.time.advance(0);

    const save = await world.store.find('delivery-1');
    expect(new TextDecoder().decode(await world.blobs.get(save?.sha256 ?? ''))).toBe('plain');
    expect(save?.state).toBe('delivered');
  });
});
