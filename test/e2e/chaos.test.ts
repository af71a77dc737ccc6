import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleServer } from '../chaos/bundle-server.js';
import { CrashHistory } from '../chaos/crash-history.js';

const FIRST_SEED = 1;

describe('a server that is killed while people type and save', () => {
  let history: CrashHistory;

  beforeAll(async () => {
    history = await CrashHistory.begin(FIRST_SEED, { program: await bundleServer() });
  });
  afterAll(async () => {
    await history?.dispose();
  });

  it.each([1, 2, 3, 4])('[SA19] loses nothing that it promised: seed %i', async (seed) => {
    const { lost } = await history.run(seed);

    expect(lost).toEqual([]);
  });

  it('[SA19] has brought everything to the application when the troubles are over', async () => {
    const { lost, safe, accepted } = await history.end();

    expect(lost).toEqual([]);
    expect(Math.min(safe, accepted)).toBeGreaterThan(0);
  });
});
