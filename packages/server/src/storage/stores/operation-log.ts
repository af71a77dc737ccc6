import type { SequencedOperation } from '@officina/protocol';
import type { DocumentKey } from '../../domain/documents/document.js';
import { jsonOf } from '../../domain/log/numbered-operation.js';
import type { OperationLog, Restoration, SnapshotRecord } from '../../domain/log/operation-log.js';
import type { Append, AppendClient } from '../append.js';
import type { Database } from '../database.js';
import { GroupCommit } from '../group-commit.js';
import type { SnapshotRow } from '../tables.js';

/** Rows asked for at a time, so that one long log does not hold up the commits of the others. */
const PAGE_ROWS = 200;
export class SqlOperationLog implements OperationLog {
  readonly #database: Database;
  readonly #commits: GroupCommit<Append, string | null>;

  constructor(database: Database) {
    this.#database = database;
    this.#commits = new GroupCommit((appends) => database.commitAppends(appends));
  }

  async append(
    document: DocumentKey,
    epoch: number,
    operations: readonly SequencedOperation[],
    snapshot?: SnapshotRecord,
  ): Promise<void> {
    const [first, ...others] = operations;
    if (first === undefined) return;
    for (const [index, operation] of others.entries()) {
      if (operation.sequence !== first.sequence + 1 + index) {
        throw new Error(`Operations of ${document} are not numbered one after the other.`);
      }
    }
    const appended = toAppend(document, epoch, [first, ...others]);
    if (snapshot !== undefined && snapshot.sequence !== appended.lastSequence) {
      throw new Error(`The snapshot of ${document} does not stand at the last operation.`);
    }
    const refusal = await this.#commits.add({
      ...appended,
      ...(snapshot && { snapshot: rowOf(document, snapshot) }),
    });
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

  async readSnapshot(document: DocumentKey, atMost?: number): Promise<SnapshotRecord | undefined> {
    let query = this.#database.db.selectFrom('snapshots').selectAll().where('document_key', '=', document);
    if (atMost !== undefined) query = query.where('sequence', '<=', atMost);
    const row = await query.orderBy('sequence', 'desc').orderBy('epoch', 'desc').limit(1).executeTakeFirst();
    return row && recordOf(row);
  }

  async listSnapshots(document: DocumentKey): Promise<readonly SnapshotRecord[]> {
    const rows = await this.#database.db
      .selectFrom('snapshots')
      .selectAll()
      .where('document_key', '=', document)
      .orderBy('sequence', 'desc')
      .orderBy('epoch', 'desc')
      .execute();
    return rows.map(recordOf);
  }

  async addSnapshot(document: DocumentKey, snapshot: SnapshotRecord): Promise<void> {
    const { document_key, sequence, epoch, ...content } = rowOf(document, snapshot);
    await this.#database.db
      .insertInto('snapshots')
      .values({ document_key, sequence, epoch, ...content })
      .onConflict((conflict) => conflict.columns(['document_key', 'sequence', 'epoch']).doUpdateSet(content))
      .execute();
  }

  async forgetSnapshots(
    document: DocumentKey,
    which: 'all' | readonly Pick<SnapshotRecord, 'sequence' | 'epoch'>[],
  ): Promise<readonly string[]> {
    if (which.length === 0) return [];
    const { db } = this.#database;
    const places = which === 'all' ? await this.listSnapshots(document) : which;
    const outcomes = await this.#database.atomically(
      places.map(({ sequence, epoch }) =>
        db
          .deleteFrom('snapshots')
          .where('document_key', '=', document)
          .where('sequence', '=', sequence)
          .where('epoch', '=', epoch)
          .returning('blob'),
      ),
    );
    return outcomes.flatMap(({ rows }) => rows.map(({ blob }) => String(blob)));
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

/** The texts are made here, on the event loop, where rooms have them at hand already. */
function toAppend(
  document: DocumentKey,
  epoch: number,
  operations: readonly [SequencedOperation, ...SequencedOperation[]],
): Append {
  const firstSequence = operations[0].sequence;
  const clients = new Map<string, AppendClient>();
  for (const { client, n, actor } of operations) {
    clients.set(client, { client, n: Math.max(n, clients.get(client)?.n ?? 0), actor });
  }
  return {
    document,
    epoch,
    firstSequence,
    lastSequence: firstSequence + operations.length - 1,
    operations: operations.map(jsonOf).join(','),
    clients: [...clients.values()],
  };
}

function rowOf(document: DocumentKey, snapshot: SnapshotRecord): SnapshotRow {
  const { sequence, epoch, blob, engine, digest, createdAt, people, restored } = snapshot;
  return {
    ...{ document_key: document, sequence, epoch, blob, engine, digest, created_at: createdAt },
    people: JSON.stringify(people),
    restored: restored && JSON.stringify(restored),
  };
}

function recordOf(row: SnapshotRow): SnapshotRecord {
  const { sequence, epoch, blob, engine, digest, created_at: createdAt } = row;
  const people = JSON.parse(row.people) as string[];
  const restored = row.restored === null ? null : (JSON.parse(row.restored) as Restoration);
  return { sequence, epoch, blob, engine, digest, createdAt, people, restored };
}
