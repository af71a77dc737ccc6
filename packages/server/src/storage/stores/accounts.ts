import { sql } from 'kysely';
import type { Account, AccountSearch, AccountStore, ListedAccount } from '../../domain/accounts/account.js';
import type { Ticket, TicketStore } from '../../domain/accounts/ticket.js';
import type { Database } from '../database.js';
import type { AccountRow } from '../tables.js';
import { preparedStatement } from './fixed-statement.js';

export class SqlAccountStore implements AccountStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async add(
    account: Account,
    passwordHash: string,
    address: 'confirmed' | 'unconfirmed' = 'confirmed',
  ): Promise<'added' | 'email_taken' | 'login_name_taken'> {
    const { db } = this.#database;
    const insert = db
      .insertInto('accounts')
      .values({
        id: account.id,
        email: account.email,
        login_name: account.loginName,
        login_key: account.loginName?.toLowerCase() ?? null,
        display_name: account.displayName,
        password_hash: passwordHash,
        created_at: account.createdAt,
        confirmed_at: address === 'confirmed' ? account.createdAt : null,
      })
      .onConflict((conflict) => conflict.doNothing());
    // Nothing is handed over when the account was not added: its id is nowhere.
    const [inserted] = await this.#database.atomically([insert, this.#handOver(account.id)]);
    if (inserted?.changes === 1) return 'added';
    const twin = await db.selectFrom('accounts').select('id').where('email', '=', account.email).execute();
    return twin.length > 0 ? 'email_taken' : 'login_name_taken';
  }

  async find(id: string): Promise<Account | undefined> {
    const row = await this.#select().where('id', '=', id).executeTakeFirst();
    return row && toAccount(row);
  }

  async findByName(
    name: string,
  ): Promise<{ account: Account; passwordHash: string; disabledAt: number | null } | undefined> {
    const key = name.toLowerCase();
    const column = name.includes('@') ? 'email' : 'login_key';
    const row = await this.#select().where(column, '=', key).executeTakeFirst();
    return row && { account: toAccount(row), passwordHash: row.password_hash, disabledAt: row.disabled_at };
  }

  async list(): Promise<readonly Account[]> {
    const rows = await this.#select().orderBy('created_at').orderBy('id').execute();
    return rows.map(toAccount);
  }

  async search({ words, skip, limit }: AccountSearch): Promise<readonly ListedAccount[]> {
    const pattern = `%${words.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
    const matches = (column: string) => sql<boolean>`lower(${sql.ref(column)}) like ${pattern} escape '\\'`;
    const rows = await this.#database.db
      .selectFrom('accounts as a')
      .selectAll('a')
      .select((eb) =>
        eb
          .selectFrom('library_documents as d')
          .select(({ fn }) => fn.countAll().as('count'))
          .whereRef('d.owner_id', '=', 'a.id')
          .as('documents'),
      )
      .$if(words !== '', (query) =>
        query.where((eb) => eb.or([matches('a.email'), matches('a.login_name'), matches('a.display_name')])),
      )
      .orderBy('a.created_at', 'desc')
      .orderBy('a.id')
      .limit(limit)
      .offset(skip)
      .execute();
    return rows.map((row) => ({
      ...toAccount(row),
      disabledAt: row.disabled_at,
      confirmedAt: row.confirmed_at,
      documents: Number(row.documents),
    }));
  }

  async confirm(id: string, at: number): Promise<boolean> {
    const { db } = this.#database;
    const confirmation = db
      .updateTable('accounts')
      .set(({ fn, val }) => ({ confirmed_at: fn.coalesce('confirmed_at', val(at)) }))
      .where('id', '=', id);
    const [confirmed] = await this.#database.atomically([confirmation, this.#handOver(id)]);
    return confirmed?.changes === 1;
  }

  async isConfirmed(id: string): Promise<boolean> {
    const row = await this.#database.db
      .selectFrom('accounts')
      .select('confirmed_at')
      .where('id', '=', id)
      .executeTakeFirst();
    return typeof row?.confirmed_at === 'number';
  }

  async setDisabled(id: string, at: number | null): Promise<boolean> {
    const { db } = this.#database;
    const [changed] = await this.#database.atomically([
      db.updateTable('accounts').set({ disabled_at: at }).where('id', '=', id),
      ...(at === null ? [] : [db.deleteFrom('account_tickets').where('account_id', '=', id)]),
    ]);
    return changed?.changes === 1;
  }

  async setPassword(id: string, passwordHash: string): Promise<void> {
    const { db } = this.#database;
    await this.#database.atomically([
      db.updateTable('accounts').set({ password_hash: passwordHash }).where('id', '=', id),
      db.deleteFrom('account_tickets').where('account_id', '=', id),
    ]);
  }

  /** Gives an account with a confirmed address what is shared with the address. */
  #handOver(id: string) {
    return this.#database.db
      .updateTable('library_shares')
      .set({ account_id: id })
      .where('email', '=', ({ selectFrom }) =>
        selectFrom('accounts').select('email').where('id', '=', id).where('confirmed_at', 'is not', null),
      );
  }

  #select() {
    return this.#database.db.selectFrom('accounts').selectAll();
  }
}

export class SqlTicketStore implements TicketStore {
  readonly #database: Database;
  readonly #byHash: ReturnType<typeof ticketByHash>;

  constructor(database: Database) {
    this.#database = database;
    this.#byHash = ticketByHash(database);
  }

  async add(ticket: Ticket, hash: string, passwordHash: string): Promise<boolean> {
    const { db } = this.#database;
    const forgetOld = db
      .deleteFrom('account_tickets')
      .where('account_id', '=', ticket.accountId)
      .where('expires_at', '<=', ticket.createdAt);
    const insert = db
      .insertInto('account_tickets')
      .columns(['hash', 'account_id', 'kind', 'service', 'created_at', 'expires_at'])
      .expression((eb) =>
        eb
          .selectFrom('accounts')
          .select(({ cast, val }) => [
            cast<string>(val(hash), 'text').as('hash'),
            'id',
            cast<string>(val(ticket.kind), 'text').as('kind'),
            cast<string>(val(ticket.service), 'text').as('service'),
            cast<number>(val(ticket.createdAt), 'bigint').as('created_at'),
            cast<number | null>(val(ticket.expiresAt), 'bigint').as('expires_at'),
          ])
          .where('id', '=', ticket.accountId)
          .where('password_hash', '=', passwordHash)
          .where('disabled_at', 'is', null),
      );
    const [, inserted] = await this.#database.atomically([forgetOld, insert]);
    return inserted?.changes === 1;
  }

  async find(hash: string): Promise<{ ticket: Ticket; account: Account } | undefined> {
    const { rows } = await this.#database.db.executeQuery(this.#byHash({ hash }));
    const [row] = rows;
    if (!row) return undefined;
    const ticket: Ticket = {
      accountId: row.id,
      kind: row.kind as Ticket['kind'],
      service: row.service,
      createdAt: row.issued_at,
      expiresAt: row.expires_at,
    };
    return { ticket, account: toAccount(row) };
  }

  async remove(hash: string): Promise<void> {
    await this.#database.db.deleteFrom('account_tickets').where('hash', '=', hash).execute();
  }
}

/** A ticket with its account: asked at every call. */
function ticketByHash({ db }: Database) {
  return preparedStatement((blank) =>
    db
      .selectFrom('account_tickets as t')
      .innerJoin('accounts as a', 'a.id', 't.account_id')
      .select(['t.kind', 't.service', 't.created_at as issued_at', 't.expires_at'])
      .select(['a.id', 'a.email', 'a.login_name', 'a.display_name', 'a.created_at'])
      .where('t.hash', '=', blank<string>('hash')),
  );
}

export function toAccount(
  row: Omit<AccountRow, 'password_hash' | 'login_key' | 'disabled_at' | 'confirmed_at'>,
): Account {
  return {
    id: row.id,
    email: row.email,
    loginName: row.login_name,
    displayName: row.display_name,
    createdAt: row.created_at,
  };
}
