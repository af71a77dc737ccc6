import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sampleKey, sampleOperations } from '../contract/samples.js';
import { openStorage, type Storage } from '../index.js';
import { expectAllThere, writeAndKill } from '../testing/crash.js';
import type { BindingName } from './binding.js';
import { openSqlite } from './open.js';

const root = await mkdtemp(join(tmpdir(), 'officina-processes-'));

afterAll(async () => {
  await rm(root, { recursive: true });
});

/** Starting processes on a busy machine takes a while; a limit, not a wait. */
const PROCESSES_MS = 120_000;

const makeFolder = () => mkdtemp(join(root, 'data-'));
const open = (dataFolder: string, binding?: BindingName): Promise<Storage> =>
  openStorage({
    dataFolder,
    databaseUrl: null,
    blobBucket: null,
    ...(binding === undefined ? {} : { sqliteBindings: [binding] }),
  });

describe('several processes on one SQLite file', () => {
  it('[ST2] may open an empty folder at once', async () => {
    const folder = await makeFolder();
    const storages = await Promise.all(Array.from({ length: 4 }, () => open(folder)));
    await Promise.all(
      storages.map((storage, index) => storage.keys.add(sampleKey({ id: `k${index}` }), `h${index}`)),
    );
    expect(await storages[0]?.keys.list()).toHaveLength(4);
    await Promise.all(storages.map((storage) => storage.close()));
  });

  it('[ST2] the command line works on the file while the server writes to it', async () => {
    const folder = await makeFolder();
    const server = await open(folder);
    const isDone = { yet: false };
    const serving = (async () => {
      for (let sequence = 1; !isDone.yet; sequence++) {
        await server.log.append('life-1', 1, sampleOperations(sequence, 1));
      }
    })();
    for (let index = 0; index < 5; index++) {
      const command = await open(folder);
      await command.keys.add(sampleKey({ id: `k${index}` }), `h${index}`);
      await command.close();
      expect(await server.keys.findByHash(`h${index}`)).toBeDefined();
    }
    isDone.yet = true;
    await serving;
    await server.close();
  });

  it('[ST1] tables of a newer version are refused in words, and the file is left alone', async () => {
    const folder = await makeFolder();
    await (await open(folder)).close();
    const file = join(folder, 'officina.sqlite');
    const database = await openSqlite(file);
    await database.atomically([
      database.db.insertInto('migrations' as never).values({ name: '9999-future', timestamp: '' } as never),
    ]);
    await database.close();
    await expect(open(folder)).rejects.toThrow('newer version');
  });

  it('[ST1] a folder that cannot be written is refused in words', async () => {
    await expect(openSqlite('/dev/null/officina.sqlite')).rejects.toThrow(
      '/dev/null/officina.sqlite could not be opened',
    );
  });
});

describe('one file and several libraries', () => {
  it('[ST8] WebAssembly refuses in words a file with a write-ahead log, and leaves it whole', async () => {
    const folder = await makeFolder();
    const native = await open(folder, 'better-sqlite3');
    await native.settings.set('by', 'native');
    await expect(open(folder, 'node-sqlite3-wasm')).rejects.toThrow('only that can go on');
    expect(await native.settings.get('by')).toBe('native');
    await native.close();
  });

  it('[ST8] a native library goes on where WebAssembly began', async () => {
    const folder = await makeFolder();
    const wasm = await open(folder, 'node-sqlite3-wasm');
    await wasm.settings.set('by', 'wasm');
    await wasm.close();
    const native = await open(folder, 'better-sqlite3');
    expect(await native.settings.get('by')).toBe('wasm');
    expect(native.description).toBe('SQLite (better-sqlite3, wal)');
    await native.close();
  });
});

describe('a process that is killed', () => {
  for (const binding of ['better-sqlite3', 'node-sqlite3-wasm'] as const) {
    it(
      `[ST7] loses nothing that was acknowledged, three times in a row (${binding})`,
      async () => {
        const folder = await makeFolder();
        for (const acknowledgements of [24, 5, 40]) {
          const said = await writeAndKill([folder, '', binding], acknowledgements);
          const storage = await open(folder, binding);
          await expectAllThere(storage, said);
          await storage.close();
        }
      },
      PROCESSES_MS,
    );
  }
});
