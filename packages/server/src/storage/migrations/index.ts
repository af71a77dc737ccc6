import { type Kysely, type Migration, Migrator } from 'kysely';
import { first } from './0001-first.js';

/** In the order of their names; a name that was released never changes. */
const MIGRATIONS: Record<string, Migration> = {
  '0001-first': first,
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
  if (error !== undefined) {
    throw new Error('The tables could not be brought up to date.', { cause: error });
  }
}
