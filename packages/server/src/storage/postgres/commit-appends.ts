import type pg from 'pg';
import { type Append, type CommitPlan, type LogHead, planCommit } from '../append.js';
import { storable } from '../storable.js';

/**
 * The whole group in five statements, however many documents it is about. The rows of the logs are locked in the
 * order of their keys, so that two nodes never wait for each other.
 */
export async function commitAppends(
  client: pg.PoolClient,
  appends: readonly Append[],
): Promise<readonly (string | null)[]> {
  const heads = await lockHeads(client, [...new Set(appends.map(({ document }) => document))].sort());
  const plan = planCommit(appends, (document) => heads.get(document));
  if (plan.rows.length > 0) await store(client, plan);
  return plan.refusals;
}

async function lockHeads(client: pg.PoolClient, documents: readonly string[]): Promise<Map<string, LogHead>> {
  const heads = new Map<string, LogHead>();
  const lock = async () => {
    const { rows } = await client.query<LogHead & { document_key: string }>(LOCK_HEADS, [documents]);
    for (const { document_key, sequence, epoch } of rows) heads.set(document_key, { sequence, epoch });
  };
  await lock();
  if (heads.size < documents.length) {
    await client.query(ADD_HEADS, [documents.filter((document) => !heads.has(document))]);
    await lock();
  }
  return heads;
}

async function store(client: pg.PoolClient, { rows, heads, clients, snapshots }: CommitPlan): Promise<void> {
  await client.query(ADD_ENTRIES, [
    rows.map(({ document }) => document),
    rows.map(({ lastSequence }) => lastSequence),
    rows.map(({ firstSequence }) => firstSequence),
    rows.map(({ epoch }) => epoch),
    rows.map(({ operations }) => `[${operations}]`),
  ]);
  await client.query(MOVE_HEADS, [[...heads.keys()], [...heads.values()]]);
  await client.query(MOVE_CLIENTS, [
    clients.map(({ document }) => document),
    storable(clients.map((row) => row.client)),
    clients.map(({ n }) => n),
    storable(clients.map(({ actor }) => actor)),
  ]);
  for (const row of snapshots) {
    const { document_key, sequence, epoch, blob, engine, digest, created_at, people, restored } = row;
    const place = [document_key, sequence, epoch];
    await client.query(ADD_SNAPSHOT, [
      ...place,
      ...storable([blob, engine, digest, created_at, people, restored]),
    ]);
  }
}

const LOCK_HEADS = `
  select document_key, sequence, epoch from operation_logs
  where document_key = any($1::text[]) order by document_key for update`;
const ADD_HEADS = `
  insert into operation_logs (document_key, sequence, epoch)
  select document_key, 0, 0 from unnest($1::text[]) as wanted (document_key)
  on conflict (document_key) do nothing`;
const ADD_ENTRIES = `
  insert into log_entries (document_key, last_sequence, first_sequence, epoch, operations)
  select * from unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[])`;
const ADD_SNAPSHOT = `
  insert into snapshots (document_key, sequence, epoch, blob, engine, digest, created_at, people, restored)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`;
const MOVE_HEADS = `
  update operation_logs set sequence = moved.sequence
  from unnest($1::text[], $2::bigint[]) as moved (document_key, sequence)
  where operation_logs.document_key = moved.document_key`;
const MOVE_CLIENTS = `
  insert into log_clients (document_key, client, n, actor)
  select * from unnest($1::text[], $2::text[], $3::bigint[], $4::text[])
  on conflict (document_key, client)
  do update set n = greatest(log_clients.n, excluded.n), actor = excluded.actor`;
