import { cpuMs, quantile, round } from '../_figures.js';
import type { Contender, Person } from './contender.js';
import { threadCpuMs, waitedMs } from './proc.js';

export interface FanOutWorkload {
  people: number;
  /** So many of them type; the others are only there. */
  typing: number;
  keysPerSecond: number;
}

/** People whose frames are read, to learn when a key arrives; all others only count bytes. */
const WITNESSES = 6;
const WARM_UP_MS = 10_000;
const MEASURED_MS = 25_000;
const DRAIN_MS = 20_000;
const ALIVE_EVERY_MS = 10_000;

export interface FanOutFigures {
  operations: number;
  /** Of the server, per 10,000 operations. */
  cpuMsPer10k: number;
  /** Of one core, while people typed. */
  coreShare: number;
  loadShare: number;
  p50Ms: number;
  p95Ms: number;
  /** To all clients together, per operation. */
  bytesPerOperation: number;
  bytes: number;
  closed: number;
  unheard: number;
  /** Share of the time that server and load waited for a core: of a run with much of it nothing can be said. */
  serverWaited: number;
  loadWaited: number;
  threads: Record<string, number>;
}

/** People type into one document; what that costs the server, and how long a key takes to the others. */
export async function measureFanOut(
  contender: Contender,
  workload: FanOutWorkload,
  beforeMeasuring?: (pid: number) => void,
): Promise<FanOutFigures> {
  const server = await contender.start();
  try {
    const people = await server.gather(workload.people);
    const alive = setInterval(() => {
      for (const person of people) person.stayAlive();
    }, ALIVE_EVERY_MS);
    const figures = await typeTogether(server.pid, people, workload, beforeMeasuring);
    clearInterval(alive);
    for (const person of people) person.leave();
    return figures;
  } finally {
    await server.stop();
  }
}

async function typeTogether(
  pid: number,
  people: readonly Person[],
  { typing, keysPerSecond }: FanOutWorkload,
  beforeMeasuring: ((pid: number) => void) | undefined,
): Promise<FanOutFigures> {
  const sentAt = new Map<string, number>();
  const latencies: number[] = [];
  let heardByFirst = 0;
  const witnesses = Array.from(
    { length: WITNESSES },
    (_, index) => people[Math.floor((index * people.length) / WITNESSES)] as Person,
  );
  for (const person of people) if (!witnesses.includes(person)) person.doze();
  for (const [index, witness] of witnesses.entries()) {
    witness.listen((key) => {
      const sent = sentAt.get(key);
      if (sent === undefined) return;
      latencies.push(performance.now() - sent);
      if (index === 0) heardByFirst += 1;
    });
  }
  const typists = people.slice(0, typing);
  const keyboard = new Keyboard(typists, 1_000 / keysPerSecond);
  await keyboard.run(WARM_UP_MS, () => {});
  beforeMeasuring?.(pid);
  const bytesBefore = bytesOf(people);
  const cpuBefore = cpuMs(pid);
  const threadsBefore = threadCpuMs(pid);
  const loadBefore = cpuMs(process.pid);
  const waitedBefore = [waitedMs(pid), waitedMs(process.pid)] as const;
  const started = performance.now();
  await keyboard.run(MEASURED_MS, (key, at) => sentAt.set(key, at));
  const typedMs = performance.now() - started;
  const coreShare = (cpuMs(pid) - cpuBefore) / typedMs;
  const loadShare = (cpuMs(process.pid) - loadBefore) / typedMs;
  const serverWaited = (waitedMs(pid) - waitedBefore[0]) / typedMs;
  const loadWaited = (waitedMs(process.pid) - waitedBefore[1]) / typedMs;
  while (heardByFirst < sentAt.size && performance.now() - started < MEASURED_MS + DRAIN_MS) await pause(20);
  const cpu = cpuMs(pid) - cpuBefore;
  const threads = threadCpuMs(pid);
  const bytes = bytesOf(people) - bytesBefore;
  return {
    operations: sentAt.size,
    cpuMsPer10k: round((cpu / Math.max(1, heardByFirst)) * 10_000, 0),
    coreShare: round(coreShare, 3),
    loadShare: round(loadShare, 3),
    p50Ms: round(quantile(latencies, 0.5), 2),
    p95Ms: round(quantile(latencies, 0.95), 2),
    bytesPerOperation: round(bytes / Math.max(1, heardByFirst), 0),
    bytes,
    closed: people.filter(({ isOpen }) => !isOpen).length,
    unheard: sentAt.size - heardByFirst,
    serverWaited: round(serverWaited, 3),
    loadWaited: round(loadWaited, 3),
    threads: Object.fromEntries(
      Object.entries(threads).map(([name, used]) => [name, used - (threadsBefore[name] ?? 0)]),
    ),
  };
}

function bytesOf(people: readonly Person[]): number {
  return people.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Everybody's keys, evenly over time and over people. */
export class Keyboard {
  readonly #people: readonly Person[];
  readonly #everyMs: number;
  #next = 0;

  constructor(people: readonly Person[], everyMs: number) {
    this.#people = people;
    this.#everyMs = everyMs;
  }

  async run(ms: number, typed: (key: string, at: number) => void): Promise<void> {
    const started = performance.now();
    const first = this.#next;
    const gapMs = this.#everyMs / this.#people.length;
    for (let now = started; now - started < ms; now = performance.now()) {
      for (; first + (now - started) / gapMs > this.#next; this.#next += 1) {
        const person = this.#people[this.#next % this.#people.length] as Person;
        const at = performance.now();
        typed(person.type(), at);
      }
      await pause(1);
    }
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
