import { AppError } from '@officina/protocol';
import { describe, expect, it } from 'vitest';
import { aTarget, createWorld, REACTIONS } from './testing/world.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

function aWorldWithSession(target = aTarget()) {
  const world = createWorld();
  world.addDocument('doc');
  world.addSession('ann', 'doc', target);
  return world;
}

describe('accepting a save', () => {
  it('[SA1] an accepted save is a row that fixes version and sequence', async () => {
    const world = aWorldWithSession();
    const saves = await world.start();

    const progress = await saves.request('ann', 'user');

    expect(progress).toEqual({ state: 'accepted', deliveryId: 'delivery-1', version: 1 });
    expect(await world.store.find('delivery-1')).toMatchObject({
      sequence: 1,
      version: 1,
      userId: 'user of ann',
    });
  });

  it('[SA2] a save without a save URL, a session or a living session is refused by its code', async () => {
    const world = aWorldWithSession();
    world.addSession('bob', 'doc', null);
    world.sessions.set('eve', { ...world.addSession('eve', 'doc', aTarget()), state: 'expired' });
    const saves = await world.start();

    const codes = await Promise.all(
      ['bob', 'nobody', 'eve'].map((session) =>
        saves.request(session, 'user').catch((error: AppError) => error.code),
      ),
    );

    expect(codes).toEqual(['save_url_missing', 'session_unknown', 'session_expired']);
  });

  it('[SA3] what the target already has is answered as already saved, without a second sending', async () => {
    const world = aWorldWithSession();
    const saves = await world.start();
    await saves.request('ann', 'user');
    await world.time.advance(0);

    const again = await saves.request('ann', 'user');

    expect(again).toEqual({ state: 'unchanged', version: 1, message: 'Document already saved' });
    expect(world.received).toHaveLength(1);
  });

  it('[SA3] edits that leave the same bytes end as already saved, after the build', async () => {
    const world = aWorldWithSession();
    const content = {
      ...world.deps.content,
      build: async () => ({ bytes: new Uint8Array([1]), sequence: 1 }),
    };
    const saves = await world.start({ content });
    await saves.request('ann', 'user');
    await world.time.advance(0);
    world.edit('doc');

    const { deliveryId } = (await saves.request('ann', 'user')) as { deliveryId: string };

    expect(await saves.waitFor(deliveryId, Number.POSITIVE_INFINITY)).toEqual({
      state: 'unchanged',
      version: 2,
      message: 'Document already saved',
    });
    expect(world.received).toHaveLength(1);
  });

  it('[SA3] force sends the same bytes again', async () => {
    const world = aWorldWithSession();
    const saves = await world.start();
    await saves.request('ann', 'user');
    await world.time.advance(0);

    await saves.request('ann', 'api', { force: true });
    await world.time.advance(0);

    expect(world.received.map(({ version }) => version)).toEqual([1, 2]);
    expect(new Set(world.received.map(({ sha256 }) => sha256)).size).toBe(1);
  });

  it('[SA4] leave saves go once to every distinct target that lacks the latest version', async () => {
    const world = aWorldWithSession(aTarget({ saveUrl: 'https://one.example/' }));
    world.addSession('bob', 'doc', aTarget({ saveUrl: 'https://two.example/' }));
    world.addSession('cid', 'doc', aTarget({ saveUrl: 'https://two.example/' }));
    const saves = await world.start();
    await saves.request('ann', 'user');
    await world.time.advance(0);

    await saves.requestForAllTargets('doc', 'leave');
    await world.time.advance(0);

    expect(world.received.map(({ url }) => url)).toEqual(['https://one.example/', 'https://two.example/']);
    expect(world.builds()).toBe(1);
  });

  it('[SA4] a document that nobody edited is not sent when its editors leave', async () => {
    const world = aWorldWithSession();
    world.heads.set('doc', 0);
    const saves = await world.start();

    await saves.requestForAllTargets('doc', 'leave');
    await world.time.advance(0);

    expect(world.received).toEqual([]);
  });

  it('[SA5] a newer version takes the place of an older one that waits, and its sessions hear of the newer', async () => {
    const world = aWorldWithSession();
    world.addSession('bob', 'doc', aTarget());
    const saves = await world.start();
    world.reactWith(REACTIONS.isAway);
    await saves.request('ann', 'user');
    await world.time.advance(0);
    world.reactWith(REACTIONS.takes);
    world.edit('doc');

    await saves.request('bob', 'user');
    await world.time.advance(0);

    expect(await world.ledger()).toMatchObject({
      'delivery-1': { state: 'superseded' },
      'delivery-2': { state: 'delivered' },
    });
    expect(world.steps.at(-1)).toMatchObject({ progress: { state: 'delivered', version: 2 } });
    expect(
      world.steps
        .filter(({ progress }) => progress.state === 'delivered')
        .map(({ sessionId }) => sessionId)
        .sort(),
    ).toEqual(['ann', 'bob']);
  });
});

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

describe('going on', () => {
  it('[SA14] a restart goes on with what was accepted, with the same bytes', async () => {
    const world = aWorldWithSession();
    const first = await world.start();
    world.reactWith(() => new Promise(() => {}));
    await first.request('ann', 'user');
    await world.time.advance(0);
    world.reactWith(REACTIONS.takes);

    await world.start({ nodeId: 'node-2' });
    await world.time.advance(0);

    expect(new Set(world.received.map(({ sha256 }) => sha256)).size).toBe(1);
    expect(await world.ledger()).toMatchObject({ 'delivery-1': { state: 'delivered' } });
  });

  it('[SA15] another process takes a save over when its holder is not heard of', async () => {
    const world = aWorldWithSession();
    let isFrozen = false;
    const frozenTime = {
      schedule: (at: number, task: () => void) => world.time.schedule(at, () => isFrozen || task()),
    };
    const first = await world.start({ isOnlyProcess: false, scheduler: frozenTime });
    world.reactWith(() => new Promise(() => {}));
    await first.request('ann', 'user');
    await world.time.advance(0);
    isFrozen = true;
    world.reactWith(REACTIONS.takes);

    await world.start({ nodeId: 'node-2', isOnlyProcess: false });
    await world.time.advance(MINUTE_MS);

    expect(world.received).toHaveLength(2);
    expect(await world.ledger()).toMatchObject({ 'delivery-1': { state: 'delivered' } });
  });

  it('[SA15] a stop hands back the leases of deliveries that do not end', async () => {
    const world = aWorldWithSession();
    const saves = await world.start();
    world.reactWith(() => new Promise(() => {}));
    await saves.request('ann', 'user');
    await world.time.advance(0);

    const stopped = saves.stop();
    await world.time.advance(MINUTE_MS);
    await stopped;

    expect(await world.store.find('delivery-1')).toMatchObject({ state: 'built', leaseOwner: null });
  });

  it('[SA15] a stop while work is being taken hands it back and asks the store nothing more', async () => {
    const world = aWorldWithSession();
    let calls = 0;
    let isClosed = false;
    const watched: typeof world.store = {
      ...world.store,
      lease: async (...args) => {
        await world.time.sleep(10);
        return world.store.lease(...args);
      },
      nextDueAt: async () => {
        if (isClosed) calls += 1;
        return world.store.nextDueAt();
      },
    };
    const saves = await world.start({ saves: watched });
    await saves.request('ann', 'user');

    const stopped = saves.stop();
    await world.time.advance(MINUTE_MS);
    await stopped;
    isClosed = true;
    await world.time.advance(HOUR_MS);

    expect(await world.store.find('delivery-1')).toMatchObject({ state: 'accepted', leaseOwner: null });
    expect([calls, world.received]).toEqual([0, []]);
  });

  it('[SA16] a parked save can be sent again by hand', async () => {
    const world = aWorldWithSession();
    const saves = await world.start();
    world.reactWith(REACTIONS.isAway);
    await saves.request('ann', 'user');
    await world.time.advance(80 * HOUR_MS);
    world.reactWith(REACTIONS.takes);

    const isDue = await saves.retry('delivery-1');
    await world.time.advance(0);

    expect(isDue).toBe(true);
    expect(await world.ledger()).toMatchObject({ 'delivery-1': { state: 'delivered' } });
  });

  it('[SA16] every undelivered save of a host can be sent again at once', async () => {
    const world = aWorldWithSession();
    const saves = await world.start();
    world.reactWith(REACTIONS.isAway);
    await saves.request('ann', 'user');
    await world.time.advance(80 * HOUR_MS);
    world.reactWith(REACTIONS.takes);

    const count = await saves.retryHost('app.example');
    await world.time.advance(0);

    expect(count).toBe(1);
    expect(world.received.at(-1)).toMatchObject({ saveId: 'delivery-1' });
  });

  it('[SA17] a store that fails for a while loses nothing', async () => {
    const world = aWorldWithSession();
    let isBroken = true;
    const broken = { ...world.store };
    broken.settle = async (...args) => {
      if (isBroken) throw new Error('disk full');
      return world.store.settle(...args);
    };
    const saves = await world.start({ saves: broken });
    await saves.request('ann', 'user');
    await world.time.advance(0);
    isBroken = false;

    await world.time.advance(2 * MINUTE_MS);

    expect(world.troubles).toHaveLength(1);
    expect(await world.ledger()).toMatchObject({ 'delivery-1': { state: 'delivered' } });
  });
});
