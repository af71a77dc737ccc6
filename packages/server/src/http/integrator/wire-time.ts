const SECOND_MS = 1000;

/** A moment as the dialect gives it, twice: text and milliseconds mean the same whole second. */
export function wireTime(at: number): { text: string; ms: number } {
  const ms = Math.floor(at / SECOND_MS) * SECOND_MS;
  return { text: `${new Date(ms).toISOString().slice(0, 19)}Z`, ms };
}
