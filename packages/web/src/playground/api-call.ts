/** One part of a form that was posted, as it is shown. */
export interface ShownPart {
  name: string;
  /** JSON and plain text as they went out; null for a file. */
  text: string | null;
  file: { name: string; size: number } | null;
}

/** One call of the public API that the playground made. */
export interface ApiCall {
  id: number;
  /** What it was for, in words. */
  purpose: string;
  method: 'GET' | 'POST' | 'DELETE';
  /** Path and query; the key in it is the real one. */
  path: string;
  parts: readonly ShownPart[];
  startedAt: number;
  answer: ApiAnswer | null;
  /** How often the same question was asked: the list of sessions is asked for again and again. */
  times: number;
}

export interface ApiAnswer {
  /** HTTP status; 0 when the server could not be reached. */
  status: number;
  durationMs: number;
  body: unknown;
  /** What the server says of the permissions in force, when it does. */
  permissions: Readonly<Record<string, boolean>> | null;
}

/** The API's own error body. */
export interface ApiProblem {
  status: number;
  code: string;
  message: string;
  parameter: string | null;
}

export function isGood(answer: ApiAnswer): boolean {
  return answer.status >= 200 && answer.status < 300;
}

export function problemOf(answer: ApiAnswer): ApiProblem {
  const body = typeof answer.body === 'object' && answer.body !== null ? answer.body : {};
  const text = (name: string) => {
    const value = (body as Record<string, unknown>)[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
  };
  const unreachable = 'The server cannot be reached. Is it still running?';
  return {
    status: answer.status,
    code: text('code') ?? '',
    message: text('message') ?? (answer.status === 0 ? unreachable : 'The server gave no reason.'),
    parameter: text('parameter_name'),
  };
}

/** Adds a call, or its answer, to the list; newest first. A repeated question takes the place of the one before. */
export function recordCall(calls: readonly ApiCall[], call: ApiCall): readonly ApiCall[] {
  const known = calls.findIndex(({ id }) => id === call.id);
  if (known >= 0) return calls.map((one, index) => (index === known ? { ...call, times: one.times } : one));
  const before = calls.findIndex((one) => isSameQuestion(one, call));
  if (before < 0) return [call, ...calls];
  const times = (calls[before]?.times ?? 0) + 1;
  const answer = call.answer ?? calls[before]?.answer ?? null;
  return calls.map((one, index) => (index === before ? { ...call, answer, times } : one));
}

/** Only looking may be folded together: every change stays visible. */
function isSameQuestion(one: ApiCall, other: ApiCall): boolean {
  return one.method === 'GET' && other.method === 'GET' && one.path === other.path;
}
