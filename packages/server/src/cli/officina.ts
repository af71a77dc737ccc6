import { pathToFileURL } from 'node:url';
import type { Verb } from './verb.js';

/** Verbs are loaded when they are called, so that `serve` starts fast and `key list` never loads the server. */
const VERBS: Readonly<Record<string, { usage: string; load: () => Promise<Verb> }>> = {
  serve: { usage: 'serve', load: async () => (await import('./serve.js')).serve },
  doctor: { usage: 'doctor', load: async () => (await import('./doctor.js')).doctor },
  migrate: { usage: 'migrate', load: async () => (await import('./migrate.js')).migrate },
  key: {
    usage:
      'key add NAME | key list | key limit ID CALLS|none | key retries ID strict|outbox | key secret ID | key revoke ID',
    load: async () => (await import('./key.js')).key,
  },
  account: {
    usage:
      'account add EMAIL --name NAME --password P | account password EMAIL --password P | account list | ' +
      'account export EMAIL FILE | account import FILE [--email EMAIL] [--password P]',
    load: async () => (await import('./account.js')).account,
  },
  deliveries: {
    usage:
      'deliveries list [--state STATE] [--limit N] [--json] | deliveries show ID [--json] | ' +
      'deliveries retry ID | deliveries retry --host HOST | deliveries export ID FILE',
    load: async () => (await import('./deliveries-verb.js')).deliveries,
  },
};

/** Runs one verb; an unknown one prints what there is and answers 2. */
export async function runCli(argv: readonly string[]): Promise<number> {
  const [name = '', ...args] = argv;
  const verb = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
  if (!verb) {
    const lines = Object.values(VERBS).map(({ usage }) => `  npm run officina -- ${usage}`);
    const asked = name === '' || name === 'help' || name === '--help';
    console[asked ? 'log' : 'error'](
      `${asked ? '' : `There is no verb "${name}".\n`}Verbs:\n${lines.join('\n')}`,
    );
    return asked ? 0 : 2;
  }
  try {
    return await (await verb.load())(args);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = await runCli(process.argv.slice(2));
}
