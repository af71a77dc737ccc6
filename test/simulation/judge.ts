import { type OoxmlPackage, validatePackageInvariants } from '@docx-editor.dev/core/store';
import { auditAddresses, type Outcome } from '@officina/engine/writer/replica';
import type { Person } from './person.js';
import type { Server } from './server.js';
import { tokensIn } from './tokens.js';

/** What the script knows about one token character, apart from the code under test. */
export interface TokenFact {
  readonly character: string;
  /** Who inserted it, in which message. */
  readonly client: string;
  readonly n: number;
  /** Messages that deleted a range holding it. */
  readonly deletedBy: { readonly client: string; readonly n: number; readonly sure: boolean }[];
}

export interface Verdict {
  readonly diverged: readonly string[];
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly broken: readonly string[];
  /** Operations in the log. */
  readonly operations: number;
  /** Typed text that the document did not take, each with the reason. */
  readonly textRefused: readonly string[];
  readonly executed: ReadonlyMap<string, number>;
  readonly refused: ReadonlyMap<string, number>;
  readonly reasons: ReadonlyMap<string, number>;
  /** What everybody ends with, as a file. */
  readonly docx: () => Uint8Array;
}

const key = (client: string, n: number) => `${client}.${n}`;

/** Judges the end of a run by raw XML and a plain model, never by the addresses of the code under test. */
export function judge(server: Server, people: readonly Person[], facts: readonly TokenFact[]): Verdict {
  const diverged: string[] = [];
  const broken: string[] = [];
  const executed = new Map<string, number>();
  const refused = new Map<string, number>();
  const reasons = new Map<string, number>();
  const outcomes = new Map<string, Outcome>();
  const { replica: fresh, outcomes: executedAs } = server.replay();
  const textRefused: string[] = [];
  let operations = 0;
  for (const [i, entry] of server.sequencer.log.entries()) {
    const outcome = executedAs[i] as Outcome;
    outcomes.set(key(entry.message.id.client, entry.message.id.n), outcome);
    entry.message.ops.forEach((op, step) => {
      const refusal = outcome.refused.find((each) => each.step === step);
      operations++;
      count(refusal ? refused : executed, op.kind);
      if (refusal && op.kind === 'insertText')
        textRefused.push(
          `text of ${entry.message.id.client}.${entry.message.id.n} refused: ${refusal.reason} (${refusal.detail})`,
        );
      if (refusal) count(reasons, `${op.kind}: ${refusal.reason} (${refusal.detail.slice(0, 80)})`);
    });
  }
  const truth = fresh.digest();
  const check = (name: string, digest: string) => {
    if (digest !== truth) diverged.push(`${name} differs from a fresh replay`);
  };
  check('the server', server.finish().digest());
  for (const person of people) {
    const { name } = person.options;
    if (person.client.pending.length > 0)
      broken.push(`${name} still waits for ${person.client.pending.length}`);
    check(`${name} confirmed`, person.client.confirmedReplica.digest());
    check(`${name} local`, person.client.localReplica.digest());
    for (const problem of person.problems) broken.push(`${name}: ${problem}`);
    for (const problem of auditAddresses(person.client.localReplica)) broken.push(`${name}: ${problem}`);
  }
  for (const problem of auditAddresses(fresh)) broken.push(`replay: ${problem}`);
  const invariants = validatePackageInvariants(fresh.package);
  if (!invariants.ok) broken.push(`package invariants: ${JSON.stringify(invariants).slice(0, 300)}`);
  const tokens = countTokens(fresh.package, facts, outcomes, (executed.get('unlinkFromPrevious') ?? 0) > 0);
  return {
    ...tokens,
    diverged,
    broken,
    operations,
    textRefused,
    executed,
    refused,
    reasons,
    docx: () => fresh.docx(),
  };
}

/** `copies`: somebody gave a section a header or footer of its own, which begins as a copy of the one before. */
function countTokens(
  pkg: OoxmlPackage,
  facts: readonly TokenFact[],
  outcomes: ReadonlyMap<string, Outcome>,
  copies: boolean,
) {
  const seen = new Map<string, number>();
  for (const character of tokensIn(pkg)) count(seen, character);
  const inBands = [...pkg.parts.values()].filter(({ name }) => /\/(header|footer)\d*\.xml$/.test(name));
  const copied = new Set(
    copies ? tokensIn({ ...pkg, parts: new Map(inBands.map((each) => [each.name, each])) }) : '',
  );
  const lost: string[] = [];
  const doubled: string[] = [];
  /** A replacement that lost its lock is made anew under another number. */
  const ran = ({ client, n }: { readonly client: string; readonly n: number }): boolean => {
    const outcome = outcomes.get(key(client, n));
    return (
      outcome?.state === 'applied' || outcome?.refused.some(({ kind }) => kind === 'replaceBlocks') === true
    );
  };
  for (const fact of facts) {
    const times = seen.get(fact.character) ?? 0;
    const strikes = fact.deletedBy.map((each) => key(each.client, each.n)).join(' ');
    const name = `${fact.character} of ${key(fact.client, fact.n)} struck by [${strikes}]`;
    const made = outcomes.get(key(fact.client, fact.n));
    const stood = made !== undefined && made.refused.length === 0;
    const gone = fact.deletedBy.some(({ client, n, sure }) => {
      const outcome = outcomes.get(key(client, n));
      return sure && outcome !== undefined && outcome.refused.length === 0;
    });
    if (copied.has(fact.character)) continue;
    if (times > 1) doubled.push(`${name} stands ${times} times`);
    else if (times === 1 && gone) doubled.push(`${name} came back after its deletion`);
    else if (times === 0 && stood && !fact.deletedBy.some(ran)) lost.push(`${name} is gone`);
  }
  return { lost, doubled };
}

function count(map: Map<string, number>, key: string): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}
