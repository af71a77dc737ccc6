import { type LogEntry, openReplica, type Replica } from '@officina/engine/writer/replica';
import type { Base } from './server.js';
import { tokensIn } from './tokens.js';

/** Longest text of one entry that is printed: a picture's bytes say nothing. */
const MOST = 1500;

/**
 * Which entries of a log made characters come, go or stand twice, and the entries these name: where to look when one
 * was lost. `also`: numbers of more messages to show.
 */
export function fatesOf(
  base: Base,
  log: readonly LogEntry[],
  characters: readonly string[],
  also: ReadonlySet<string>,
): readonly string[] {
  const lines: { readonly entry: LogEntry; readonly line: string; readonly moves: boolean }[] = [];
  const replica = openReplica(base);
  let before = countsIn(replica, characters);
  for (const entry of log) {
    const outcome = replica.execute(entry);
    const after = countsIn(replica, characters);
    const moved = characters.filter((_, i) => before[i] !== after[i]);
    const { base: seen, ops } = entry.message;
    const counts = moved.map((each) => {
      const i = characters.indexOf(each);
      return `${each} ${before[i]} → ${after[i]}`;
    });
    const refused = outcome.refused.length > 0 ? ` refused ${JSON.stringify(outcome.refused)}` : '';
    const words = JSON.stringify(ops).slice(0, MOST);
    const line = `#${entry.sequence} ${nameOf(entry)} (on ${seen}) ${counts.join(', ')}: ${words}${refused}`;
    lines.push({ entry, line, moves: moved.length > 0 || also.has(nameOf(entry)) });
    before = after;
  }
  const named = new Set(
    lines
      .filter(({ moves }) => moves)
      .flatMap(({ line }) => [...line.matchAll(/\bp\d+\.\d+\b/g)].map(([name]) => name)),
  );
  return lines.filter(({ entry, moves }) => moves || named.has(nameOf(entry))).map(({ line }) => line);
}

const nameOf = ({ message }: LogEntry): string => `${message.id.client}.${message.id.n}`;

function countsIn(replica: Replica, characters: readonly string[]): readonly number[] {
  const text = tokensIn(replica.package);
  return characters.map((each) => text.split(each).length - 1);
}
