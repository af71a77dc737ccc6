import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Sources are tested directly: the `officina-source` condition points every workspace at its TypeScript. */
const resolve = { conditions: ['officina-source', 'import', 'module', 'default'] };
/** Without `import`: Node gets these as its own conditions, and a `require` inside a package must not find its ESM file. */
const ssr = { resolve: { conditions: ['officina-source', 'node', 'default'] } };

export default defineConfig({
  resolve,
  ssr,
  test: {
    projects: [
      {
        resolve,
        ssr,
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.{ts,tsx}', 'test/*.test.ts', 'test/sdk/**/*.test.ts'],
          pool: 'forks',
          // No test leaves anything behind for the next file, and a new process for each costs a quarter of the time.
          isolate: false,
          // On two cores one worker would be the default: the second core is as good.
          maxWorkers: Math.max(2, availableParallelism() - 1),
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          pool: 'forks',
          // A story waits for pages and servers half of its time: two at once fill two cores.
          maxWorkers: 2,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
