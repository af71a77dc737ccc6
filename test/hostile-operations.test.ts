import { type OoxmlNode, validatePackageInvariants } from '@docx-editor.dev/core/store';
import { createBlankDocx, writeDocx } from '@officina/engine/writer';
import {
  auditAddresses,
  CoeditingClient,
  type LogEntry,
  type Operation,
  openReplica,
  type Replica,
} from '@officina/engine/writer/replica';
import { describe, expect, it } from 'vitest';
import { bent, HOSTILE_KINDS, noise } from './simulation/hostile.js';
import { Random } from './simulation/random.js';
import { playScript, type Subject, writeScript } from './simulation/run.js';
import { subjects } from './simulation/subjects.js';

const author = { id: 'eve', name: 'Eve' };
const time = '2026-01-02T00:00:00Z';

/** A log into which somebody slips operations of their own making; every replica gets the very same entries. */
class Attack {
  readonly log: LogEntry[] = [];
  private n = 0;

  constructor(
    readonly replicas: Replica[],
    private readonly client: CoeditingClient,
  ) {}

  honest(entry: LogEntry): void {
    this.order({ ...entry, sequence: this.log.length + 1 });
  }

  hostile(ops: readonly Operation[]): void {
    const message = { id: { client: 'eve', n: ++this.n }, base: 0, ops };
    this.order({ sequence: this.log.length + 1, message, author, time });
  }

  private order(entry: LogEntry): void {
    this.log.push(entry);
    for (const replica of this.replicas) replica.execute(entry);
    this.client.receive([entry]);
  }
}

function attackOn(subject: Subject, seed: number, actions: number): Attack {
  const random = new Random(seed * 7919);
  const { server } = playScript(subject, writeScript(seed, { actions, people: 3 }));
  const { log } = server.sequencer;
  const base = subject.bytes;
  const reader = { client: 'reader', author: { id: 'reader', name: 'Reader' }, now: () => time };
  const attack = new Attack([openReplica({ base })], new CoeditingClient({ base }, reader));
  log.forEach((entry, i) => {
    const model = random.chance(0.5) ? entry : random.pick(log);
    const many = random.chance(0.2) ? 3 : 1;
    const ops = Array.from({ length: many }, () =>
      random.chance(0.75) && model.message.ops.length > 0
        ? bent(random.pick(model.message.ops), random)
        : noise(random.pick(HOSTILE_KINDS), random),
    );
    attack.hostile(random.chance(0.15) ? [...model.message.ops, ...ops] : ops);
    attack.honest(entry);
    if (i === log.length >> 1)
      attack.replicas.push(openReplica({ snapshot: (attack.replicas[0] as Replica).snapshot() }));
  });
  for (const kind of HOSTILE_KINDS) attack.hostile([noise(kind, random)]);
  return attack;
}

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

/** Kinds whose every field may be left out. */
const MAY_BE_EMPTY = new Set([
  'acceptAllRevisions',
  'rejectAllRevisions',
  'setSectionFurnitureOptions',
  'setSectionProperties',
]);
const WANTING = HOSTILE_KINDS.filter((kind) => !MAY_BE_EMPTY.has(kind));

describe('operations that somebody made up', () => {
  const documents = subjects(undefined);

  it.each(SEEDS)('[OP11] seed %i neither throws, nor breaks the document, nor parts the replicas', (seed) => {
    const subject = documents[(seed * 5) % documents.length] as Subject;

    const { replicas, log } = attackOn(subject, seed, 40);

    const fresh = openReplica({ base: subject.bytes });
    for (const entry of log) fresh.execute(entry);
    const digests = new Set([fresh, ...replicas].map((each) => each.digest()));
    expect(digests.size).toBe(1);
    expect(auditAddresses(fresh)).toEqual([]);
    expect(validatePackageInvariants(fresh.package)).toMatchObject({ ok: true });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(harmIn(fresh)).toEqual([]);
    const saved = writeDocx({ original: subject.bytes, base: subject.bytes, current: fresh.package });
    const again = openReplica({ base: saved });
    expect(again.text()).toBe(fresh.text());
    expect(typed(fresh, log.length + 1)).toContain('still here');
  });

  it.each(WANTING.map((kind) => [kind]))('[OP11] "%s" without anything is refused as malformed', (kind) => {
    const replica = openReplica({ base: createBlankDocx() });
    const before = replica.digest();
    const message = { id: { client: 'eve', n: 1 }, base: 0, ops: [{ kind, values: {} } as never] };

    const outcome = replica.execute({ sequence: 1, message, author, time });

    expect(outcome).toMatchObject({ state: 'refused', refused: [{ reason: 'malformed' }] });
    expect(replica.digest()).toBe(before);
  });
});

/** What of a document runs or fetches something. */
function harmIn(replica: Replica): readonly string[] {
  const found: string[] = [];
  const walk = (node: OoxmlNode): void => {
    if (node.kind === 'textValue') return;
    if (/^(altChunk|script|OLEObject|control)$/.test(node.localName)) found.push(node.localName);
    const code = node.localName === 'instrText' ? JSON.stringify(node.children) : '';
    if (/"value":"\s*(DDE|INCLUDE)/.test(code)) found.push(code);
    for (const child of node.children as readonly OoxmlNode[]) walk(child);
  };
  for (const part of replica.package.parts.values()) walk(part.root);
  for (const records of replica.package.relationships.values())
    for (const { rawTarget } of records)
      if (/^(javascript|file):|evil/.test(rawTarget)) found.push(rawTarget);
  return found;
}

/** What the body says after an honest insertion at its start. */
function typed(replica: Replica, sequence: number): string {
  const first = [...replica.package.parts.keys()].find((name) => name === replica.package.mainDocumentPart);
  const at = [`^${first}#0.0.0`, 0] as const;
  const ops: readonly Operation[] = [{ kind: 'insertText', at, values: { text: 'still here' } }];
  const message = { id: { client: 'ana', n: 1 }, base: 0, ops };
  replica.execute({ sequence, message, author, time });
  return replica.text();
}
