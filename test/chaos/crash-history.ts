import { createOfficina, type OpenedDocument } from '@officina/client';
import { createTestServer, type Fault, type TestServer } from '@officina/client/testing';
import type { Save } from '../../packages/server/src/domain/saving/save.js';
import { API_KEY, type DoomedOptions, DoomedServer } from './doomed-server.js';
import { judge, noting, Promises } from './promises.js';
import { createRandom, type Random } from './random.js';
import { Typist } from './typist.js';

/** What one run brought: one kill, and everything checked after it. */
export interface RunResult {
  seed: number;
  /** What was promised and not kept. */
  lost: readonly string[];
  /** At which moment of the work the server was killed. */
  moment: Moment;
}

/** What a whole history brought, besides what its runs lost. */
export interface HistoryResult {
  lost: readonly string[];
  parked: number;
  /** Edits acknowledged, saves accepted, files arrived. */
  safe: number;
  accepted: number;
  arrivals: number;
}

/** Steps of the work at which the server dies, counted as they happen. */
const MOMENTS = ['typed', 'safe', 'asked', 'accepted', 'delivering', 'arrived'] as const;
export type Moment = (typeof MOMENTS)[number];

/** After the moment, so that the steps behind it are hit, too: build, settle. */
const DELAYS_MS = [0, 0, 5, 20, 60, 150, 400];
const TOKENS_A_RUN = 20;
/** The caller's, so short that hanging applications hold nobody up. */
const TIMEOUT_MS = 700;
/** The caller's for the last saves: on a machine without time a short one may pass again and again. */
const PATIENT_MS = 120_000;
/** Ten minutes at least. What has not come by then is told with all that is known of it. */
const LAST_WAITS = 1_200;
const LAST_PAUSE_MS = 500;
const OUTCOMES: readonly unknown[] = ['delivered', 'unchanged', 'failed'];

interface Person {
  name: string;
  params: Readonly<Record<string, string>>;
}

/**
 * One folder, one document, two people, and a server that is killed again and again while they type and save and the
 * application fails in every way. Each `run` ends with a new server from which everything is read and judged.
 */
export class CrashHistory {
  readonly #promises = new Promises();
  #typists: readonly Typist[] = [];
  #listen: (moment: Moment) => void = () => {};
  #random: Random;

  private constructor(
    private readonly server: DoomedServer,
    private readonly receiver: TestServer,
    private readonly people: readonly Person[],
    private readonly sessions: readonly OpenedDocument[],
    random: Random,
  ) {
    this.#random = random;
    receiver.onDelivery(() => this.#listen('arrived'));
  }

  static async begin(seed: number, options: DoomedOptions): Promise<CrashHistory> {
    const random = createRandom(seed);
    const receiver = await createTestServer();
    const server = await DoomedServer.start(options);
    // Half of the histories have one target, half have two.
    const [ann, bob] = ['ann', 'bob'].map((name) => ({
      name,
      params: random() < 0.5 ? { by: name } : {},
    })) as [Person, Person];
    const first = await open(server, receiver, ann, TIMEOUT_MS);
    const second = await open(server, receiver, bob, TIMEOUT_MS, first.documentId);
    const history = new CrashHistory(server, receiver, [ann, bob], [first, second], random);
    await history.#join(seed - 1);
    return history;
  }

  /** People work until the moment that the seed has chosen has come so many times; then the server is killed. */
  async run(seed: number): Promise<RunResult> {
    const random = createRandom(seed);
    this.#random = random;
    this.receiver.setFaults(() => chooseFault(random));
    const moment = MOMENTS[Math.floor(random() * MOMENTS.length)] ?? 'typed';
    await this.#workUntil(moment, seed);
    await this.server.kill();
    for (const typist of this.#typists) typist.leave();
    await this.server.start();
    await this.#join(seed);
    return { seed, lost: this.#judge(await this.server.readLedger()), moment };
  }

  /** The troubles end: a last save of each person must bring everything, and nothing may be left waiting. */
  async end(): Promise<HistoryResult> {
    this.receiver.setFaults(() => undefined);
    const lost: string[] = [];
    for (const person of this.people) {
      const last = await this.#saveLast(person);
      if (last.state !== 'delivered' && last.state !== 'unchanged') {
        const ledger = JSON.stringify(await this.server.readLedger());
        lost.push(
          `the last save did not arrive: ${JSON.stringify(last)}; ledger: ${ledger}; log: ${this.server.printed}`,
        );
      }
      this.#promises.accepted.set(String(last.delivery_id), this.#promises.safe.length);
    }
    await this.server.stop();
    const ledger = await this.server.readLedger();
    const waiting = ledger.filter(({ state }) => state === 'accepted' || state === 'built');
    lost.push(...waiting.map(({ id }) => `${id} still waits at the end`));
    lost.push(...this.#judge(ledger));
    const parked = ledger.filter(({ state }) => state === 'parked' || state === 'conflict').length;
    const { safe, accepted } = this.#promises;
    const arrivals = this.receiver.received.length;
    return { lost, parked, safe: safe.length, accepted: accepted.size, arrivals };
  }

  /** Waits for the application's answer, not for a time. */
  async #saveLast(person: Person): Promise<Record<string, unknown>> {
    const [first] = this.sessions;
    const { sessionId } = await open(this.server, this.receiver, person, PATIENT_MS, first?.documentId);
    const api = createOfficina({ baseUrl: this.server.url, apiKey: API_KEY });
    let last = await api.save(sessionId, { wait: true, force: true });
    const id = last.delivery_id;
    // Asked again it joins what is on its way.
    for (let waits = 1; !OUTCOMES.includes(last.state) && waits < LAST_WAITS; waits += 1) {
      await new Promise((resolve) => setTimeout(resolve, LAST_PAUSE_MS));
      last = await api.save(sessionId, { wait: true });
    }
    return { ...last, delivery_id: id };
  }

  /** Ends everything, however far it came. */
  async dispose(): Promise<void> {
    for (const typist of this.#typists) typist.leave();
    await this.server.kill();
    await this.receiver.close();
    await this.server.removeFolder();
  }

  #judge(ledger: readonly Save[]): string[] {
    const text = this.#typists[0]?.text ?? '';
    return judge({ promises: this.#promises, text, ledger, received: this.receiver.received });
  }

  async #workUntil(fatal: Moment, seed: number): Promise<void> {
    const random = this.#random;
    const isAboutSaves = fatal !== 'typed' && fatal !== 'safe';
    let countdown = 1 + Math.floor(random() * (isAboutSaves ? 3 : TOKENS_A_RUN));
    const delayMs = DELAYS_MS[Math.floor(random() * DELAYS_MS.length)] ?? 0;
    let powerGoes = () => {};
    const isDark = new Promise<void>((resolve) => {
      powerGoes = resolve;
    });
    this.#listen = (moment) => {
      if (moment !== fatal) return;
      countdown -= 1;
      if (countdown === 0) powerGoes();
    };
    const work = async () => {
      for (let n = 0; n < TOKENS_A_RUN; n += 1) {
        for (const [person, typist] of this.#typists.entries()) {
          typist.type(`(${seed}.${person}.${n})`);
          this.#listen('typed');
          if (random() < 0.15) typist.save();
        }
        await new Promise(setImmediate);
      }
      for (const typist of this.#typists) typist.save();
    };
    // A moment that never comes must not hold up the run: then the power goes after the work and one save's time.
    const end = work().then(() => new Promise<void>((resolve) => setTimeout(resolve, 2 * TIMEOUT_MS)));
    await Promise.race([isDark, end]);
    this.#listen = () => {};
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
  }

  async #join(seed: number): Promise<void> {
    const { url } = this.server;
    this.#typists = await Promise.all(
      this.sessions.map(({ sessionId }, person) =>
        Typist.join(
          url,
          sessionId,
          `${seed}-${person}`,
          noting(this.#promises, (moment) => this.#listen(moment)),
        ),
      ),
    );
  }
}

function open(
  server: DoomedServer,
  receiver: TestServer,
  { name, params }: Person,
  timeoutMs: number,
  documentId?: string,
): Promise<OpenedDocument> {
  return createOfficina({ baseUrl: server.url, apiKey: API_KEY }).openDocument({
    ...(documentId === undefined ? {} : { documentId }),
    documentName: 'Chaos',
    user: { id: name, displayName: name },
    callback: { saveUrl: receiver.url, format: 'docx', retries: 1, timeoutMs, params },
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
