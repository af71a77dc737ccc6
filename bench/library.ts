import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { sql } from 'kysely';
import type { LibraryEntry } from '../packages/server/src/domain/library/library-document.js';
import { openList } from '../packages/server/src/domain/library/lists.js';
import { writeList } from '../packages/server/src/http/dataapi/list-writer.js';
import { WRITE_INCOMING } from '../packages/server/src/http/dataapi/present.js';
import type { Dialect } from '../packages/server/src/http/dataapi/wire-value.js';
import type { Database } from '../packages/server/src/storage/database.js';
import { openPostgres } from '../packages/server/src/storage/postgres/open.js';
import { startTestPostgres } from '../packages/server/src/storage/postgres/test-postgres.js';
import { openSqlite } from '../packages/server/src/storage/sqlite/open.js';
import { toAccount } from '../packages/server/src/storage/stores/accounts.js';
import { SqlLibraryStore } from '../packages/server/src/storage/stores/library.js';
import { cpuMs, quantile, round } from './_figures.js';

const DOCUMENTS = 200_000;
const SHARED_WITH_ME = 10_000;
const OWNERS = 2_000;
const PAGE = 100;
const REPEATS = 200;
const WARM_UP = 20;
const REFERENCE_REPEATS = 5;
/** First, middle and last page: what `start-from` costs by its depth. */
const STARTS = [1, SHARED_WITH_ME / 2 + 1, SHARED_WITH_ME - PAGE + 1];
const ME = 'me';
const VIEW = { callerId: ME, now: 2_000_000_000_000 };
const INCOMING = { list: 'incoming', of: ME } as const;

/**
 * Pages of `incomingdocuments` for somebody with 10,000 shared documents among 200,000, from the store to the written
 * answer, against what an object mapper makes of the same tables: a join that is sorted for every page, and a query for
 * each thing that an entry names.
 */
export async function run(): Promise<{ summary: string; rows: object[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'officina-bench-'));
  const postgres = await startTestPostgres();
  const rows: Measured[] = [];
  const sqlite = await openSqlite(join(folder, 'library.sqlite'));
  rows.push(await measure(`SQLite by ${sqlite.binding}`, sqlite));
  await sqlite.close();
  if (postgres) {
    const database = await openPostgres(await postgres.createDatabase());
    rows.push(await measure('PostgreSQL', database));
    await database.close();
    await postgres.stop();
  }
  await rm(folder, { recursive: true });
  return { summary: rows.map(sentenceOf).join('; '), rows };
}

interface Measured {
  store: string;
  documents: number;
  shared: number;
  p50MsFirst: number;
  /** Of this process and of the database's, which with SQLite are one; what other work on the machine does not change. */
  cpuMsFirst: number;
  cpuMsMiddle: number;
  cpuMsLast: number;
  p95MsFirst: number;
  p95MsMiddle: number;
  p95MsLast: number;
  referenceCpuMs: number;
  referenceP50Ms: number;
  timesFaster: number;
  wholeListMs: number;
  heapGrowthMb: number;
  referenceHeapGrowthMb: number;
}

function sentenceOf(row: Measured): string {
  const { store, p95MsFirst, p95MsMiddle, p95MsLast, timesFaster, cpuMsFirst, cpuMsMiddle, cpuMsLast } = row;
  return `${store}: page of ${PAGE} p95 ${p95MsFirst} ms first, ${p95MsMiddle} ms middle, ${p95MsLast} ms last (budget 15), CPU ${cpuMsFirst}, ${cpuMsMiddle} and ${cpuMsLast} ms (reference ${row.referenceCpuMs}), ${timesFaster} times faster than the reference, whole list ${row.wholeListMs} ms with ${row.heapGrowthMb} MB of heap (reference ${row.referenceHeapGrowthMb} MB)`;
}

async function measure(store: string, database: Database): Promise<Measured> {
  await seed(database);
  const library = new SqlLibraryStore(database);
  const page = async (from: number, dialect: Dialect) => {
    const chunks = await openList(library, INCOMING, { from, limit: PAGE });
    let size = 0;
    for await (const text of write(dialect, chunks)) size += text.length;
    if (size < PAGE * 300) throw new Error(`The page has ${size} characters only.`);
  };
  const p95: number[] = [];
  const cpu: number[] = [];
  let p50First = 0;
  for (const from of STARTS) {
    const times: number[] = [];
    for (let repeat = -WARM_UP; repeat < 0; repeat += 1) await page(from, 'xml');
    const cpuBefore = await cpuOfAll(database);
    for (let repeat = 0; repeat < REPEATS; repeat += 1) {
      const started = performance.now();
      await page(from, repeat % 2 === 0 ? 'xml' : 'json');
      times.push(performance.now() - started);
    }
    cpu.push(round(((await cpuOfAll(database)) - cpuBefore) / REPEATS));
    p95.push(round(quantile(times, 0.95)));
    if (from === 1) p50First = quantile(times, 0.5);
  }
  const referenceTimes: number[] = [];
  await readAsMapper(database, 0, PAGE);
  const cpuBefore = await cpuOfAll(database);
  for (let repeat = 0; repeat < REFERENCE_REPEATS; repeat += 1) {
    const started = performance.now();
    JSON.stringify(await readAsMapper(database, 0, PAGE));
    referenceTimes.push(performance.now() - started);
  }
  const referenceCpuMs = round(((await cpuOfAll(database)) - cpuBefore) / REFERENCE_REPEATS);
  const referenceP50 = quantile(referenceTimes, 0.5);
  const whole = await measureWhole(library);
  const [p95MsFirst = 0, p95MsMiddle = 0, p95MsLast = 0] = p95;
  const [cpuMsFirst = 0, cpuMsMiddle = 0, cpuMsLast = 0] = cpu;
  return {
    store,
    documents: DOCUMENTS,
    shared: SHARED_WITH_ME,
    p50MsFirst: round(p50First),
    ...{ cpuMsFirst, cpuMsMiddle, cpuMsLast, referenceCpuMs },
    p95MsFirst,
    p95MsMiddle,
    p95MsLast,
    referenceP50Ms: round(referenceP50),
    timesFaster: round(referenceP50 / p50First),
    ...whole,
    referenceHeapGrowthMb: await measureReferenceHeap(library),
  };
}

/** What this process, its threads among them, and the database's connections have used so far. */
async function cpuOfAll({ db, kind }: Database): Promise<number> {
  const { user, system } = process.cpuUsage();
  const own = (user + system) / 1000;
  if (kind === 'sqlite') return own;
  const { rows } = await sql<{ pid: number }>`select pid from pg_stat_activity
    where datname = current_database()`.execute(db);
  return rows.reduce((sum, { pid }) => sum + cpuMs(pid), own);
}

function write(dialect: Dialect, chunks: AsyncIterable<readonly LibraryEntry[]>): AsyncGenerator<string> {
  return writeList(dialect, '/api/private/xml/incomingdocuments', 'incomingdocuments', chunks, (entry) =>
    WRITE_INCOMING[dialect](entry, VIEW),
  );
}

/** All 10,000 in one answer: how long, and how much more heap is in use while it goes out than before. */
async function measureWhole(
  library: SqlLibraryStore,
): Promise<{ wholeListMs: number; heapGrowthMb: number }> {
  const collect = garbageCollector();
  collect();
  const before = process.memoryUsage().heapUsed;
  let most = before;
  let count = 0;
  for await (const text of write('xml', await openList(library, INCOMING, { from: 1, limit: null }))) {
    count += text.split('<document>').length - 1;
    if (count % 1_000 !== 0) continue;
    collect();
    most = Math.max(most, process.memoryUsage().heapUsed);
  }
  if (count !== SHARED_WITH_ME) throw new Error(`The list has ${count} entries.`);
  const started = performance.now();
  for await (const text of write('xml', await openList(library, INCOMING, { from: 1, limit: null }))) {
    count -= text.split('<document>').length - 1;
  }
  return {
    wholeListMs: round(performance.now() - started, 0),
    heapGrowthMb: round((most - before) / 1024 ** 2),
  };
}

/** The same list held as objects and one text, as it is when nothing is streamed. */
async function measureReferenceHeap(library: SqlLibraryStore): Promise<number> {
  const collect = garbageCollector();
  collect();
  const before = process.memoryUsage().heapUsed;
  const entries = await library.list(INCOMING, { skip: 0 }, SHARED_WITH_ME);
  const text = JSON.stringify(entries);
  collect();
  const held = process.memoryUsage().heapUsed - before;
  return text.length > 0 && entries.length > 0 ? round(held / 1024 ** 2) : 0;
}

function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

/** What is written first and often stays: documents sorted by the join, then a query for each name. */
async function readAsMapper({ db }: Database, skip: number, limit: number): Promise<unknown[]> {
  const { count } = await db
    .selectFrom('library_shares')
    .select(({ fn }) => fn.countAll().as('count'))
    .where('account_id', '=', ME)
    .executeTakeFirstOrThrow();
  if (Number(count) < skip) return [];
  const documents = await db
    .selectFrom('library_documents as d')
    .innerJoin('library_shares as s', 's.document_id', 'd.id')
    .selectAll('d')
    .where('s.account_id', '=', ME)
    .where('d.state', '=', 'kept')
    .orderBy('d.modified_at', 'desc')
    .orderBy('d.id')
    .limit(limit)
    .offset(skip)
    .execute();
  const entries: unknown[] = [];
  for (const document of documents) {
    const person = async (id: string) =>
      toAccount(await db.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirstOrThrow());
    const owner = await person(document.owner_id);
    const editor = await person(document.modified_by);
    const shares = await db
      .selectFrom('library_shares')
      .selectAll()
      .where('document_id', '=', document.id)
      .execute();
    entries.push({ document, owner, editor, shares });
  }
  return entries;
}

async function seed({ db, kind }: Database): Promise<void> {
  const account = (id: string) => ({
    id,
    email: `${id}@example.org`,
    login_name: id,
    login_key: id,
    display_name: id,
    password_hash: '',
    created_at: 1,
  });
  await inBatches(OWNERS + 1, 500, async (from, to) => {
    const people = range(from, to).map((index) => account(index === OWNERS ? ME : `owner${index}`));
    await db.insertInto('accounts').values(people).execute();
  });
  await inBatches(DOCUMENTS, 500, async (from, to) => {
    await db.insertInto('library_documents').values(range(from, to).map(documentRow)).execute();
    await db.insertInto('library_shares').values(range(from, to).flatMap(shareRows)).execute();
  });
  if (kind === 'postgres') {
    await sql`vacuum analyze`.execute(db);
  }
}

function documentRow(index: number) {
  return {
    id: String(10 ** 15 + index),
    owner_id: `owner${index % OWNERS}`,
    name: `Document ${index}`,
    url_stem: `Document${index}`,
    url_number: 0,
    url_name: `Document${index}`,
    created_at: 1_600_000_000_000,
    modified_at: modifiedAt(index),
    modified_by: `owner${(index * 7) % OWNERS}`,
    state: 'kept',
    is_sharing: 1,
    is_public: 0,
    allows_comments: 0,
    shows_comments: 0,
    version: 10 + (index % 40),
    lock_holder: null,
    locked_until: null,
  };
}

/** Every 20th document is shared with the person, and with two more; the others with one. */
function shareRows(index: number) {
  const isMine = index % (DOCUMENTS / SHARED_WITH_ME) === 0;
  const people = [`owner${(index + 1) % OWNERS}`, ...(isMine ? [ME, `owner${(index + 2) % OWNERS}`] : [])];
  return people.map((id) => ({
    document_id: String(10 ** 15 + index),
    email: `${id}@example.org`,
    account_id: id,
    can_write: index % 2,
    created_at: 1_600_000_000_000,
    is_listed: 1,
    modified_at: modifiedAt(index),
  }));
}

/** In no order of the ids, with neighbours of one millisecond. */
function modifiedAt(index: number): number {
  return 1_700_000_000_000 + ((index * 7_919) % (DOCUMENTS / 2)) * 1_000;
}

async function inBatches(
  count: number,
  size: number,
  insert: (from: number, to: number) => Promise<void>,
): Promise<void> {
  for (let from = 0; from < count; from += size) await insert(from, Math.min(count, from + size));
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
