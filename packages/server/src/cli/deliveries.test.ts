import { describe, expect, it } from 'vitest';
import { aTarget, createWorld, REACTIONS } from '../domain/saving/testing/world.js';
import { runDeliveries } from './deliveries.js';

const HOURS_80 = 80 * 3_600_000;

/** A world with one parked save, and the command line on its store. */
async function aParkedSave() {
  const world = createWorld();
  world.addDocument('doc');
  world.addSession(
    'ann',
    'doc',
    aTarget({ headers: { authorization: 'secret' }, saveUrl: 'https://u:p@app.example/save?key=k' }),
  );
  world.reactWith(REACTIONS.isAway);
  const saves = await world.start();
  await saves.request('ann', 'user');
  await world.time.advance(HOURS_80);
  const files = new Map<string, Uint8Array>();
  const run = async (...args: string[]) => {
    let text = '';
    const code = await runDeliveries(args, {
      storage: { saves: world.store, blobs: world.blobs },
      out: { write: (more) => (text += more) },
      now: world.time.clock,
      writeFile: async (path, bytes) => void files.set(path, bytes),
    });
    return { code, text };
  };
  return { world, run, files };
}

describe('deliveries', () => {
  it('[SA16] lists what is not delivered', async () => {
    const { run } = await aParkedSave();

    const { code, text } = await run('list');

    expect(code).toBe(0);
    expect(text).toMatch(/delivery-1 +parked +2026-01-05T09:00:00Z .*app\.example +Letter\.docx/);
  });

  it('[SA16] shows one save with its attempts and without secrets', async () => {
    const { run } = await aParkedSave();

    const { text } = await run('show', 'delivery-1');
    const json = await run('list', '--json');

    expect(text).toContain('POST https://app.example/save?… as docx');
    expect(text).toContain('#1 2026-01-05T09:00:00Z unreachable after 0 ms\n    connect ECONNREFUSED');
    expect(text + json.text).not.toMatch(/secret|key=k|u:p/);
  });

  it.each([['delivery-1'], ['--host', 'app.example']])('[SA16] sends again: retry %s', async (...args) => {
    const { world, run } = await aParkedSave();
    world.reactWith(REACTIONS.takes);

    const { code } = await run('retry', ...args);
    await world.time.advance(60_000);

    expect(code).toBe(0);
    expect((await world.store.find('delivery-1'))?.state).toBe('delivered');
    expect((await run('retry', 'delivery-1')).code).toBe(1);
  });

  it('[SA16] exports the bytes', async () => {
    const { run, files } = await aParkedSave();

    const { code } = await run('export', 'delivery-1', 'out.docx');

    expect(code).toBe(0);
    expect(Buffer.from(files.get('out.docx') ?? []).toString()).toBe('doc at 1');
  });

  it.each([
    ['show', 'nothing'],
    ['export', 'nothing', 'x'],
  ])('[SA16] names a save that is not there: %s', async (...args) => {
    const { run } = await aParkedSave();

    expect(await run(...args)).toMatchObject({
      code: 1,
      text: expect.stringContaining('There is no save nothing'),
    });
  });

  it('explains itself', async () => {
    const { run } = await aParkedSave();

    expect((await run()).text).toContain('deliveries list');
    expect((await run('dance')).code).toBe(2);
    expect((await run('list', '--state', 'odd')).code).toBe(2);
  });
});
