import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type BetterSqlite3 from 'better-sqlite3';

type Row = Record<string, unknown>;

/**
 * Copies a document in the tables of a server that stands still, with one session each; the answer is their ids. Of the log
 * only what an opening reads is copied, the part behind the snapshot: all of it would be gigabytes that nobody looks at.
 */
export function copyDocument(dataFolder: string, sessionId: string, copies: number): readonly string[] {
  const Database: typeof BetterSqlite3 = createRequire(
    new URL('../../packages/server/package.json', import.meta.url),
  )('better-sqlite3');
  const database = new Database(join(dataFolder, 'officina.sqlite'));
  const read = (table: string, where: string, ...values: unknown[]) =>
    database.prepare<unknown[], Row>(`select * from ${table} where ${where}`).all(...values);
  const [session = {}] = read('sessions', 'id = ?', sessionId);
  const key = session.document_key;
  const [document = {}] = read('documents', 'key = ?', key);
  const [snapshot = {}] = read('snapshots', 'document_key = ? order by sequence desc', key);
  const keyed: [table: string, rows: Row[]][] = [
    ['operation_logs', read('operation_logs', 'document_key = ?', key)],
    ['log_clients', read('log_clients', 'document_key = ?', key)],
    ['snapshots', [snapshot]],
    ['log_entries', read('log_entries', 'document_key = ? and last_sequence > ?', key, snapshot.sequence)],
  ];
  const ids: string[] = [];
  database.exec('begin');
  for (let copy = 0; copy < copies; copy += 1) {
    const own = `copy-${copy}`;
    const id = randomBytes(32).toString('hex');
    ids.push(id);
    insert('documents', { ...document, key: own, document_id: own });
    insert('sessions', { ...session, id, document_key: own, document_id: own });
    for (const [table, rows] of keyed) for (const row of rows) insert(table, { ...row, document_key: own });
  }
  database.exec('commit');
  database.close();
  return ids;

  function insert(table: string, row: Row): void {
    const names = Object.keys(row);
    const values = names.map((name) => `@${name}`).join(', ');
    database.prepare(`insert into ${table} (${names.join(', ')}) values (${values})`).run(row);
  }
}
