/** What came of a request to one of our own APIs. */
export type Answer<T> =
  | { state: 'good'; value: T }
  | { state: 'signed_out' }
  | { state: 'refused'; message: string; retryAfterSeconds: number | null };

const NO_ANSWER = 'The server does not answer.';

export function postJson<T>(url: string, body: unknown, headers: Record<string, string>): Promise<Answer<T>> {
  if (body === undefined) return ask(url, { method: 'POST', headers });
  return ask(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

export async function ask<T>(url: string, request: RequestInit): Promise<Answer<T>> {
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(url, request);
    body = await response.json();
  } catch {
    return { state: 'refused', message: NO_ANSWER, retryAfterSeconds: null };
  }
  return read(url, response.status, body, response.headers.get('retry-after'));
}

/** Sends one file as the field `content`, and tells from 0 to 1 how much of it has left. */
export function sendFile<T>(
  url: string,
  file: File,
  headers: Record<string, string>,
  onProgress: (share: number) => void,
): Promise<Answer<T>> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.set('content', file);
    request.open('POST', url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onload = () =>
      resolve(read(url, request.status, request.response, request.getResponseHeader('retry-after')));
    request.onerror = () => resolve({ state: 'refused', message: NO_ANSWER, retryAfterSeconds: null });
    request.send(form);
  });
}

function read<T>(url: string, status: number, body: unknown, retryAfter: string | null): Answer<T> {
  // The answer comes from the server that this page came from: its shape is the protocol's.
  if (status >= 200 && status < 300) return { state: 'good', value: body as T };
  if (status === 401 && !url.endsWith('/sign-in')) return { state: 'signed_out' };
  const message = (body as { message?: string } | null)?.message ?? `The server answered ${status}.`;
  const wait = Number(retryAfter);
  return { state: 'refused', message, retryAfterSeconds: wait > 0 ? wait : null };
}
