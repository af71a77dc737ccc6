import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from '@officina/protocol';
import type { Rooms } from './rooms.js';

/** True when the request was for a snapshot and is being answered; false when it is somebody else's. */
export type SnapshotRoute = (request: IncomingMessage, response: ServerResponse) => boolean;

const SNAPSHOT_PATH = /^\/rooms\/writer\/([A-Za-z0-9_.~-]{1,200})\/snapshot$/;

/** A plain request listener, so that megabytes of snapshot go by no framework's serialiser. */
export function createSnapshotRoute(rooms: Pick<Rooms, 'readSnapshot'>): SnapshotRoute {
  return (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const sessionId = SNAPSHOT_PATH.exec(url.pathname)?.[1];
    if (sessionId === undefined) return false;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      answer(response, 405, 'Use GET.');
      return true;
    }
    const sequence = Number(url.searchParams.get('sequence') ?? Number.NaN);
    if (!Number.isSafeInteger(sequence) || sequence < 0) {
      answer(response, 400, 'The parameter “sequence” is a number from 0.');
      return true;
    }
    rooms.readSnapshot(sessionId, sequence).then(
      (bytes) =>
        bytes ? send(response, bytes) : answer(response, 410, 'This snapshot is no longer here; join again.'),
      (error: unknown) => refuse(response, error),
    );
    return true;
  };
}

function send(response: ServerResponse, bytes: Uint8Array): void {
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'content-length': bytes.byteLength,
    // A sequence number has one content for ever, but it is this session's alone.
    'cache-control': 'private, max-age=86400, immutable',
    'x-content-type-options': 'nosniff',
  });
  response.end(bytes);
}

function refuse(response: ServerResponse, error: unknown): void {
  if (error instanceof AppError && ['session_unknown', 'session_expired'].includes(error.code)) {
    answer(response, 404, error.message);
  } else if (error instanceof AppError && error.code === 'busy') {
    response.setHeader('retry-after', String(error.retryAfterSeconds ?? 1));
    answer(response, 503, error.message);
  } else {
    answer(response, 500, 'The snapshot could not be read.');
  }
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
  response.end(`${text}\n`);
}
