import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { runChaos } from '../chaos/chaos-run.js';

const CLI = fileURLToPath(new URL('../../packages/server/dist/cli/officina.js', import.meta.url));

it.each([1, 2, 3])(
  '[SA19] nothing that was promised is lost when the server is killed: seed %i',
  async (seed) => {
    const result = await runChaos(seed, CLI);

    expect(result.lost).toEqual([]);
    expect(result.kills).toBeGreaterThan(0);
  },
);
