import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { readConfig } from '../config.js';
import type { Account } from '../domain/accounts/account.js';
import { Accounts } from '../domain/accounts/accounts.js';
import { openStorage, type Storage } from '../storage/index.js';
import type { Verb } from './verb.js';

const USAGE =
  'account add EMAIL --name NAME --password P [--login LOGIN] | account password EMAIL --password P | account confirm EMAIL | account list | ' +
  'account export EMAIL FILE | account import FILE [--email EMAIL] [--password P]';

/** `account add`, `password`, `confirm`, `list`, `export` and `import`: works on the same data while the server runs. */
export const account: Verb = async (args) => {
  const wish = readWish(args);
  if (!wish) {
    console.error(`Usage: ${USAGE}`);
    return 2;
  }
  const { dataFolder, databaseUrl, blobBucket, maxUploadBytes } = readConfig(process.env, process.cwd());
  const storage = await openStorage({ dataFolder, databaseUrl, blobBucket });
  try {
    return await carryOut(storage, wish, maxUploadBytes);
  } finally {
    await storage.close();
  }
};

type Wish =
  | { action: 'add'; email: string; name: string; login: string | undefined; password: string }
  | { action: 'password'; email: string; password: string }
  | { action: 'confirm'; email: string }
  | { action: 'list' }
  | { action: 'export'; email: string; file: string }
  | { action: 'import'; file: string; email: string | undefined; password: string | undefined };

function readWish(args: readonly string[]): Wish | undefined {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      name: { type: 'string' },
      login: { type: 'string' },
      password: { type: 'string' },
      email: { type: 'string' },
    },
  });
  const [action, email, file] = positionals;
  const { name, login, password } = values;
  if (action === 'list') return { action };
  if (action === 'import' && email !== undefined) {
    return { action, file: email, email: values.email, password };
  }
  if (action === 'export' && email !== undefined && file !== undefined) return { action, email, file };
  if (action === 'confirm' && email !== undefined) return { action, email };
  if (email === undefined || password === undefined) return undefined;
  if (action === 'password') return { action, email, password };
  return action === 'add' ? { action, email, name: name ?? '', login, password } : undefined;
}

async function carryOut(storage: Storage, wish: Wish, maxFileBytes: number): Promise<number> {
  const accounts = new Accounts({
    ...storage,
    clock: Date.now,
    randomHex: (bytes) => randomBytes(bytes).toString('hex'),
  });
  switch (wish.action) {
    case 'add': {
      const { email, name, login, password } = wish;
      const loginName = login === undefined ? {} : { loginName: login };
      const added = await accounts.add({ email, displayName: name, ...loginName, password });
      const names = added.loginName === null ? added.email : `${added.loginName} or ${added.email}`;
      console.log(`The account of ${added.displayName} is there; it logs in as ${names}.`);
      return 0;
    }
    case 'password': {
      const found = await findAccount(storage, wish.email);
      if (!found) return 1;
      await accounts.setPassword(found.id, wish.password);
      console.log('The password is changed; every ticket, token and sign-in of the account is revoked.');
      return 0;
    }
    case 'confirm': {
      const found = await findAccount(storage, wish.email);
      if (!found) return 1;
      await accounts.confirm(found.id);
      console.log(`What others share with ${found.email} is in the library of ${found.displayName}.`);
      return 0;
    }
    case 'list':
      for (const { email, loginName, displayName, createdAt } of await storage.accounts.list()) {
        console.log(`${new Date(createdAt).toISOString()}  ${email}  ${loginName ?? '-'}  ${displayName}`);
      }
      return 0;
    case 'export': {
      const found = await findAccount(storage, wish.email);
      if (!found) return 1;
      const { exportAccount } = await import('./account-archive.js');
      return await exportAccount(storage, found, wish.file);
    }
    case 'import': {
      const { importAccount } = await import('./account-archive.js');
      return await importAccount(storage, accounts, { ...wish, maxFileBytes });
    }
    default:
      return wish satisfies never;
  }
}

async function findAccount(storage: Storage, name: string): Promise<Account | undefined> {
  const found = await storage.accounts.findByName(name);
  if (!found) console.error(`There is no account "${name}"; \`account list\` shows them.`);
  return found?.account;
}
