import type { ApiKey, ApiKeyStore } from '../../domain/keys/api-key.js';
import type { Database } from '../database.js';
import type { ApiKeyRow } from '../tables.js';
import { asFlag, asJson, type Columns, columnNames, writeColumns } from './columns.js';
import { preparedStatement } from './fixed-statement.js';

const COLUMNS: Columns<ApiKey> = {
  id: { name: 'id' },
  name: { name: 'name' },
  createdAt: { name: 'created_at' },
  revokedAt: { name: 'revoked_at' },
  allowedOrigins: { name: 'allowed_origins', ...asJson },
  egressAllow: { name: 'egress_allow', ...asJson },
  monthlyCallLimit: { name: 'monthly_call_limit' },
  savesOnLeave: { name: 'saves_on_leave', ...asFlag },
  saveIntervalMinutes: { name: 'save_interval_minutes' },
  strictRetries: { name: 'strict_retries', ...asFlag },
  signingSecret: { name: 'signing_secret' },
  formerSigningSecret: { name: 'former_signing_secret' },
  formerSigningUntil: { name: 'former_signing_until' },
};

export class SqlApiKeyStore implements ApiKeyStore {
  readonly #database: Database;

  readonly #byId;

  constructor(database: Database) {
    this.#database = database;
    this.#byId = preparedStatement((blank) =>
      database.db
        .selectFrom('api_keys')
        .select(columnNames(COLUMNS) as Exclude<keyof ApiKeyRow, 'secret_hash'>[])
        .where('id', '=', blank<string>('id')),
    );
  }

  async findByHash(secretHash: string): Promise<ApiKey | undefined> {
    const row = await this.#select().where('secret_hash', '=', secretHash).executeTakeFirst();
    return row && toApiKey(row);
  }

  async find(id: string): Promise<ApiKey | undefined> {
    const { rows } = await this.#database.db.executeQuery(this.#byId({ id }));
    return rows[0] && toApiKey(rows[0]);
  }

  async list(): Promise<readonly ApiKey[]> {
    const rows = await this.#select().orderBy('created_at').orderBy('id').execute();
    return rows.map(toApiKey);
  }

  async add(key: ApiKey, secretHash: string): Promise<void> {
    const added = await this.#database.db
      .insertInto('api_keys')
      .values({ ...writeColumns(COLUMNS, key), secret_hash: secretHash } as ApiKeyRow)
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst();
    if (added === undefined) throw new Error('There is already an API key with this id or this secret.');
  }

  async update(id: string, change: Partial<Omit<ApiKey, 'id' | 'createdAt'>>): Promise<void> {
    const row = writeColumns<ApiKey>(COLUMNS, change);
    if (Object.keys(row).length === 0) return;
    await this.#database.db.updateTable('api_keys').set(row).where('id', '=', id).execute();
  }

  #select() {
    return this.#database.db.selectFrom('api_keys').selectAll();
  }
}

function toApiKey(row: Omit<ApiKeyRow, 'secret_hash'>): ApiKey {
  return {
    id: row.id,
    name: row.name,
    createdAt: row.created_at,
    revokedAt: row.revoked_at,
    allowedOrigins: JSON.parse(row.allowed_origins) as string[],
    egressAllow: JSON.parse(row.egress_allow) as string[],
    monthlyCallLimit: row.monthly_call_limit,
    savesOnLeave: row.saves_on_leave === 1,
    saveIntervalMinutes: row.save_interval_minutes,
    strictRetries: row.strict_retries === 1,
    signingSecret: row.signing_secret,
    formerSigningSecret: row.former_signing_secret,
    formerSigningUntil: row.former_signing_until,
  };
}
