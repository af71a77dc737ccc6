import type { IncomingMessage, ServerResponse } from 'node:http';
import { answer, refuse, sendForGood } from './plain-reply.js';
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
        bytes
          ? sendForGood(response, bytes)
          : answer(response, 410, 'This snapshot is no longer here; join again.'),
      (error: unknown) => refuse(response, error, 'The snapshot could not be read.'),
    );
    return true;
  };
}
