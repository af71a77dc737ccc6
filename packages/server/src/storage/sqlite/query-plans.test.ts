import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompiledQuery, type KyselyPlugin, type RootOperationNode } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BrowseQuery } from '../../domain/library/browse.js';
import type { ListName } from '../../domain/library/library-store.js';
import {
  sampleAccount,
  sampleLibraryDocument,
  sampleTicket,
  sampleVersion,
} from '../contract/library-samples.js';
import {
  sampleDocument,
  sampleKey,
  sampleOperations,
  sampleSave,
  sampleSession,
} from '../contract/samples.js';
import type { Database } from '../database.js';
import { SqlAccountStore, SqlTicketStore } from '../stores/accounts.js';
import { SqlApiKeyStore } from '../stores/api-keys.js';
import { SqlBlobReferences } from '../stores/blob-references.js';
import { SqlDocumentStore } from '../stores/documents.js';
import { SqlLeaseStore } from '../stores/leases.js';
import { SqlLibraryStore } from '../stores/library.js';
import { SqlBrowseStore } from '../stores/library-browse.js';
import { SqlOperationLog } from '../stores/operation-log.js';
import { SqlSaveStore } from '../stores/saves.js';
import { SqlSessionStore } from '../stores/sessions.js';
import { SqlShareStore } from '../stores/shares.js';
import { SqlTagStore } from '../stores/tags.js';
import { SqlUsageStore } from '../stores/usage.js';
import { openSqlite, type SqliteDatabase } from './open.js';

describe('query plans', () => {
  let folder: string;
  let sqlite: SqliteDatabase;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'officina-plans-'));
    sqlite = await openSqlite(join(folder, 'officina.sqlite'));
  });

  afterAll(async () => {
    await sqlite.close();
    await rm(folder, { recursive: true });
  });

  /** Runs `act` on a database that writes down every statement, and returns how SQLite goes about each. */
  async function plansOf(act: (database: Database) => Promise<unknown>): Promise<string[]> {
    const nodes: RootOperationNode[] = [];
    const recorder: KyselyPlugin = {
      transformQuery: ({ node }) => {
        nodes.push(node);
        return node;
      },
      transformResult: async ({ result }) => result,
    };
    await act({ ...sqlite, db: sqlite.db.withPlugin(recorder) });
    const plans: string[] = [];
    for (const node of nodes) {
      const { sql, parameters, queryId } = sqlite.db.getExecutor().compileQuery(node, { queryId: 'plan' });
      expect(queryId).toBeDefined();
      const explained = await sqlite.db.executeQuery<{ detail: string }>(
        // A statement that is built with blanks is planned without values.
        CompiledQuery.raw(
          `explain query plan ${sql}`,
          parameters.map((value) => (isBlank(value) ? null : value)),
        ),
      );
      plans.push(...explained.rows.map(({ detail }) => detail));
    }
    return plans;
  }

  const methods: Record<string, (database: Database) => Promise<unknown>> = {
    'keys.findByHash': (on) => new SqlApiKeyStore(on).findByHash('h'),
    'keys.update': (on) => new SqlApiKeyStore(on).update(sampleKey().id, { name: 'n' }),
    'usage.count': (on) => new SqlUsageStore(on).count('k', '2026-11'),
    'documents.find': (on) => new SqlDocumentStore(on).find('d'),
    'documents.findById': (on) => new SqlDocumentStore(on).findById('k', 'd'),
    'documents.add': (on) => new SqlDocumentStore(on).add(sampleDocument()),
    'documents.replace': (on) =>
      new SqlDocumentStore(on).replace('life-1', sampleDocument({ key: 'life-2' }), { at: 1, purgeAt: 2 }),
    'documents.update': (on) => new SqlDocumentStore(on).update('d', { expiresAt: 1 }),
    'documents.listExpired': (on) => new SqlDocumentStore(on).listExpired(1, 10),
    'documents.listPurgeable': (on) => new SqlDocumentStore(on).listPurgeable(1, 10),
    'documents.remove': (on) => new SqlDocumentStore(on).remove('d'),
    'sessions.find': (on) => new SqlSessionStore(on).find('s'),
    'sessions.summarizeLiving': (on) => new SqlSessionStore(on).summarizeLiving('d'),
    'sessions.listLiving': (on) => new SqlSessionStore(on).listLiving('d'),
    'sessions.add': (on) => new SqlSessionStore(on).add(sampleSession()),
    'sessions.update': (on) => new SqlSessionStore(on).update('s', { expiresAt: 1 }),
    'sessions.endAll': (on) => new SqlSessionStore(on).endAll('d', 'deleted', 1),
    'sessions.listExpired': (on) => new SqlSessionStore(on).listExpired(1, 10),
    'sessions.purgeEnded': (on) => new SqlSessionStore(on).purgeEnded(1),
    'log.append': (on) => new SqlOperationLog(on).append('life-1', 1, sampleOperations(1, 1)),
    'log.readAfter': (on) => new SqlOperationLog(on).readAfter('d', 5),
    'log.readHead': (on) => new SqlOperationLog(on).readHead('d'),
    'log.readSnapshot': (on) => new SqlOperationLog(on).readSnapshot('d'),
    'log.remove': (on) => new SqlOperationLog(on).remove('d'),
    'leases.acquire': (on) => new SqlLeaseStore(on).acquire('d', 'o', 1, 1),
    'leases.release': (on) => new SqlLeaseStore(on).release('d', 'o'),
    'saves.accept': (on) => saves(on).accept(sampleSave()),
    'saves.update': (on) => saves(on).update('s', { state: 'parked' }),
    'saves.lease': (on) => saves(on).lease('o', 1, 1, 10, ['h']),
    'saves.releaseLeases': (on) => saves(on).releaseLeases(),
    'saves.nextDueAt': (on) => saves(on).nextDueAt(),
    'saves.settle': (on) =>
      saves(on).settle(
        {
          saveId: 's',
          number: 1,
          startedAt: 1,
          durationMs: 1,
          status: 200,
          answer: '',
          outcome: 'delivered',
        },
        'o',
        { state: 'built' },
      ),
    'saves.supersedeOlder': (on) => saves(on).supersedeOlder({ ...sampleSave(), version: 1 }, 1),
    'saves.findDelivered': (on) => saves(on).findDelivered('d', 't'),
    'saves.listForDocument': (on) => saves(on).listForDocument('d'),
    'saves.listAround': (on) =>
      saves(on).listAround({ documentKey: 'd', targetId: 't', version: 1, sequence: 1 }),
    'saves.list': (on) => saves(on).list({ limit: 5 }),
    'saves.list by state': (on) => saves(on).list({ limit: 5, states: ['parked'], before: 9, beforeId: 'x' }),
    'saves.listAttempts': (on) => saves(on).listAttempts('s'),
    'saves.wakeHost': (on) => saves(on).wakeHost('h', 1),
    'saves.wakeAll': (on) => saves(on).wakeAll(1),
    'saves.oldestUnsettledAt': (on) => saves(on).oldestUnsettledAt(),
    'saves.purgeSettled': (on) => saves(on).purgeSettled(2, 1),
    'accounts.add': (on) => new SqlAccountStore(on).add(sampleAccount(), 'h'),
    'accounts.findByName': (on) => new SqlAccountStore(on).findByName('a@example.org'),
    'tickets.add': (on) => new SqlTicketStore(on).add(sampleTicket(), 't', 'h'),
    'tickets.find': (on) => new SqlTicketStore(on).find('t'),
    'library.add': (on) => new SqlLibraryStore(on).add(sampleLibraryDocument(), sampleVersion()),
    'library.find': (on) => new SqlLibraryStore(on).find('1000', 'ann'),
    'library.list incoming': (on) => listOf(on, { list: 'incoming', of: 'ann' }),
    'library.list owned': (on) => listOf(on, { list: 'owned', of: 'ann' }),
    'library.list trashed': (on) => listOf(on, { list: 'trashed', of: 'ann' }),
    'library.list published': (on) => listOf(on, { list: 'published', of: 'ann' }),
    'library.list public': (on) => listOf(on, { list: 'public' }),
    'library.list tagged': (on) => listOf(on, { list: 'tagged', of: 'ann', tag: 'plan' }),
    'library.count': (on) => new SqlLibraryStore(on).count({ list: 'incoming', of: 'ann' }),
    'library.highestUrlNumber': (on) => new SqlLibraryStore(on).highestUrlNumber('ann', 'Plan'),
    'library.change': (on) => new SqlLibraryStore(on).change('1000', { state: 'trashed' }),
    'library.takeLock': (on) => new SqlLibraryStore(on).takeLock('1000', { holderId: 'a', until: 2 }, 1),
    'library.addVersion': (on) =>
      new SqlLibraryStore(on).addVersion('1000', { blob: 'b', createdAt: 1, createdBy: 'ann' }),
    'library.rename': (on) =>
      new SqlLibraryStore(on).rename(
        '1000',
        { name: 'N', urlName: { stem: 'N', number: 0 } },
        { accountId: 'ann', at: 1 },
      ),
    'library.listVersions': (on) => new SqlLibraryStore(on).listVersions('1000'),
    'library.remove': (on) => new SqlLibraryStore(on).remove('1000'),
    'browsing.browse mine': (on) => browse(on, 'mine'),
    'browsing.browse shared': (on) => browse(on, 'shared'),
    'browsing.browse public': (on) => browse(on, 'public'),
    'browsing.browse trash': (on) => browse(on, 'trash'),
    'browsing.browse tag': (on) => browse(on, { tag: 'plan' }),
    'browsing.browseOne': (on) => new SqlBrowseStore(on).browseOne('ann', '1000'),
    'browsing.listVersions': (on) => new SqlBrowseStore(on).listVersions('1000'),
    'search.put': (on) => new SqlBrowseStore(on).put('1000', { version: 10, content: 'words' }),
    'shares.put': (on) => new SqlShareStore(on).put('1000', ['a@example.org'], true, 1),
    'shares.list': (on) => new SqlShareStore(on).list('1000'),
    'tags.list': (on) => new SqlTagStore(on).list('ann', { order: 'desc', skip: 0, limit: 5 }),
    'tags.listOf': (on) => new SqlTagStore(on).listOf('ann', '1000'),
    'blobs.isReferenced': (on) => new SqlBlobReferences(on).isReferenced('b'),
  };

  for (const [name, act] of Object.entries(methods)) {
    it(`[ST6] ${name} finds its rows by an index`, async () => {
      const plans = await plansOf(act);
      // A walk along an index in order ends at the limit; the few rows of `due`, `p` or `tags` were found by an index before.
      const scans = plans.filter(
        (detail) =>
          /^SCAN /.test(detail) && !/USING (COVERING )?INDEX|^SCAN (due|p|people|tags)/.test(detail),
      );
      expect(scans).toEqual([]);
      expect(name === 'sessions.listLiving' && plans.some((detail) => detail.includes('TEMP B-TREE'))).toBe(
        false,
      );
    });
  }

  it('[ST112] chooses a page of a list from one index alone, in its order, before it joins', async () => {
    const plans = await plansOf((on) => listOf(on, { list: 'incoming', of: 'ann' }));
    const chosen = plans.slice(0, plans.indexOf('SCAN p'));
    expect(chosen.filter((detail) => detail.includes('TEMP B-TREE'))).toEqual([]);
    expect(chosen.some((detail) => detail.includes('COVERING INDEX library_shares_of_account'))).toBe(true);
  });
});

function isBlank(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
}

/** Both ways to name a place. */
async function listOf(database: Database, name: ListName): Promise<void> {
  const library = new SqlLibraryStore(database);
  await library.list(name, { skip: 5 }, 10);
  await library.list(name, { after: { id: '1000', modifiedAt: 1 } }, 10);
}

/** As the page asks first and goes on, with and without a search. */
async function browse(database: Database, view: BrowseQuery['view']): Promise<void> {
  const query = { accountId: 'ann', view, words: [], sort: 'modified', after: null, limit: 10 } as const;
  const store = new SqlBrowseStore(database);
  await store.browse(query);
  await store.browse({ ...query, words: ['plan'], after: { id: '1000', key: 1 } });
}

function saves(database: Database): SqlSaveStore {
  return new SqlSaveStore(database, () => {});
}
