import type { AppError } from '@officina/protocol';
import { describe, expect, it } from 'vitest';
import { aTarget, aWorldWithSession, REACTIONS } from './testing/world.js';

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
