import { CARRIAGE } from '@officina/engine/writer/replica';
import { minimise } from './minimise.js';
import { whyOfficeFails } from './office.js';
import { explain, failed, runScript, type Subject, writeScript } from './run.js';

const NAMED = [
  'addComment',
  'replyComment',
  'resolveComment',
  'deleteComment',
  'insertImage',
  'pasteFragment',
  'reviveText',
  'replaceBlocks',
];

/** Every kind that travels: each has to be seen at work. */
export const CARRIED_KINDS: readonly string[] = [
  ...Object.entries(CARRIAGE)
    .filter(([, how]) => how === 'meaning' || how === 'addressed' || how === 'package')
    .map(([kind]) => kind),
  ...NAMED,
];

export interface MonkeyOptions {
  readonly seeds: number;
  readonly from: number;
  readonly actions: number;
  readonly people?: number;
  /** Runs a failure may cost to be cut down; 0 prints it whole. */
  readonly budget: number;
  readonly subjects: readonly Subject[];
  /** LibreOffice opens what every so many-th seed ends with; 0: none. */
  readonly officeEvery: number;
  readonly say: (line: string) => void;
  /** Asked before each seed: stop here and add up what there is. */
  readonly enough: () => boolean;
}

export interface MonkeyTotals {
  /** Seeds that ran. */
  readonly ran: number;
  /** Operations of the shortest history. */
  readonly shortest: number;
  /** Typed text that the document did not take. */
  readonly textRefused: number;
  readonly diverged: number;
  readonly lost: number;
  readonly doubled: number;
  readonly broken: number;
  /** Results that LibreOffice opened. */
  readonly opened: number;
  readonly executed: ReadonlyMap<string, number>;
  readonly refused: ReadonlyMap<string, number>;
  readonly reasons: ReadonlyMap<string, number>;
}

/** Runs many seeds and adds up. A failing seed is cut down and printed ready to run again. */
export function runMonkey(options: MonkeyOptions): MonkeyTotals {
  const { seeds, from, actions, subjects, say } = options;
  let [diverged, lost, doubled, broken] = [0, 0, 0, 0];
  const executed = new Map<string, number>();
  const refused = new Map<string, number>();
  const reasons = new Map<string, number>();
  let [ran, shortest, textRefused, opened] = [0, Number.POSITIVE_INFINITY, 0, 0];
  for (let seed = from; seed < from + seeds; seed++) {
    if (options.enough()) break;
    ran++;
    const subject = subjects[seed % subjects.length] as Subject;
    const script = writeScript(seed, { actions, ...(options.people ? { people: options.people } : {}) });
    try {
      const verdict = runScript(subject, script);
      if (verdict.diverged.length > 0) diverged++;
      lost += verdict.lost.length;
      doubled += verdict.doubled.length;
      if (verdict.broken.length > 0) broken++;
      shortest = Math.min(shortest, verdict.operations);
      textRefused += verdict.textRefused.length;
      add(executed, verdict.executed);
      add(refused, verdict.refused);
      add(reasons, verdict.reasons);
      if (options.officeEvery > 0 && seed % options.officeEvery === 0) {
        const why = whyOfficeFails(verdict.docx());
        if (why === null) opened++;
        else {
          broken++;
          say(`seed ${seed} on ${subject.name}: LibreOffice cannot open the result: ${why}`);
        }
      }
      if (!failed(verdict)) continue;
      for (const problem of [
        ...verdict.diverged,
        ...verdict.lost,
        ...verdict.doubled,
        ...verdict.broken,
        ...verdict.textRefused,
      ].slice(0, 6))
        say(`seed ${seed} on ${subject.name}: ${problem}`);
      for (const line of explain(subject, script)) say(`  ${line}`);
    } catch (error) {
      broken++;
      const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
      const short = stack.split('\n').filter((line) => line.length < 300);
      say(`seed ${seed} on ${subject.name} threw: ${short.slice(0, 8).join('\n')}`);
    }
    if (options.budget === 0) continue;
    const smallest = minimise(subject, script, options.budget);
    say(`smallest script for ${subject.name}:\n${JSON.stringify(smallest)}`);
  }
  return { ran, shortest, textRefused, diverged, lost, doubled, broken, opened, executed, refused, reasons };
}

function add(into: Map<string, number>, from: ReadonlyMap<string, number>): void {
  for (const [key, value] of from) into.set(key, (into.get(key) ?? 0) + value);
}
