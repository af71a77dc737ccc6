import type { ConsoleSignIn } from '@officina/protocol';

export type Answer<T> =
  | { state: 'good'; value: T }
  | { state: 'signed_out' }
  | { state: 'refused'; message: string; retryAfterSeconds: number | null };

/** `/console/api` as this page uses it; `csrf` is the value that every change must carry. */
export class ConsoleApi {
  readonly #root: string;
  readonly #csrf: string;

  constructor(base: string, csrf: string) {
    this.#root = `${base}/console/api`;
    this.#csrf = csrf;
  }

  read<T>(path: string): Promise<Answer<T>> {
    return ask<T>(`${this.#root}/${path}`, { method: 'GET' });
  }

  change<T>(path: string, body?: unknown): Promise<Answer<T>> {
    return post<T>(`${this.#root}/${path}`, body, { 'x-officina-csrf': this.#csrf });
  }

  /** Address of a file, to be linked to. */
  fileAddress(path: string): string {
    return `${this.#root}/${path}`;
  }
}

export async function readSignIn(base: string): Promise<Answer<ConsoleSignIn>> {
  return ask(`${base}/console/api/session`, { method: 'GET' });
}

export async function signIn(base: string, password: string): Promise<Answer<ConsoleSignIn>> {
  return post(`${base}/console/api/sign-in`, { password }, {});
}

function post<T>(url: string, body: unknown, headers: Record<string, string>): Promise<Answer<T>> {
  if (body === undefined) return ask(url, { method: 'POST', headers });
  return ask(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function ask<T>(url: string, request: RequestInit): Promise<Answer<T>> {
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(url, request);
    body = await response.json();
  } catch {
    return { state: 'refused', message: 'The server does not answer.', retryAfterSeconds: null };
  }
  // The answer comes from the server that this page came from: its shape is the protocol's.
  if (response.ok) return { state: 'good', value: body as T };
  const message = (body as { message?: string }).message ?? `The server answered ${response.status}.`;
  if (response.status === 401 && !url.endsWith('/sign-in')) return { state: 'signed_out' };
  const wait = Number(response.headers.get('retry-after'));
  return { state: 'refused', message, retryAfterSeconds: wait > 0 ? wait : null };
}
