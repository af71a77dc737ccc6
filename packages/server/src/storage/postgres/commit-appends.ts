import type pg from 'pg';
import { type Append, type LogHead, refusalOf } from '../append.js';
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
  const stored: Append[] = [];
  const refusals = appends.map((append) => {
    const head = heads.get(append.document);
    const refusal = refusalOf(append, head);
    if (refusal !== null) return refusal;
    heads.set(append.document, { epoch: head?.epoch ?? 0, sequence: append.lastSequence });
    stored.push(append);
    return null;
  });
  if (stored.length > 0) await store(client, stored);
  return refusals;
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

async function store(client: pg.PoolClient, appends: readonly Append[]): Promise<void> {
  await client.query(ADD_ENTRIES, [
    appends.map(({ document }) => document),
    appends.map(({ lastSequence }) => lastSequence),
    appends.map(({ firstSequence }) => firstSequence),
    appends.map(({ epoch }) => epoch),
    appends.map(({ operations }) => operations),
  ]);
  const heads = new Map(appends.map(({ document, lastSequence }) => [document, lastSequence]));
  await client.query(MOVE_HEADS, [[...heads.keys()], [...heads.values()]]);
  // One statement may touch a row only once, so a client that is in two appends is put together first.
  const clients = new Map<string, { document: string; client: string; n: number; actor: string }>();
  for (const append of appends) {
    for (const { client: id, n, actor } of append.clients) {
      const key = JSON.stringify([append.document, id]);
      clients.set(key, {
        document: append.document,
        client: id,
        n: Math.max(n, clients.get(key)?.n ?? 0),
        actor,
      });
    }
  }
  const rows = [...clients.values()];
  await client.query(MOVE_CLIENTS, [
    rows.map(({ document }) => document),
    storable(rows.map((row) => row.client)),
    rows.map(({ n }) => n),
    storable(rows.map(({ actor }) => actor)),
  ]);
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
const MOVE_HEADS = `
  update operation_logs set sequence = moved.sequence
  from unnest($1::text[], $2::bigint[]) as moved (document_key, sequence)
  where operation_logs.document_key = moved.document_key`;
const MOVE_CLIENTS = `
  insert into log_clients (document_key, client, n, actor)
  select * from unnest($1::text[], $2::text[], $3::bigint[], $4::text[])
  on conflict (document_key, client)
  do update set n = greatest(log_clients.n, excluded.n), actor = excluded.actor`;
