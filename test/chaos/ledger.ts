import { createRequire } from 'node:module';
import { join } from 'node:path';
import type BetterSqlite3 from 'better-sqlite3';
import pg from 'pg';
import type { Save } from '../../packages/server/src/domain/saving/save.js';
import { toSave } from '../../packages/server/src/storage/stores/save-rows.js';
import type { SaveRow } from '../../packages/server/src/storage/tables.js';

const ALL = 'select * from saves';
/** PostgreSQL gives a bigint as text. */
const BIGINT = 20;

/** The whole ledger, read beside the running server without its code and without a write. */
export async function readLedger(folder: string, databaseUrl: string | undefined): Promise<readonly Save[]> {
  return (databaseUrl === undefined ? readSqlite(folder) : await readPostgres(databaseUrl)).map(toSave);
}

function readSqlite(folder: string): SaveRow[] {
  const Database: typeof BetterSqlite3 = createRequire(
    new URL('../../packages/server/package.json', import.meta.url),
  )('better-sqlite3');
  const database = new Database(join(folder, 'officina.sqlite'), { readonly: true });
  try {
    return database.prepare<[], SaveRow>(ALL).all();
  } finally {
    database.close();
  }
}

async function readPostgres(databaseUrl: string): Promise<SaveRow[]> {
  const types = {
    getTypeParser: (oid: number) => (oid === BIGINT ? Number : pg.types.getTypeParser(oid)),
  };
  const client = new pg.Client({ connectionString: databaseUrl, types: types as pg.CustomTypesConfig });
  await client.connect();
  try {
    return (await client.query<SaveRow>(ALL)).rows;
  } finally {
    await client.end();
  }
}
