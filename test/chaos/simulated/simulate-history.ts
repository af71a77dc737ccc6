import type { SaveProgress } from '@officina/protocol';
import type { BlobStore } from '../../../packages/server/src/domain/content/blob-store.js';
import type { Save } from '../../../packages/server/src/domain/saving/save.js';
import { targetIdOf } from '../../../packages/server/src/domain/saving/target.js';
import { SeededRandom } from '../../../packages/server/src/domain/saving/testing/seeded-random.js';
import { aTarget, createWorld } from '../../../packages/server/src/domain/saving/testing/world.js';
import { FileBlobStore } from '../../../packages/server/src/storage/blobs/files.js';
import { type Accepted, judgeHistory } from './judge-history.js';
import { SimulatedApplications } from './simulated-applications.js';
import { SimulatedDatabase } from './simulated-database.js';
import { SimulatedDisk } from './simulated-disk.js';
import { SimulatedEditing } from './simulated-editing.js';
import { BLOB_FOLDER, SimulatedFailure, SimulatedNode } from './simulated-node.js';

export interface SimulationResult {
  seed: number;
  /** What was promised and not kept; empty when all is well. */
  broken: readonly string[];
  /** Edits of which somebody was told that they are safe. */
  safe: number;
  accepted: number;
  parked: number;
  arrivals: number;
  crashes: number;
  powerCuts: number;
}

const HOSTS = ['https://one.example/save', 'https://two.example/save'];
const ACTIONS = 60;
/** Mostly much at once, where the races are; sometimes long waits, where the retries are. */
const PAUSES_MS = [0, 0, 0, 1, 3, 10, 30, 100, 500, 5_000, 60_000];
const HOUR_MS = 3_600_000;
/** After the troubles end, everything must be settled within the window of retries and a little. */
const END_LIMIT_MS = 80 * HOUR_MS;
const END_STEP_MS = 10 * 60_000;

/**
 * One history: people edit and save, processes die, freeze and come back, the power goes, the clock jumps, the disk fills
 * up, connections break, and applications fail in every way; then the troubles end and it is judged what became of every
 * acknowledged edit and every accepted save.
 */
export async function simulateHistory(seed: number): Promise<SimulationResult> {
  const random = new SeededRandom(seed);
  const world = createWorld();
  const { time } = world;
  const database = new SimulatedDatabase(time, random);
  const disk = new SimulatedDisk(time, random);
  const applications = new SimulatedApplications(time, random, database.saves);
  const editing = new SimulatedEditing(time, () => pickNode());
  const nodeCount = random.pick([1, 1, 2]);
  const hazards = {
    crash: random.pick([0, 0.002, 0.01]),
    freeze: random.pick([0, 0, 0.002, 0.01]),
    // A database in the own process has no connection that could break.
    disconnect: nodeCount > 1 ? random.pick([0, 0.005]) : 0,
    diskIsFull: () => diskIsFull,
  };
  const accepted: Accepted[] = [];
  const problems: string[] = [];
  let nodes: SimulatedNode[] = [];
  let diskIsFull = false;
  let isOver = false;
  let crashes = 0;
  let powerCuts = 0;
  let clockJumps = 0;
  let starts = 0;
  let builds = 0;

  const buildsDiffer = random.chance(0.5);
  world.key.strictRetries = random.chance(0.3);
  for (const documentId of ['letter', 'memo']) beginLife(documentId, `${documentId} 1`);
  for (let n = 0; n < nodeCount; n += 1) startNode();

  for (let n = 0; n < ACTIONS; n += 1) {
    act();
    await time.advance(random.pick(PAUSES_MS));
  }

  isOver = true;
  hazards.crash = 0;
  hazards.freeze = 0;
  hazards.disconnect = 0;
  diskIsFull = false;
  applications.isWell = true;
  for (const node of nodes) node.resume();
  if (nodes.length === 0) startNode();
  const end = time.clock() + END_LIMIT_MS;
  while (time.clock() < end && (await isUnsettled())) await time.advance(END_STEP_MS);

  const ledger = await database.saves.list({ limit: Number.MAX_SAFE_INTEGER });
  const { arrivals } = applications;
  const edits = { acknowledged: editing.acknowledged, log: (key: string) => database.operationsOf(key) };
  const broken = [
    ...problems,
    ...judgeHistory({ accepted, arrivals, ledger, edits }),
    ...(await missingFiles(ledger, new FileBlobStore(BLOB_FOLDER, disk))),
  ];
  const parked = ledger.filter((save) => save.state === 'parked' || save.state === 'conflict').length;
  for (const node of nodes) node.die();
  const safe = [...editing.acknowledged.values()].reduce((sum, { size }) => sum + size, 0);
  return {
    ...{
      seed,
      broken,
      safe,
      accepted: accepted.length,
      parked,
      arrivals: arrivals.length,
      crashes,
      powerCuts,
    },
  };

  async function isUnsettled(): Promise<boolean> {
    return (await database.saves.oldestUnsettledAt()) !== null;
  }

  function pickNode(): SimulatedNode | undefined {
    const living = nodes.filter(({ state }) => state === 'running');
    return living.length > 0 ? random.pick(living) : undefined;
  }

  function startAgain(): void {
    if (nodes.length < nodeCount) startNode();
  }

  function startNode(): void {
    starts += 1;
    const node: SimulatedNode = new SimulatedNode(`node-${starts}`, {
      ...{ time, random, hazards, disk, log: database.log, onSend: judgeSending },
      onDeath: (dead) => {
        crashes += 1;
        nodes = nodes.filter((other) => other !== dead);
        if (!isOver) time.schedule(time.clock() + random.between(0, 40_000), startAgain);
      },
      deps: {
        ...world.deps,
        saves: database.saves,
        content: {
          ...world.deps.content,
          headSequence: async (key) => database.operationsOf(key).length,
          // Two builds of one version need not be the same bytes: a delivery must never mix them. Mostly they are, and
          // then the second one meets what the first one left on the disk.
          build: async (key, sequence = 0) => {
            if (buildsDiffer) builds += 1;
            const log = database.operationsOf(key);
            if (log.length < sequence) problems.push(`${key} has no ${sequence} any more`);
            return { bytes: Buffer.from(`${log.slice(0, sequence).join(' ')}|build ${builds}`), sequence };
          },
        },
        deliverer: applications.delivererOf(() => node),
        isOnlyProcess: nodeCount === 1,
        random: random.next,
        limits: { pollMs: 300_000 },
        report: ({ error }) => {
          if (!(error instanceof SimulatedFailure)) problems.push(`trouble: ${error}`);
        },
      },
    });
    nodes.push(node);
    node.pipeline.start().catch(() => node.die());
  }

  /** Only who holds the lease may send; who was frozen after the last look cannot know. */
  async function judgeSending(node: SimulatedNode, { id }: Save): Promise<void> {
    const row = await database.saves.find(id);
    // A clock that jumped there and back makes an old lease look young.
    if (node.state !== 'running' || clockJumps > 0) return;
    if (row?.leaseOwner?.startsWith(`${node.id}.`) !== true)
      problems.push(`${id} was sent without its lease`);
  }

  function act(): void {
    const documentKey = random.pick([...world.documents.keys()]);
    const node = nodes.length > 0 ? random.pick(nodes) : undefined;
    const dice = random.between(1, 100);
    if (dice <= 28) for (let n = random.between(1, 3); n > 0; n -= 1) editing.type(documentKey);
    else if (dice <= 60) save(node, random.pick([...world.sessions.keys()]));
    else if (dice <= 68) node?.pipeline.requestForAllTargets(documentKey, 'leave').catch(ignoreSimulated);
    else if (dice <= 76) toggle(random.pick(HOSTS));
    else if (dice <= 81) node?.die();
    else if (dice <= 86) node?.freeze();
    else if (dice <= 89) diskIsFull = !diskIsFull;
    else if (dice <= 91) jump();
    else if (dice <= 93) powerCut();
    else if (dice <= 97) retryOne(node);
    else if (dice <= 98) openAfresh(random.pick(['letter', 'memo']));
    else if (nodeCount === 1) node?.pipeline.wake();
  }

  function save(node: SimulatedNode | undefined, sessionId: string): void {
    const session = world.sessions.get(sessionId);
    if (!node || !session?.callback) return;
    const { documentKey } = session;
    const sequence = editing.safeSequence(documentKey);
    const targetId = targetIdOf(session.callback);
    node.pipeline.request(sessionId, 'user', { force: random.chance(0.1) }).then((progress: SaveProgress) => {
      if ('deliveryId' in progress && progress.deliveryId !== null) {
        accepted.push({ id: progress.deliveryId, documentKey, targetId, sequence });
      }
    }, ignoreSimulated);
  }

  /** Everything in the house loses its power: what nobody had synced is gone. */
  function powerCut(): void {
    powerCuts += 1;
    for (const node of [...nodes]) node.die();
    database.powerCut();
    disk.powerCut();
  }

  function jump(): void {
    clockJumps += 1;
    time.jump(random.pick([-HOUR_MS, -1_000, 1_000, HOUR_MS]));
  }

  function toggle(host: string): void {
    if (!applications.down.delete(host)) applications.down.add(host);
  }

  function retryOne(node: SimulatedNode | undefined): void {
    if (accepted.length > 0) node?.pipeline.retry(random.pick(accepted).id).catch(ignoreSimulated);
  }

  /** The application opens the id afresh, so that the former life's saves come too late. */
  function openAfresh(documentId: string): void {
    beginLife(documentId, `${documentId} ${world.documents.size + 1}`);
  }

  function beginLife(documentId: string, key: string): void {
    world.addDocument(key, documentId);
    for (const person of ['ann', 'bob']) {
      const target = aTarget({ saveUrl: random.pick(HOSTS), retries: random.pick([0, 0, 1, 2]) });
      world.addSession(`${person} ${documentId}`, key, target);
    }
  }
}

/** What people find in the ledger they can look at, and send again. */
async function missingFiles(ledger: readonly Save[], blobs: BlobStore): Promise<string[]> {
  const missing: string[] = [];
  for (const { id, state, blob } of ledger) {
    if (state !== 'parked' && state !== 'conflict') continue;
    const bytes = blob === null ? undefined : await blobs.get(blob).catch(() => undefined);
    if (!bytes) missing.push(`${id} (${state}) has no file that people could look at`);
  }
  return missing;
}

function ignoreSimulated(error: unknown): void {
  if (!(error instanceof SimulatedFailure)) throw error;
}
