import type { SequencedOperation } from '@officina/protocol';
import type { DocumentKey } from '../../domain/documents/document.js';
import { jsonOf } from '../../domain/log/numbered-operation.js';
import type { OperationLog, SnapshotRecord } from '../../domain/log/operation-log.js';
import type { Append } from '../append.js';
import type { Database } from '../database.js';
import { GroupCommit } from '../group-commit.js';

/** An append as the room gave it. */
interface WantedAppend {
  document: DocumentKey;
  epoch: number;
  operations: readonly SequencedOperation[];
}

/** Rows asked for at a time, so that one long log does not hold up the commits of the others. */
const PAGE_ROWS = 200;
/** Text of one row: neighbours are put together up to here. */
const ROW_CHARACTERS = 64 * 1024;

export class SqlOperationLog implements OperationLog {
  readonly #database: Database;
  readonly #commits: GroupCommit<WantedAppend, string | null>;

  constructor(database: Database) {
    this.#database = database;
    this.#commits = new GroupCommit((wanted) => commitTogether(database, wanted));
  }

  async append(
    document: DocumentKey,
    epoch: number,
    operations: readonly SequencedOperation[],
  ): Promise<void> {
    if (operations.length === 0) return;
    for (const [index, operation] of operations.entries()) {
      if (operation.sequence !== (operations[0]?.sequence ?? 0) + index) {
        throw new Error(`Operations of ${document} are not numbered one after the other.`);
      }
    }
    const refusal = await this.#commits.add({ document, epoch, operations });
    if (refusal !== null) throw new Error(refusal);
  }

  async readAfter(document: DocumentKey, sequence: number): Promise<readonly SequencedOperation[]> {
    const operations: SequencedOperation[] = [];
    let after = sequence;
    for (;;) {
      const rows = await this.#database.db
        .selectFrom('log_entries')
        .select(['last_sequence', 'operations'])
        .where('document_key', '=', document)
        .where('last_sequence', '>', after)
        .orderBy('last_sequence')
        .limit(PAGE_ROWS)
        .execute();
      for (const row of rows) {
        for (const operation of JSON.parse(row.operations) as SequencedOperation[]) {
          if (operation.sequence > sequence) operations.push(operation);
        }
        after = row.last_sequence;
      }
      if (rows.length < PAGE_ROWS) return operations;
    }
  }

  async readHead(document: DocumentKey): Promise<{
    sequence: number;
    clients: ReadonlyMap<string, number>;
    authors: ReadonlyMap<string, string>;
  }> {
    const { db } = this.#database;
    // Clients first: an append in between then only makes them older than the sequence, never newer.
    const clients = await db
      .selectFrom('log_clients')
      .select(['client', 'n', 'actor'])
      .where('document_key', '=', document)
      .execute();
    const head = await db
      .selectFrom('operation_logs')
      .select('sequence')
      .where('document_key', '=', document)
      .executeTakeFirst();
    return {
      sequence: head?.sequence ?? 0,
      clients: new Map(clients.map(({ client, n }) => [client, n])),
      authors: new Map(clients.map(({ client, actor }) => [client, actor])),
    };
  }

  async readSnapshot(document: DocumentKey): Promise<SnapshotRecord | undefined> {
    const row = await this.#database.db
      .selectFrom('snapshots')
      .selectAll()
      .where('document_key', '=', document)
      .orderBy('sequence', 'desc')
      .orderBy('epoch', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    const { sequence, epoch, blob, engine, digest } = row;
    return { sequence, epoch, blob, engine, digest, createdAt: row.created_at };
  }

  async addSnapshot(document: DocumentKey, snapshot: SnapshotRecord): Promise<void> {
    const { sequence, epoch, blob, engine, digest, createdAt } = snapshot;
    await this.#database.db
      .insertInto('snapshots')
      .values({ document_key: document, sequence, epoch, blob, engine, digest, created_at: createdAt })
      .onConflict((conflict) =>
        conflict
          .columns(['document_key', 'sequence', 'epoch'])
          .doUpdateSet({ blob, engine, digest, created_at: createdAt }),
      )
      .execute();
  }

  async remove(document: DocumentKey): Promise<void> {
    const { db } = this.#database;
    await this.#database.atomically([
      db.deleteFrom('operation_logs').where('document_key', '=', document),
      db.deleteFrom('log_entries').where('document_key', '=', document),
      db.deleteFrom('log_clients').where('document_key', '=', document),
      db.deleteFrom('snapshots').where('document_key', '=', document),
    ]);
  }

  /** Resolves when every append so far is answered. */
  drain(): Promise<void> {
    return this.#commits.drain();
  }
}

async function commitTogether(
  database: Database,
  wanted: readonly WantedAppend[],
): Promise<readonly (string | null)[]> {
  const { appends, places } = joinNeighbours(wanted);
  const refusals = await database.commitAppends(appends);
  return places.map((place) => refusals[place] ?? null);
}

/** A row in the making. */
interface OpenRow {
  document: DocumentKey;
  epoch: number;
  firstSequence: number;
  lastSequence: number;
  texts: string[];
  characters: number;
  clients: Map<string, { client: string; n: number; actor: string }>;
}

/**
 * One row for what one document gets in this commit, as long as it follows on: its fate is then the same. `places`
 * says in which row each wanted append went.
 */
export function joinNeighbours(wanted: readonly WantedAppend[]): { appends: Append[]; places: number[] } {
  const rows: OpenRow[] = [];
  const newestPlace = new Map<DocumentKey, number>();
  const places = wanted.map((append) => {
    const place = newestPlace.get(append.document);
    const newest = place === undefined ? undefined : rows[place];
    const row = toRow(append);
    if (place !== undefined && newest !== undefined && follows(newest, row)) {
      extend(newest, row);
      return place;
    }
    newestPlace.set(append.document, rows.length);
    return rows.push(row) - 1;
  });
  const appends = rows.map(({ texts, clients, characters: _characters, ...row }) => ({
    ...row,
    operations: `[${texts.join(',')}]`,
    clients: [...clients.values()],
  }));
  return { appends, places };
}

function toRow({ document, epoch, operations }: WantedAppend): OpenRow {
  const firstSequence = operations[0]?.sequence ?? 0;
  const texts = operations.map(jsonOf);
  const clients: OpenRow['clients'] = new Map();
  for (const { client, n, actor } of operations) {
    clients.set(client, { client, n: Math.max(n, clients.get(client)?.n ?? 0), actor });
  }
  return {
    document,
    epoch,
    firstSequence,
    lastSequence: firstSequence + operations.length - 1,
    texts,
    characters: texts.reduce((sum, text) => sum + text.length, 0),
    clients,
  };
}

function follows(row: OpenRow, next: OpenRow): boolean {
  return (
    row.epoch === next.epoch &&
    row.lastSequence + 1 === next.firstSequence &&
    row.characters + next.characters <= ROW_CHARACTERS
  );
}

function extend(row: OpenRow, next: OpenRow): void {
  row.lastSequence = next.lastSequence;
  row.texts.push(...next.texts);
  row.characters += next.characters;
  for (const { client, n, actor } of next.clients.values()) {
    row.clients.set(client, { client, n: Math.max(n, row.clients.get(client)?.n ?? 0), actor });
  }
}
