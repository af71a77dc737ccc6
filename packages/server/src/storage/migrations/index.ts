import { type Kysely, type Migration, Migrator, sql } from 'kysely';
import { first } from './0001-first.js';
import { library } from './0002-library.js';
import { saveInterval } from './0003-save-interval.js';
import { documentStates } from './0004-document-states.js';
import { librarySearch } from './0005-library-search.js';
import { attachments } from './0006-attachments.js';
import { disabledAccounts } from './0007-disabled-accounts.js';
import { settingsAtUnlock } from './0008-settings-at-unlock.js';
import { confirmedAddresses } from './0009-confirmed-addresses.js';
import { formerSigningSecrets } from './0010-former-signing-secrets.js';

/** In the order of their names; a name that was released never changes. */
const MIGRATIONS: Record<string, Migration> = {
  '0001-first': first,
  '0002-library': library,
  '0003-save-interval': saveInterval,
  '0004-document-states': documentStates,
  '0005-library-search': librarySearch,
  '0006-attachments': attachments,
  '0007-disabled-accounts': disabledAccounts,
  '0008-settings-at-unlock': settingsAtUnlock,
  '0009-confirmed-addresses': confirmedAddresses,
  '0010-former-signing-secrets': formerSigningSecrets,
};

/**
 * Brings the tables up to date, in one transaction that a second process waits for. Refuses, by a plain Error, a
 * database that a newer version of the program has already changed.
 */
export async function migrate<T>(db: Kysely<T>): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => MIGRATIONS },
    migrationTableName: 'migrations',
    migrationLockTableName: 'migrations_lock',
  });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const unknown = await findUnknown(db);
  throw unknown === undefined
    ? new Error('The tables could not be brought up to date.', { cause: error })
    : new Error(
        `The tables were made by a newer version of Officina (${unknown}). Start that version, or a copy of the data from before it.`,
      );
}

/** The name of a migration that was run and is not known here. */
async function findUnknown<T>(db: Kysely<T>): Promise<string | undefined> {
  const { rows } = await sql<{ name: string }>`select name from migrations order by name`
    .execute(db)
    // Without the table nothing was run: the first error stands.
    .catch(() => ({ rows: [] }));
  return rows.find(({ name }) => !Object.hasOwn(MIGRATIONS, name))?.name;
}
