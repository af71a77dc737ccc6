import { createOfficina, type OpenedDocument } from '@officina/client';
import { createTestServer, type Fault, type TestDelivery, type TestServer } from '@officina/client/testing';
import { bodyText } from '../e2e/docx-text.js';
import { API_KEY, DoomedServer, type LedgerRow } from './doomed-server.js';
import { createRandom, type Random } from './random.js';
import { Typist } from './typist.js';

export interface ChaosResult {
  seed: number;
  /** What was promised and not kept. */
  lost: readonly string[];
  parked: number;
  kills: number;
  safe: number;
  accepted: number;
  arrivals: number;
}

const MOST_KILLS = 2;
const TOKENS_A_ROUND = 40;
const TIMEOUT_MS = 700;

/** Steps of the work at which the power may go, counted as they happen. */
type Moment = 'typed' | 'safe' | 'asked' | 'accepted' | 'delivering' | 'arrived';
const MOMENTS: readonly Moment[] = ['typed', 'safe', 'asked', 'accepted', 'delivering', 'arrived'];

/**
 * One story with real processes: two people type and save, the server is killed at a moment that the seed names, the
 * application fails in every way; in the end everything that anybody was promised must be there.
 */
export async function runChaos(seed: number, cli: string): Promise<ChaosResult> {
  const random = createRandom(seed);
  const receiver = await createTestServer({ faults: () => chooseFault(random) });
  const server = await DoomedServer.start(cli);
  const safe = new Set<string>();
  const accepted = new Set<string>();
  let kills = 0;
  try {
    const first = await open(server, receiver, 'ann', random);
    const second = await open(server, receiver, 'bob', random, first.documentId);
    const rounds = 1 + Math.floor(random() * MOST_KILLS);
    for (let round = 0; round < rounds; round += 1) {
      await workUntilKilled({ server, receiver, random, sessions: [first, second], safe, accepted, round });
      kills += 1;
      await server.start();
    }
    receiver.setFaults(() => undefined);
    const api = createOfficina({ baseUrl: server.url, apiKey: API_KEY });
    const last = await api.save(first.sessionId, { wait: true, force: true });
    const lastId = String(last.delivery_id);
    if (last.state !== 'delivered') throw new Error(`The last save did not arrive: ${JSON.stringify(last)}`);
    await server.stop();
    const ledger = await server.readLedger();
    const lost = judge({ safe, accepted, ledger, received: receiver.received, lastId });
    const parked = ledger.filter(({ state }) => state === 'parked' || state === 'conflict').length;
    return {
      seed,
      lost,
      parked,
      kills,
      safe: safe.size,
      accepted: accepted.size,
      arrivals: receiver.received.length,
    };
  } finally {
    await server.kill();
    await receiver.close();
    await server.removeFolder();
  }
}

interface Round {
  server: DoomedServer;
  receiver: TestServer;
  random: Random;
  sessions: readonly OpenedDocument[];
  safe: Set<string>;
  accepted: Set<string>;
  round: number;
}

/** Types and saves until the moment that the seed has chosen has come so many times; then the power goes. */
async function workUntilKilled({
  server,
  receiver,
  random,
  sessions,
  safe,
  accepted,
  round,
}: Round): Promise<void> {
  const fatal = MOMENTS[Math.floor(random() * MOMENTS.length)] ?? 'typed';
  const isAboutSaves = fatal !== 'typed' && fatal !== 'safe';
  let countdown = 1 + Math.floor(random() * (isAboutSaves ? 3 : TOKENS_A_ROUND));
  let powerGoes = () => {};
  const isDark = new Promise<void>((resolve) => {
    powerGoes = resolve;
  });
  const at = (moment: Moment) => {
    if (moment !== fatal) return;
    countdown -= 1;
    if (countdown === 0) powerGoes();
  };
  const endWatch = receiver.onDelivery(() => at('arrived'));
  const typists = await Promise.all(
    sessions.map(({ sessionId }, person) =>
      Typist.join(server.url, sessionId, `${round}-${person}`, {
        onSafe(token) {
          safe.add(token);
          at('safe');
        },
        onSave(progress) {
          if (progress.state === 'accepted') {
            accepted.add(progress.deliveryId);
            at('accepted');
          }
          if (progress.state === 'delivering') at('delivering');
        },
      }),
    ),
  );
  const work = async () => {
    for (let n = 0; n < TOKENS_A_ROUND; n += 1) {
      for (const [person, typist] of typists.entries()) {
        typist.type(`(${round}.${person}.${n})`);
        at('typed');
        if (random() < 0.15) {
          typist.save();
          at('asked');
        }
      }
      await new Promise(setImmediate);
    }
    for (const typist of typists) typist.save();
  };
  // A moment that never comes must not hold up the run: then the power goes after the work and one save's time.
  const end = work().then(() => new Promise<void>((resolve) => setTimeout(resolve, 2 * TIMEOUT_MS)));
  await Promise.race([isDark, end]);
  await server.kill();
  endWatch();
  for (const typist of typists) typist.leave();
}

function open(
  server: DoomedServer,
  receiver: TestServer,
  person: string,
  random: Random,
  documentId?: string,
): Promise<OpenedDocument> {
  return createOfficina({ baseUrl: server.url, apiKey: API_KEY }).openDocument({
    ...(documentId === undefined ? {} : { documentId }),
    documentName: 'Chaos',
    user: { id: person, displayName: person },
    // Half of the histories have one target, half have two.
    callback: {
      saveUrl: receiver.url,
      format: 'docx',
      retries: 1,
      timeoutMs: TIMEOUT_MS,
      params: random() < 0.5 ? { by: person } : {},
    },
  });
}

function chooseFault(random: Random): Fault | undefined {
  const dice = random();
  if (dice < 0.5) return undefined;
  if (dice < 0.62) return { kind: 'status', status: 500 };
  if (dice < 0.7) return { kind: 'status', status: 503, retryAfterSeconds: 1 };
  if (dice < 0.78) return { kind: 'reset_after' };
  if (dice < 0.84) return { kind: 'reset_before' };
  if (dice < 0.9) return { kind: 'hang' };
  if (dice < 0.95) return { kind: 'late', afterMs: 300 };
  return { kind: 'trickle', pauseMs: 5 };
}

/** States in which a save has come to its end or stands where people see it and can send it again. */
const KEPT: ReadonlySet<string> = new Set([
  'accepted',
  'built',
  'delivered',
  'superseded',
  'parked',
  'conflict',
]);

function judge(history: {
  safe: ReadonlySet<string>;
  accepted: ReadonlySet<string>;
  ledger: readonly LedgerRow[];
  received: readonly TestDelivery[];
  lastId: string;
}): string[] {
  const { safe, accepted, ledger, received, lastId } = history;
  const lost: string[] = [];
  const last = received.findLast(({ deliveryId }) => deliveryId === lastId);
  const text = last?.file ? bodyText(last.file.bytes) : '';
  for (const token of safe) {
    const count = text.split(token).length - 1;
    if (count !== 1) lost.push(`${token} was safe and is there ${count} times`);
  }
  const rows = new Map(ledger.map((row) => [row.id, row]));
  for (const id of accepted) {
    const row = rows.get(id);
    if (!row || !KEPT.has(row.state))
      lost.push(`${id} was accepted and is ${row?.state ?? 'not in the ledger'}`);
  }
  for (const row of ledger) {
    const arrivals = received.filter(({ deliveryId }) => deliveryId === row.id);
    const hashes = new Set(arrivals.map(({ headers }) => headers['x-officina-sha256']));
    if (hashes.size > 1) lost.push(`${row.id} arrived with ${hashes.size} hashes`);
    if (row.state === 'delivered' && row.attempts > 0 && arrivals.length === 0) {
      lost.push(`${row.id} counts as delivered and never arrived`);
    }
    const isSuperseded = row.state === 'superseded';
    const heirs = ledger.filter(
      ({ targetId, version }) => targetId === row.targetId && version > row.version,
    );
    if (isSuperseded && !heirs.some(({ state }) => state !== 'superseded'))
      lost.push(`${row.id} has no successor`);
  }
  return [...lost, ...disorder(ledger, received)];
}

/** Files of one target must arrive in the order of their versions. */
function disorder(ledger: readonly LedgerRow[], received: readonly TestDelivery[]): string[] {
  const rows = new Map(ledger.map((row) => [row.id, row]));
  const newest = new Map<string, number>();
  const wrong: string[] = [];
  for (const { deliveryId } of received) {
    const row = rows.get(deliveryId ?? '');
    if (!row) continue;
    const before = newest.get(row.targetId) ?? 0;
    if (row.version < before) wrong.push(`version ${row.version} arrived after version ${before}`);
    newest.set(row.targetId, Math.max(before, row.version));
  }
  return wrong;
}
