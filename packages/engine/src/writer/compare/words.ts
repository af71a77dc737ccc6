import { align } from './align.js';
import type { TextSpan } from './comparison.js';

/** A word, a number, a character of a script without spaces, a run of spaces, or one other character. */
const TOKENS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{M}\p{N}_'’]+|\s+|[^\s\p{L}\p{M}\p{N}_]/gu;
const HAS_WORD = /[\p{L}\p{N}]/u;

export function tokensOf(text: string): readonly string[] {
  return text.match(TOKENS) ?? [];
}

export function countWords(text: string): number {
  return tokensOf(text).filter((token) => HAS_WORD.test(token)).length;
}

/** The text of both paragraphs in one line, what went before what came. */
export function compareWords(before: string, after: string): readonly TextSpan[] {
  const old = tokensOf(before);
  const now = tokensOf(after);
  const spans: TextSpan[] = [];
  const add = (change: TextSpan['change'], text: string) => {
    const last = spans.at(-1);
    if (text === '') return;
    if (last?.change === change) spans[spans.length - 1] = { change, text: last.text + text };
    else spans.push({ change, text });
  };
  for (const stretch of joinOverSpaces(align(old, now), old)) {
    if (stretch.kind === 'same') {
      add('same', now.slice(stretch.after, stretch.after + stretch.length).join(''));
      continue;
    }
    add('deleted', old.slice(stretch.before, stretch.before + stretch.beforeLength).join(''));
    add('inserted', now.slice(stretch.after, stretch.after + stretch.afterLength).join(''));
  }
  return spans;
}

type Stretches = ReturnType<typeof align>;

/** Two replaced words with the same space between them read better as one replacement. */
function joinOverSpaces(stretches: Stretches, old: readonly string[]): Stretches {
  const joined: Stretches[number][] = [];
  for (const [index, stretch] of stretches.entries()) {
    const last = joined.at(-1);
    const next = stretches[index + 1];
    if (stretch.kind === 'same' && last?.kind === 'changed' && next?.kind === 'changed') {
      const between = old.slice(stretch.before, stretch.before + stretch.length).join('');
      const isReplaced = (each: typeof last) => each.beforeLength > 0 && each.afterLength > 0;
      if (between.trim() === '' && isReplaced(last) && isReplaced(next)) {
        joined[joined.length - 1] = {
          ...last,
          beforeLength: last.beforeLength + stretch.length,
          afterLength: last.afterLength + stretch.length,
        };
        continue;
      }
    }
    if (stretch.kind === 'changed' && last?.kind === 'changed') {
      joined[joined.length - 1] = {
        ...last,
        beforeLength: last.beforeLength + stretch.beforeLength,
        afterLength: last.afterLength + stretch.afterLength,
      };
    } else joined.push(stretch);
  }
  return joined;
}

/** How much of the longer text both have, from 0 to 1. */
export function likeness(before: string, after: string): number {
  const old = tokensOf(before).filter((token) => HAS_WORD.test(token));
  const now = tokensOf(after).filter((token) => HAS_WORD.test(token));
  const most = Math.max(old.length, now.length);
  if (most === 0) return 0;
  const counts = new Map<string, number>();
  for (const token of old) counts.set(token, (counts.get(token) ?? 0) + 1);
  let shared = 0;
  for (const token of now) {
    const left = counts.get(token) ?? 0;
    if (left === 0) continue;
    counts.set(token, left - 1);
    shared += 1;
  }
  return shared / most;
}
