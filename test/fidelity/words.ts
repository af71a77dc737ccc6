/** What has no width and parts no words: soft hyphens, zero-width spaces and joiners, byte order marks. */
const WIDTHLESS = /[\u00ad\u200b-\u200f\u2060\ufeff]/gu;

/** Words of a text: runs of letters, marks and digits. */
export function wordsOf(text: string): string[] {
  return (
    text
      .replace(WIDTHLESS, '')
      .normalize('NFC')
      .match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
  );
}

/** How two bags of words agree. */
export interface Agreement {
  readonly wanted: number;
  readonly found: number;
  readonly shared: number;
  /** Some of the words that the second bag lacks. */
  readonly missing: readonly string[];
}

const SAMPLE = 5;

export function compareWords(wanted: readonly string[], found: readonly string[]): Agreement {
  const left = new Map<string, number>();
  for (const word of found) left.set(word, (left.get(word) ?? 0) + 1);
  const missing: string[] = [];
  let shared = 0;
  for (const word of wanted) {
    const count = left.get(word) ?? 0;
    if (count > 0) {
      left.set(word, count - 1);
      shared += 1;
    } else if (missing.length < SAMPLE) missing.push(word);
  }
  return { wanted: wanted.length, found: found.length, shared, missing };
}

export function sumOf(agreements: readonly Agreement[]): Agreement {
  return {
    wanted: agreements.reduce((sum, each) => sum + each.wanted, 0),
    found: agreements.reduce((sum, each) => sum + each.found, 0),
    shared: agreements.reduce((sum, each) => sum + each.shared, 0),
    missing: agreements.flatMap((each) => each.missing).slice(0, SAMPLE),
  };
}

/** The harmonic mean of what was kept and what of the found was wanted, 0–1; two empty bags agree. */
export function f1Of({ wanted, found, shared }: Agreement): number {
  return wanted + found === 0 ? 1 : (2 * shared) / (wanted + found);
}
