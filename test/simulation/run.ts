import { serializeOoxmlPart } from '@docx-editor.dev/core/store';
import { openReplica } from '@officina/engine/writer/replica';
import { type Action, type Book, type Stage, TEXT_ACTIONS } from './actions.js';
import { Clock } from './clock.js';
import { fatesOf } from './fates.js';
import { judge, type TokenFact, type Verdict } from './judge.js';
import { OBJECT_ACTIONS } from './object-actions.js';
import { Person } from './person.js';
import { Random } from './random.js';
import { RARE_ACTIONS } from './rare-actions.js';
import { REVIEW_ACTIONS } from './review-actions.js';
import { type Base, Server } from './server.js';
import { STRUCTURE_ACTIONS } from './structure-actions.js';
import { isToken, Tokens } from './tokens.js';

export interface Subject {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** One thing that happens in a run. Its own seed keeps it meaningful when others are left out. */
export interface Event {
  readonly at: number;
  readonly person: number;
  readonly what: string;
  readonly seed: number;
}

/** A whole run, replayable: what the minimiser cuts down and what is printed on failure. */
export interface Script {
  readonly seed: number;
  readonly people: number;
  readonly latency: readonly [number, number];
  readonly events: readonly Event[];
}

const ACTIONS: readonly (readonly [string, number, Action])[] = [
  ...TEXT_ACTIONS,
  ...STRUCTURE_ACTIONS,
  ...REVIEW_ACTIONS,
  ...OBJECT_ACTIONS,
  ...RARE_ACTIONS,
];
const TOTAL = ACTIONS.reduce((sum, [, weight]) => sum + weight, 0);
const BY_NAME = new Map(ACTIONS.map(([name, , action]) => [name, action]));

export interface ScriptOptions {
  readonly actions: number;
  readonly people?: number;
}

export function writeScript(seed: number, options: ScriptOptions): Script {
  const random = new Random(seed);
  const people = options.people ?? random.between(3, 6);
  const high = random.pick([25, 125, 500]);
  const events: Event[] = [];
  let at = 0;
  for (let i = 0; i < options.actions; i++) {
    at += random.between(1, random.chance(0.1) ? 400 : 40);
    const person = random.below(people);
    const draw = random.next();
    const what =
      draw < 0.008
        ? 'disconnect'
        : draw < 0.016
          ? 'connect'
          : draw < 0.02
            ? 'reconnect from snapshot'
            : draw < 0.023
              ? 'server restart'
              : draw < 0.03
                ? 'snapshot'
                : pickAction(random);
    events.push({ at, person, what, seed: random.below(2 ** 31) });
  }
  return { seed, people, latency: [Math.ceil(high / 10), high], events };
}

function pickAction(random: Random): string {
  let left = random.next() * TOTAL;
  for (const [name, weight] of ACTIONS) {
    left -= weight;
    if (left < 0) return name;
  }
  return (ACTIONS[0] as (typeof ACTIONS)[number])[0];
}

export function runScript(subject: Subject, script: Script): Verdict {
  const { server, people, book } = playScript(subject, script);
  return judge(server, people, [...book.facts.values()]);
}

/** What befell the first characters that a script lost or doubled, entry by entry. */
export function explain(subject: Subject, script: Script): readonly string[] {
  const { server, people, book } = playScript(subject, script);
  const { lost, doubled } = judge(server, people, [...book.facts.values()]);
  const characters = [...lost, ...doubled].slice(0, 3).map((line) => line.slice(0, 1));
  const strikes = characters.flatMap((each) => book.facts.get(each)?.deletedBy ?? []);
  const sure = new Set(strikes.filter((each) => each.sure).map(({ client, n }) => `${client}.${n}`));
  return characters.length > 0 ? fatesOf(baseOf(subject), server.sequencer.log, characters, sure) : [];
}

/** A quick machine, a slow one, and one whose window is hidden most of the time. */
const FRAMES_MS = [16, 60, 250];

/** What a script leaves behind once everybody is connected and nothing is on its way any more. */
export interface Played {
  readonly server: Server;
  readonly people: readonly Person[];
  readonly book: Book;
}

export function playScript(subject: Subject, script: Script): Played {
  const clock = new Clock();
  const server = new Server(baseOf(subject), clock);
  const book: Book = { tokens: new Tokens(ownCharacters(subject)), facts: new Map<string, TokenFact>() };
  const people: Person[] = [];
  for (let i = 0; i < script.people; i++) {
    const random = new Random(script.seed * 31 + i);
    const frameMs = new Random(script.seed * 37 + i).pick(FRAMES_MS);
    const options = { name: `p${i}`, latency: script.latency, frameMs, random, facts: book.facts };
    people.push(new Person(options, server, clock));
  }
  for (const event of script.events) {
    clock.after(event.at, () => {
      const person = people[event.person];
      if (!person) return;
      const random = new Random(event.seed);
      switch (event.what) {
        case 'disconnect':
          return person.disconnect();
        case 'connect':
          return person.connect();
        case 'reconnect from snapshot':
          person.disconnect();
          return person.connect(true);
        case 'server restart':
          for (const each of people) {
            each.disconnect();
            clock.after(random.between(1, 300), () => each.connect());
          }
          return;
        case 'snapshot':
          return server.takeSnapshot(random.chance(0.5));
        default:
          act({ person, random, book }, event.what);
      }
    });
  }
  clock.after((script.events.at(-1)?.at ?? 0) + 1, () => {
    for (const person of people) person.connect();
  });
  clock.runAll();
  return { server, people, book };
}

/** What cannot be done here and now gives way to something else: a script's length is its number of edits. */
const OTHERS = 5;

function act(stage: Stage, what: string): void {
  let name = what;
  for (let tries = 0; tries < OTHERS; tries++) {
    if (BY_NAME.get(name)?.(stage)) return;
    name = pickAction(stage.random);
  }
}

const bases = new WeakMap<Subject, Base>();

function baseOf(subject: Subject): Base {
  const known = bases.get(subject);
  if (known) return known;
  const found = { base: subject.bytes, read: openReplica({ base: subject.bytes }).package };
  bases.set(subject, found);
  return found;
}

function ownCharacters(subject: Subject): string {
  const text = [...baseOf(subject).read.parts.values()].map(serializeOoxmlPart).join('');
  return [...new Set(text)].filter(isToken).join('');
}

export const failed = (verdict: Verdict): boolean =>
  verdict.diverged.length + verdict.lost.length + verdict.doubled.length + verdict.broken.length > 0 ||
  verdict.textRefused.length > 0;
