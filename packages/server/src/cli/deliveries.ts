import type { BlobStore } from '../domain/content/blob-store.js';
import { eachSave, sendAgain, sendHostAgain } from '../domain/saving/retry-save.js';
import type { DeliveryAttempt, Save, SaveStore } from '../domain/saving/save.js';
import { fileNameOf, hostOf } from '../domain/saving/target.js';

export interface DeliveriesDeps {
  storage: { saves: SaveStore; blobs: BlobStore };
  out: { write(text: string): unknown };
  now: () => number;
  /** Writes a file; refuses to overwrite one by rejecting. */
  writeFile: (path: string, bytes: Uint8Array) => Promise<void>;
}

const USAGE = `Verbs:
  deliveries list [--state STATE] [--limit N] [--json]   the ledger, newest first; by default what is not delivered
  deliveries show ID [--json]                            one save with its attempts
  deliveries retry ID | --host HOST[:PORT]               send again now
  deliveries export ID FILE                              write the bytes that were, or would be, sent
States: accepted, built, delivered, superseded, parked, conflict, all
`;

const STATES: readonly Save['state'][] = [
  'accepted',
  'built',
  'delivered',
  'superseded',
  'parked',
  'conflict',
];
const OPEN: readonly Save['state'][] = ['accepted', 'built', 'parked', 'conflict'];
const DEFAULT_LIMIT = 50;

/** Shows and re-drives saves, on the same store that the server works on. Answers the exit code. */
export async function runDeliveries(args: readonly string[], deps: DeliveriesDeps): Promise<number> {
  const [verb, ...rest] = args;
  const { words, options } = readArguments(rest);
  switch (verb) {
    case 'list':
      return list(options, deps);
    case 'show':
      return withSave(words[0], deps, (save) => show(save, options, deps));
    case 'retry':
      return retry(words[0], options.get('host'), deps);
    case 'export':
      return withSave(words[0], deps, (save) => exportBytes(save, words[1], deps));
    default:
      deps.out.write(USAGE);
      return verb === undefined || verb === 'help' ? 0 : 2;
  }
}

async function list(options: ReadonlyMap<string, string>, deps: DeliveriesDeps): Promise<number> {
  const wanted = options.get('state');
  const states =
    wanted === undefined ? OPEN : wanted === 'all' ? STATES : STATES.filter((state) => state === wanted);
  const limit = Number(options.get('limit') ?? DEFAULT_LIMIT);
  if (states.length === 0 || !Number.isInteger(limit) || limit < 1) {
    deps.out.write(USAGE);
    return 2;
  }
  const saves = await deps.storage.saves.list({ states, limit });
  if (options.has('json')) {
    for (const save of saves) deps.out.write(`${JSON.stringify(withoutSecrets(save))}\n`);
    return 0;
  }
  const rows = saves.map((save) => [
    save.id,
    save.state,
    timeOf(save.createdAt),
    String(save.attempts),
    isWaiting(save) ? timeOf(save.nextAttemptAt) : '',
    hostOf(save.target),
    fileNameOf(save),
    save.message ?? '',
  ]);
  deps.out.write(table(['ID', 'STATE', 'ACCEPTED', 'TRIES', 'NEXT', 'HOST', 'FILE', 'MESSAGE'], rows));
  return 0;
}

async function show(save: Save, options: ReadonlyMap<string, string>, deps: DeliveriesDeps): Promise<number> {
  const attempts = await deps.storage.saves.listAttempts(save.id);
  if (options.has('json')) {
    deps.out.write(`${JSON.stringify({ ...withoutSecrets(save), history: attempts })}\n`);
    return 0;
  }
  const facts: [string, string][] = [
    ['save', save.id],
    ['state', save.state],
    ['document', `${save.documentId} (${fileNameOf(save)}), version ${save.version}`],
    ['session', save.sessionId],
    ['asked by', `${save.userId ?? 'the server'} (${save.reason})`],
    [
      'target',
      `${save.target.method.toUpperCase()} ${urlWithoutSecrets(save.target.saveUrl)} as ${save.target.format}`,
    ],
    ['accepted', timeOf(save.createdAt)],
    ['settled', save.settledAt === null ? 'not yet' : timeOf(save.settledAt)],
    ['next try', isWaiting(save) ? timeOf(save.nextAttemptAt) : 'none'],
    ['sha256', save.sha256 ?? 'not built'],
    ['message', save.message ?? ''],
  ];
  deps.out.write(facts.map(([name, value]) => `${name.padEnd(10)}${value}\n`).join(''));
  for (const attempt of attempts) deps.out.write(describeAttempt(attempt));
  return 0;
}

async function retry(
  id: string | undefined,
  host: string | undefined,
  deps: DeliveriesDeps,
): Promise<number> {
  if (host !== undefined) {
    const count = await sendHostAgain(deps.storage.saves, host, deps.now());
    deps.out.write(`${count} saves to ${host} are due now.\n`);
    return 0;
  }
  return withSave(id, deps, async (save) => {
    const isDue = await sendAgain(deps.storage.saves, save.id, deps.now());
    deps.out.write(
      isDue
        ? `${save.id} is due now.\n`
        : `${save.id} is ${save.state}: it is not sent again. Its bytes can be exported.\n`,
    );
    return isDue ? 0 : 1;
  });
}

async function exportBytes(save: Save, path: string | undefined, deps: DeliveriesDeps): Promise<number> {
  if (path === undefined) {
    deps.out.write(USAGE);
    return 2;
  }
  const bytes = save.blob === null ? undefined : await deps.storage.blobs.get(save.blob);
  if (!bytes) {
    deps.out.write(`${save.id} has no bytes yet: it is ${save.state}.\n`);
    return 1;
  }
  await deps.writeFile(path, bytes);
  const kind =
    save.sha256 === null ? 'the docx, because the target format could not be made' : save.target.format;
  deps.out.write(`Wrote ${bytes.length} bytes (${kind}) to ${path}.\n`);
  return 0;
}

async function withSave(
  id: string | undefined,
  deps: DeliveriesDeps,
  act: (save: Save) => Promise<number>,
): Promise<number> {
  if (id === undefined) {
    deps.out.write(USAGE);
    return 2;
  }
  const save = (await deps.storage.saves.find(id)) ?? (await findByStart(id, deps));
  if (save) return act(save);
  deps.out.write(`There is no save ${id}. "deliveries list --state all" shows them.\n`);
  return 1;
}

/** The only save whose id begins like this, so that nobody has to type a whole id. */
async function findByStart(start: string, deps: DeliveriesDeps): Promise<Save | undefined> {
  let found: Save | undefined;
  if (start === '') return undefined;
  for await (const save of eachSave(deps.storage.saves, STATES)) {
    if (!save.id.startsWith(start)) continue;
    if (found) return undefined;
    found = save;
  }
  return found;
}

function readArguments(args: readonly string[]): { words: string[]; options: ReadonlyMap<string, string> } {
  const words: string[] = [];
  const options = new Map<string, string>();
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (!arg.startsWith('--')) words.push(arg);
    else if (arg === '--json') options.set('json', '');
    else {
      at += 1;
      options.set(arg.slice(2), args[at] ?? '');
    }
  }
  return { words, options };
}

function describeAttempt({
  number,
  startedAt,
  durationMs,
  status,
  outcome,
  answer,
}: DeliveryAttempt): string {
  const head = `#${number} ${timeOf(startedAt)} ${outcome}${status === null ? '' : ` ${status}`} after ${durationMs} ms`;
  const words = answer.trim().replace(/\n/g, '\n    ');
  return words === '' ? `${head}\n` : `${head}\n    ${words}\n`;
}

/** Headers and parameters may hold secrets of the application. */
function withoutSecrets(save: Save): object {
  const { headers, params, ...target } = save.target;
  return {
    ...save,
    target: {
      ...target,
      saveUrl: urlWithoutSecrets(target.saveUrl),
      headers: Object.keys(headers),
      params: Object.keys(params),
    },
  };
}

function urlWithoutSecrets(text: string): string {
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  url.username = '';
  url.password = '';
  return url.search === '' ? url.href : `${url.origin}${url.pathname}?…`;
}

function isWaiting(save: Save): boolean {
  return save.state === 'accepted' || save.state === 'built';
}

function timeOf(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return 'There is nothing to list.\n';
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  return `${all.map(line).join('\n')}\n`;
}
