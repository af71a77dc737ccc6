import type { SaveProgress } from '@officina/protocol';
import type { Deliverer } from '../deliverer.js';
import type { Save } from '../save.js';
import { targetIdOf } from '../target.js';
import { type Accepted, type Arrival, judgeHistory } from './judge-history.js';
import { SeededRandom } from './seeded-random.js';
import { SimulatedNode } from './simulated-node.js';
import { settleMicrotasks } from './virtual-time.js';
import { aTarget, createWorld, REACTIONS, type Reaction } from './world.js';

export interface SimulationResult {
  seed: number;
  /** What was promised and not kept; empty when all is well. */
  broken: readonly string[];
  accepted: number;
  parked: number;
  arrivals: number;
  crashes: number;
}

const HOSTS = ['https://one.example/save', 'https://two.example/save'];
const ACTIONS = 60;
/** Mostly much at once, where the races are; sometimes long waits, where the retries are. */
const PAUSES_MS = [0, 0, 0, 1, 3, 10, 30, 100, 500, 5_000, 60_000];
const HOUR_MS = 3_600_000;
/** After the troubles end, everything must be settled within the window of retries and a little. */
const END_LIMIT_MS = 80 * HOUR_MS;

/**
 * One history: people edit and save, processes die, freeze and come back, the clock jumps, the disk fills up, and
 * applications fail in every way; then the troubles end and it is judged what became of every accepted save.
 */
export async function simulateSaves(seed: number): Promise<SimulationResult> {
  const random = new SeededRandom(seed);
  const world = createWorld();
  const { time } = world;
  const nodeCount = random.pick([1, 1, 2]);
  const hazards = { crash: random.pick([0, 0.002, 0.01]), diskIsFull: () => diskIsFull };
  const arrivals: Arrival[] = [];
  const accepted: Accepted[] = [];
  const problems: string[] = [];
  const down = new Set<string>();
  let nodes: SimulatedNode[] = [];
  let diskIsFull = false;
  let troubleIsOver = false;
  let crashes = 0;
  let starts = 0;
  let builds = 0;

  world.key.strictRetries = random.chance(0.3);
  for (const documentId of ['letter', 'memo']) {
    world.addDocument(`${documentId} 1`, documentId);
    for (const person of ['ann', 'bob']) {
      const target = aTarget({ saveUrl: random.pick(HOSTS), retries: random.pick([0, 0, 1, 2]) });
      world.addSession(`${person} ${documentId}`, `${documentId} 1`, target);
    }
  }
  for (let n = 0; n < nodeCount; n += 1) startNode();

  for (let n = 0; n < ACTIONS; n += 1) {
    act();
    await time.advance(random.pick(PAUSES_MS));
  }

  troubleIsOver = true;
  hazards.crash = 0;
  diskIsFull = false;
  down.clear();
  for (const node of nodes) node.resume();
  if (nodes.length === 0) startNode();
  const end = time.clock() + END_LIMIT_MS;
  while (time.clock() < end && (await unsettled()).length > 0) await time.advance(10 * 60_000);

  const ledger = await world.store.list({ limit: Number.MAX_SAFE_INTEGER });
  const broken = [...problems, ...judgeHistory({ accepted, arrivals, ledger })];
  const parked = ledger.filter((save) => save.state === 'parked' || save.state === 'conflict').length;
  for (const node of nodes) node.die();
  return { seed, broken, accepted: accepted.length, parked, arrivals: arrivals.length, crashes };

  function unsettled(): Promise<readonly Save[]> {
    return world.store.list({ states: ['accepted', 'built'], limit: 1 });
  }

  function startNode(): void {
    starts += 1;
    const node: SimulatedNode = new SimulatedNode(`node-${starts}`, {
      time,
      random,
      hazards,
      onDeath: (dead) => {
        crashes += 1;
        nodes = nodes.filter((other) => other !== dead);
        if (!troubleIsOver) time.schedule(time.clock() + random.between(0, 40_000), startNode);
      },
      deps: {
        ...world.deps,
        content: {
          ...world.deps.content,
          // Two builds of one version need not be the same bytes: a delivery must never mix them.
          build: async (documentKey, sequence = 0) => {
            builds += 1;
            return { bytes: Buffer.from(`${documentKey} at ${sequence}, build ${builds}`), sequence };
          },
        },
        deliverer: delivererOf(() => node),
        isOnlyProcess: nodeCount === 1,
        random: random.next,
        limits: { pollMs: 60_000 },
        report: ({ error }) => {
          if (!(error instanceof Error) || !error.message.startsWith('ENOSPC'))
            problems.push(`trouble: ${error}`);
        },
      },
    });
    nodes.push(node);
    node.pipeline.start().catch(() => node.die());
  }

  function act(): void {
    const documentKey = random.pick([...world.heads.keys()]);
    const node = nodes.length > 0 ? random.pick(nodes) : undefined;
    const dice = random.between(1, 100);
    if (dice <= 25) world.edit(documentKey);
    else if (dice <= 60) save(node, random.pick([...world.sessions.keys()]));
    else if (dice <= 68) node?.pipeline.requestForAllTargets(documentKey, 'leave').catch(ignoreFullDisk);
    else if (dice <= 76) toggle(random.pick(HOSTS));
    else if (dice <= 82) node?.die();
    else if (dice <= 87) pause(node);
    else if (dice <= 90) diskIsFull = !diskIsFull;
    else if (dice <= 92) time.jump(random.pick([-HOUR_MS, -1_000, 1_000, HOUR_MS]));
    else if (dice <= 97) retryOne(node);
    else if (dice <= 98) beginLife(random.pick(['letter', 'memo']));
    else if (nodeCount === 1) node?.pipeline.wake();
  }

  function save(node: SimulatedNode | undefined, sessionId: string): void {
    const session = world.sessions.get(sessionId);
    if (!node || !session?.callback) return;
    const sequence = world.heads.get(session.documentKey) ?? 0;
    const targetId = targetIdOf(session.callback);
    node.pipeline.request(sessionId, 'user', { force: random.chance(0.1) }).then((progress: SaveProgress) => {
      if ('deliveryId' in progress && progress.deliveryId !== null) {
        accepted.push({ id: progress.deliveryId, documentKey: session.documentKey, targetId, sequence });
      }
    }, ignoreFullDisk);
  }

  function pause(node: SimulatedNode | undefined): void {
    node?.pause();
    time.schedule(time.clock() + random.between(1_000, 200_000), () => node?.resume());
  }

  function toggle(host: string): void {
    if (!down.delete(host)) down.add(host);
  }

  function retryOne(node: SimulatedNode | undefined): void {
    const ids = accepted.map(({ id }) => id);
    if (ids.length > 0) node?.pipeline.retry(random.pick(ids)).catch(ignoreFullDisk);
  }

  /** The application opens the id afresh, so that the former life's saves come too late. */
  function beginLife(documentId: string): void {
    const key = `${documentId} ${world.documents.size + 1}`;
    world.addDocument(key, documentId);
    for (const person of ['ann', 'bob']) {
      world.addSession(`${person} ${documentId}`, key, aTarget({ saveUrl: random.pick(HOSTS) }));
    }
  }

  /** The network and the application: what a process sent may arrive after its death, or arrive and not be answered. */
  function delivererOf(sender: () => SimulatedNode): Deliverer {
    return {
      async deliver(save, bytes) {
        const startedAt = time.clock();
        const record = { saveId: save.id, number: save.attempts + 1, startedAt, answer: '', message: null };
        const finish = (reaction: Reaction) => ({
          ...record,
          durationMs: Math.max(0, time.clock() - startedAt),
          status: null,
          retryAfterSeconds: null,
          canHeal: true,
          outcome: 'delivered' as const,
          ...reaction,
        });
        await time.sleep(random.between(1, 200));
        const isOrphan = sender().state === 'dead';
        const kind = troubleIsOver ? 'takes' : chooseReaction(save);
        const isTaken = kind === 'takes' || kind === 'takes silently' || kind === 'takes late';
        if (kind === 'takes late') await time.sleep(random.between(1_000, 60_000));
        if (isTaken && !(isOrphan && random.chance(0.5))) {
          const row = await world.store.find(save.id);
          const isHeld = row?.leaseOwner?.startsWith(`${sender().id}.`) === true;
          arrivals.push({
            id: save.id,
            documentKey: save.documentKey,
            targetId: save.targetId,
            version: save.version,
            sequence: save.sequence,
            text: Buffer.from(bytes).toString(),
            isStray: sender().state !== 'running' || !isHeld,
          });
        }
        await time.sleep(random.between(1, 200));
        switch (kind) {
          case 'takes':
          case 'takes late':
            return finish(REACTIONS.takes);
          case 'takes silently':
          case 'is away':
            return finish(REACTIONS.isAway);
          case 'refuses':
            return finish(REACTIONS.refuses);
          case 'is gone':
            return finish(REACTIONS.isGone);
          case 'asks to wait':
            return finish({ ...REACTIONS.refuses, status: 503, retryAfterSeconds: random.between(1, 600) });
          default:
            return kind satisfies never;
        }
      },
    };
  }

  function chooseReaction(save: Save) {
    if (down.has(save.target.saveUrl))
      return random.pick(['is away', 'refuses', 'is gone', 'asks to wait'] as const);
    return random.pick(['takes', 'takes', 'takes', 'takes silently', 'takes late', 'refuses'] as const);
  }
}

function ignoreFullDisk(error: unknown): void {
  if (error instanceof Error && error.message.startsWith('ENOSPC')) return;
  throw error;
}

/** Many histories, one after the other; tells of each that broke a promise. */
export async function simulateMany(
  from: number,
  count: number,
  onBroken: (result: SimulationResult) => void,
): Promise<{ lost: number; parked: number; accepted: number; crashes: number }> {
  const sum = { lost: 0, parked: 0, accepted: 0, crashes: 0 };
  for (let seed = from; seed < from + count; seed += 1) {
    const result = await simulateSaves(seed);
    await settleMicrotasks();
    sum.parked += result.parked;
    sum.accepted += result.accepted;
    sum.crashes += result.crashes;
    if (result.broken.length === 0) continue;
    sum.lost += 1;
    onBroken(result);
  }
  return sum;
}
