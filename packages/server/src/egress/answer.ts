/** The most that is read of an answer. */
export const ANSWER_LIMIT_BYTES = 64 * 1024;
/** The most that the ledger keeps of it. */
const KEPT_LIMIT_CHARS = 4 * 1024;
const MESSAGE_LIMIT_CHARS = 500;
/** Shorter values would also be found where they are no secret. */
const SHORTEST_SECRET = 6;

/** Reads at most `limit` bytes; what comes later is not waited for. An answer that breaks off counts as what came of it. */
export async function readAnswer(
  body: AsyncIterable<Uint8Array>,
  limit = ANSWER_LIMIT_BYTES,
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk.subarray(0, limit - size));
      size += chunk.length;
      if (size >= limit) break;
    }
  } catch {
    // The status has arrived and decides; the words are a courtesy.
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The application's words for the person: `{"message": …}`, or the older forms `RESPONSE=…` and `RESPONSE: …`. */
export function messageIn(answer: string): string | null {
  const words = messageOfJson(answer) ?? /^\s*RESPONSE\s*[=:]\s*(.+)$/m.exec(answer)?.[1];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out here.
  const clean = words?.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim();
  return clean ? clean.slice(0, MESSAGE_LIMIT_CHARS) : null;
}

/** The start of an answer or error for the ledger, without the secrets that went out with the request. */
export function redactAnswer(text: string, secrets: readonly string[]): string {
  let kept = text;
  for (const secret of secrets) {
    if (secret.length >= SHORTEST_SECRET) kept = kept.replaceAll(secret, '[redacted]');
  }
  return kept.slice(0, KEPT_LIMIT_CHARS);
}

/** Seconds that `Retry-After` asks to wait, as a number or as a date; null without one. */
export function retryAfterOf(header: string | string[] | undefined, now: number): number | null {
  const text = Array.isArray(header) ? header[0] : header;
  if (text === undefined) return null;
  if (/^\d+$/.test(text.trim())) return Number(text);
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - now) / 1000));
}

function messageOfJson(answer: string): string | undefined {
  // Most answers are empty, and an error that is thrown and caught costs more than all the rest of the reading.
  if (!/^\s*\{/.test(answer)) return undefined;
  try {
    const value: unknown = JSON.parse(answer);
    if (typeof value !== 'object' || value === null || !('message' in value)) return undefined;
    return typeof value.message === 'string' ? value.message : undefined;
  } catch {
    return undefined;
  }
}
