import { quantile, round } from '../_figures.js';
import { measureBusyRooms } from './busy-rooms.js';
import type { Contender } from './contender.js';
import { type FanOutFigures, type FanOutWorkload, measureFanOut } from './fan-out.js';
import { forget, joinOurs, joinPeer, storeOurs } from './late-join.js';
import { manyOfOurs, manyOfPeer } from './many-documents.js';
import { officinaContender } from './officina-people.js';
import { type Footing, footing, installPeers, pinLoad, preferAgain } from './server-process.js';
import { type PeerName, peerContender } from './yjs-people.js';

const FAN_OUT = {
  'fan-out-100': { people: 100, typing: 100, keysPerSecond: 2 },
  'fan-out-200': { people: 200, typing: 200, keysPerSecond: 2 },
  'fan-out-400': { people: 400, typing: 400, keysPerSecond: 1 },
  'fan-out-500': { people: 500, typing: 500, keysPerSecond: 2 },
  'fan-out-700': { people: 700, typing: 700, keysPerSecond: 2 },
  'few-typing': { people: 200, typing: 20, keysPerSecond: 5 },
} satisfies Record<string, FanOutWorkload>;
export type RoomWorkload = keyof typeof FAN_OUT | 'many-documents' | 'late-join' | 'busy-rooms';
const PEERS: readonly PeerName[] = ['hocuspocus', 'y-websocket'];

type Figures = Record<string, unknown>;
type Row = Figures & { workload: string; server: string; repeat: number };
type Measure = (repeat: number) => Promise<object>;

/**
 * Our rooms beside Hocuspocus and y-websocket, each its own process on the first core while this process makes the load on
 * the second. Options: names of workloads out of the suite, `--repeats=5`, `--only=officina,hocuspocus`, `--documents=3000`, `--urgent`
 * (before all other work of the machine, for which it needs the right), `--node-options=…` for the servers.
 */
export async function measureRooms(
  suite: readonly RoomWorkload[],
  options: readonly string[],
): Promise<{ summary: string; rows: object[] }> {
  const repeats = Number(optionOf(options, 'repeats') ?? 5);
  const documents = Number(optionOf(options, 'documents') ?? 3_000);
  const only = optionOf(options, 'only')?.split(',');
  const isUrgent = options.includes('--urgent');
  const asked = options.filter((option) => !option.startsWith('--'));
  const unknown = asked.find((name) => !suite.some((known) => known === name));
  if (unknown !== undefined)
    throw new Error(`No workload is called ${unknown}. There are ${suite.join(', ')}.`);
  const names: readonly string[] = asked.length > 0 ? asked : suite;
  installPeers();
  const ground = footing(isUrgent, optionOf(options, 'node-options')?.split(' ') ?? []);
  pinLoad(isUrgent);
  const rows: Row[] = [];
  for (const [workload, servers] of workloads(ground, documents, isUrgent)) {
    if (!names.includes(workload)) continue;
    const { measures, close } = await servers(only);
    for (let repeat = 1; repeat <= repeats; repeat += 1) {
      for (const [server, measure] of measures) {
        const row = { workload, server, repeat, isUrgent, ...(await measure(repeat)) };
        rows.push(row);
        console.log(JSON.stringify(row));
      }
    }
    await close();
  }
  return { summary: summaryOf(rows), rows };
}

/** The servers of one workload, each with what measures it. */
type Servers = (only: readonly string[] | undefined) => Promise<{
  measures: readonly (readonly [server: string, measure: Measure])[];
  close(): Promise<void>;
}>;

/** Time that server or load waited for a core, beyond which a run is made again. */
const WAITED_AT_MOST = 0.08;
const TRIES = 3;

/** The run of up to three that was disturbed least. */
async function undisturbed(contender: Contender, workload: FanOutWorkload, isUrgent: boolean) {
  let best: FanOutFigures | undefined;
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const figures = await measureFanOut(contender, workload, isUrgent ? preferAgain : undefined);
    if (best === undefined || waited(figures) < waited(best)) best = figures;
    if (waited(best) <= WAITED_AT_MOST) break;
  }
  return { ...workload, ...best };
}

function waited({ serverWaited, loadWaited }: FanOutFigures): number {
  return Math.max(serverWaited, loadWaited);
}

function workloads(
  ground: Footing,
  documents: number,
  isUrgent: boolean,
): readonly (readonly [name: string, Servers])[] {
  const contenders: Contender[] = [
    officinaContender(ground),
    ...PEERS.map((name) => peerContender(name, ground)),
  ];
  const fanOut = Object.entries(FAN_OUT).map(
    ([name, workload]) =>
      [
        name,
        among(contenders.map((each) => [each.name, () => undisturbed(each, workload, isUrgent)] as const)),
      ] as const,
  );
  return [
    ...fanOut,
    [
      'many-documents',
      among([
        ['officina', () => manyOfOurs(ground, documents)],
        ...PEERS.map((name) => [name, () => manyOfPeer(name, ground, documents)] as const),
      ]),
    ],
    ['late-join', (only) => lateJoin(ground, only)],
    ['busy-rooms', among([['officina', () => measureBusyRooms(ground)]])],
  ];
}

function among(measures: readonly (readonly [string, Measure])[]): Servers {
  return async (only) => ({
    measures: measures.filter(([server]) => only === undefined || only.includes(server)),
    close: async () => {},
  });
}

async function lateJoin(ground: Footing, only: readonly string[] | undefined) {
  const stored = await storeOurs(ground);
  const { measures } = await among([
    ['officina', (repeat) => joinOurs(ground, stored, repeat)],
    ...PEERS.map((name) => [name, () => joinPeer(name, ground)] as const),
  ])(only);
  return { measures, close: () => forget(stored) };
}

function optionOf(options: readonly string[], name: string): string | undefined {
  return options.find((option) => option.startsWith(`--${name}=`))?.slice(name.length + 3);
}

/** Medians of the figures that the bars are about. */
const BARS = [
  'cpuMsPer10k',
  'bytesPerOperation',
  'p95Ms',
  'kbPerDocument',
  'cpuMsPerDocument',
  'cpuMsOf50',
  'lastOf50Ms',
];

/** Our medians, each with its ratio to those of the others. */
function summaryOf(rows: readonly Row[]): string {
  const workloads = [...new Set(rows.map(({ workload }) => workload))];
  return workloads
    .map((name) => {
      const here = rows.filter(({ workload }) => workload === name);
      const figures = BARS.filter((figure) => here.some((row) => typeof row[figure] === 'number'));
      return `${name}: ${figures.map((figure) => besideOthers(here, figure)).join(', ')}`;
    })
    .join('; ');
}

function besideOthers(rows: readonly Row[], figure: string): string {
  const servers = [...new Set(rows.map(({ server }) => server))];
  const medians = servers.map((server) => ({
    server,
    median: quantile(
      rows.filter((row) => row.server === server).map((row) => Number(row[figure])),
      0.5,
    ),
  }));
  const ours = medians.find(({ server }) => server === 'officina');
  if (!ours) return medians.map(({ server, median }) => `${figure} ${round(median)} (${server})`).join(', ');
  const ratios = medians
    .filter(({ server }) => server !== 'officina')
    .map(({ server, median }) => `${round(ours.median / median, 2)}× ${server}`);
  return `${figure} ${round(ours.median)}${ratios.length > 0 ? ` (${ratios.join(', ')})` : ''}`;
}
