import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, describe, expect, it } from 'vitest';
import { sampleOperations, sampleSave } from '../contract/samples.js';
import { describeStorage } from '../contract.js';
import { openStorage, type Storage } from '../index.js';
import { SqlTicketStore } from '../stores/accounts.js';
import { SqlLibraryStore } from '../stores/library.js';
import { expectAllThere, writeAndKill } from '../testing/crash.js';
import { openPostgres } from './open.js';
import { startTestPostgres } from './test-postgres.js';

const postgres = await startTestPostgres();
const dataFolder = await mkdtemp(join(tmpdir(), 'officina-postgres-'));
let folders = 0;

afterAll(async () => {
  await postgres?.stop();
  await rm(dataFolder, { recursive: true });
});

if (postgres === undefined) {
  it('[ST90] PostgreSQL is not installed here, so its contract is reported as not run', () => {
    console.warn('PostgreSQL is not installed: the storage contract was not run on it.');
  });
} else {
  const open = (databaseUrl: string) =>
    openStorage({ dataFolder: join(dataFolder, String(++folders)), databaseUrl, blobBucket: null });

  describeStorage('PostgreSQL', async () => await open(await postgres.createDatabase()));

  it('[ST93] what is read at every call is planned once on a connection', async () => {
    const database = await openPostgres(await postgres.createDatabase());
    await database.db.connection().execute(async (one) => {
      const library = new SqlLibraryStore({ ...database, db: one });
      for (const skip of [0, 100, 200]) await library.list({ list: 'incoming', of: 'ann' }, { skip }, 100);
      const tickets = new SqlTicketStore({ ...database, db: one });
      for (const hash of ['one', 'other']) await tickets.find(hash);
      const { rows } = await sql<{ name: string }>`select name from pg_prepared_statements`.execute(one);
      expect(rows).toHaveLength(2);
    });
    await database.close();
  });

  describe('several nodes on one PostgreSQL', () => {
    const useNodes = async (count: number, test: (nodes: Storage[]) => Promise<void>) => {
      const url = await postgres.createDatabase();
      const nodes = await Promise.all(Array.from({ length: count }, () => open(url)));
      try {
        await test(nodes);
      } finally {
        await Promise.all(nodes.map((node) => node.close()));
      }
    };

    it('[ST91] may start at once on an empty database', async () => {
      await useNodes(4, async (nodes) => {
        await Promise.all(nodes.map((node) => node.ping()));
      });
    });

    it('[ST91] share out the jobs, each to one node, one of a queue at a time', async () => {
      await useNodes(4, async (nodes) => {
        const [first] = nodes as [Storage];
        for (let index = 0; index < 40; index++) {
          await first.saves.accept(sampleSave({ id: `s${index}`, targetId: `t${index % 20}` }));
        }
        const leased = await Promise.all(
          nodes.flatMap((node, owner) =>
            [1, 2].map(() => node.saves.lease(`node-${owner}`, 1_000, 1_000, 7)),
          ),
        );
        const targets = leased.flat().map(({ targetId }) => targetId);
        expect(new Set(targets).size).toBe(targets.length);
        expect(targets.length).toBe(20);
      });
    });

    it('[ST92] hear of a save that another node accepted', async () => {
      await useNodes(2, async ([here, there]) => {
        const heard = new Promise<void>((resolve) => there?.saveSignals.onWaiting(resolve));
        await here?.saves.accept(sampleSave());
        await heard;
        expect(await there?.saves.lease('there', 1_000, 1_000, 1)).toHaveLength(1);
      });
    });

    it('[ST94] tell each other what happened, in order, each subject to those who listen, and not themselves', async () => {
      await useNodes(2, async ([here, there]) => {
        const own: unknown[] = [];
        here?.neighbours.listen('library', { hear: (message) => own.push(message), missed: () => {} });
        const heard: unknown[] = [];
        const third = new Promise<void>((resolve) => {
          there?.neighbours.listen('rooms', { hear: () => heard.push('rooms'), missed: () => {} });
          there?.neighbours.listen('library', {
            hear: (message) => {
              if (heard.push(message) === 4) resolve();
            },
            missed: () => heard.push('missed'),
          });
        });
        const long = 'x'.repeat(8_000);
        here?.neighbours.tell('library', { documentId: '1' });
        here?.neighbours.tell('library', { documentId: '\u{1F4C4} "\\' });
        here?.neighbours.tell('library', long);
        here?.neighbours.tell('library', { documentId: '3' });
        await third;
        expect(heard).toEqual([
          { documentId: '1' },
          { documentId: '\u{1F4C4} "\\' },
          'missed',
          { documentId: '3' },
        ]);
        expect(own).toEqual([]);
      });
    });

    it('[ST95] know that they missed something when the line to the database broke', async () => {
      const url = await postgres.createDatabase();
      const node = await open(url);
      const missed = new Promise<void>((resolve) => {
        node.neighbours.listen('rooms', { hear: () => {}, missed: resolve });
      });
      const database = await openPostgres(url);
      await sql`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and query ilike 'listen %'`.execute(database.db);
      await missed;
      await database.close();
      await node.close();
    });

    it('[ST7] lose nothing that was acknowledged when one is killed', async () => {
      const url = await postgres.createDatabase();
      for (const acknowledgements of [24, 40]) {
        const said = await writeAndKill([dataFolder, url], acknowledgements);
        const storage = await openStorage({ dataFolder, databaseUrl: url, blobBucket: null });
        await expectAllThere(storage, said);
        await storage.close();
      }
    }, 120_000);

    it('[ST43] a node whose lease was taken over cannot append, whatever it believes', async () => {
      await useNodes(2, async (nodes) => {
        const [old, young] = nodes as [Storage, Storage];
        const before = await old.leases.acquire('life-1', 'old', 0, 100);
        await old.log.append('life-1', before?.epoch ?? 0, sampleOperations(1, 1));
        const after = await young.leases.acquire('life-1', 'young', 100, 100);
        const appends = await Promise.allSettled([
          old.log.append('life-1', before?.epoch ?? 0, sampleOperations(2, 1, { author: 'old' })),
          young.log.append('life-1', after?.epoch ?? 0, sampleOperations(2, 1, { author: 'young' })),
        ]);
        expect(appends.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
        expect((await old.log.readAfter('life-1', 1)).map(({ author }) => author)).toEqual(['young']);
      });
    });
  });
}
