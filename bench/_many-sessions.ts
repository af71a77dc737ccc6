import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type BetterSqlite3 from 'better-sqlite3';

/** So many documents share the other sessions. */
const DOCUMENTS = 1000;

type Row = Record<string, unknown>;

/**
 * Writes sessions into the tables of a server that has one document with one session: `listed` of it in all, each among its
 * share of the `others`, which belong to other documents, so that no two stand on one page. Rows are copies of the first
 * ones but for their ids.
 */
export function addSessions(dataFolder: string, listed: number, others: number): void {
  const Database: typeof BetterSqlite3 = createRequire(
    new URL('../packages/server/package.json', import.meta.url),
  )('better-sqlite3');
  const database = new Database(join(dataFolder, 'officina.sqlite'));
  try {
    const document = database.prepare<[], Row>('select * from documents').get() ?? {};
    const session = database.prepare<[], Row>('select * from sessions').get() ?? {};
    const addDocument = database.prepare(insertOf('documents', document));
    const addSession = database.prepare(insertOf('sessions', session));
    database.exec('begin');
    for (let at = 0; at < DOCUMENTS; at += 1) {
      addDocument.run({ ...document, key: `other-${at}`, document_id: `other-${at}` });
    }
    const every = Math.floor((others + listed) / listed);
    for (let at = 1; at < others + listed; at += 1) {
      const key = `other-${at % DOCUMENTS}`;
      addSession.run({
        ...session,
        ...(at % every === 0 ? {} : { document_key: key, document_id: key }),
        id: randomBytes(32).toString('hex'),
        user_id: `guest-${randomBytes(8).toString('hex')}`,
        created_at: Number(session.created_at) + at,
      });
    }
    database.exec('commit');
  } finally {
    database.close();
  }
}

function insertOf(table: string, row: Row): string {
  const names = Object.keys(row);
  return `insert into ${table} (${names.join(', ')}) values (${names.map((name) => `@${name}`).join(', ')})`;
}
