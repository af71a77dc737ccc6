import { Buffer } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ATTACHMENT_LIMITS } from '@officina/protocol';
import type { AttachmentRefusal } from '../domain/content/attachments.js';
import { answer, comeAgain, refuse, sendForGood } from './plain-reply.js';
import type { Rooms } from './rooms.js';

/** True when the request was for an attachment and is being answered; false when it is somebody else's. */
export type AttachmentRoute = (request: IncomingMessage, response: ServerResponse) => boolean;

const ATTACHMENT_PATH = /^\/rooms\/writer\/([A-Za-z0-9_.~-]{1,200})\/blobs\/([0-9a-f]{64})$/;
/** Bytes of uploads that are held in memory at once; whoever comes then is asked to come again. */
const HELD_MOST = 4 * ATTACHMENT_LIMITS.bytes;

const TOO_BUSY = 'Not now; come again.';

const REFUSALS: Readonly<Record<AttachmentRefusal | 'may_not', readonly [status: number, words: string]>> = {
  other_hash: [422, 'These bytes have another SHA-256.'],
  no_picture: [415, 'These bytes are no picture of a kind that a document takes.'],
  too_large: [413, `A picture has at most ${ATTACHMENT_LIMITS.bytes} bytes.`],
  too_much: [413, `The pictures of a document have at most ${ATTACHMENT_LIMITS.bytesPerDocument} bytes.`],
  may_not: [403, 'This session may not edit.'],
};

/** A plain request listener: megabytes of picture go by no framework's parser. */
export function createAttachmentRoute(
  rooms: Pick<Rooms, 'putAttachment' | 'readAttachment'>,
): AttachmentRoute {
  let held = 0;

  async function take(request: IncomingMessage, response: ServerResponse, sessionId: string, sha256: string) {
    const announced = Number(request.headers['content-length'] ?? Number.NaN);
    if (!Number.isSafeInteger(announced) || announced < 0)
      return answer(response, 411, 'Say how many bytes come.');
    if (announced > ATTACHMENT_LIMITS.bytes) return answer(response, ...REFUSALS.too_large);
    if (held + announced > HELD_MOST) return comeAgain(response, TOO_BUSY);
    held += announced;
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const outcome = await rooms.putAttachment(sessionId, sha256, Buffer.concat(chunks));
      if (outcome === 'no_room') comeAgain(response, TOO_BUSY);
      else if (outcome === 'kept') answer(response, 201, 'Kept.');
      else answer(response, ...REFUSALS[outcome]);
    } finally {
      held -= announced;
    }
  }

  return (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const [, sessionId, sha256] = ATTACHMENT_PATH.exec(pathname) ?? [];
    if (sessionId === undefined || sha256 === undefined) return false;
    const work =
      request.method === 'PUT'
        ? take(request, response, sessionId, sha256)
        : request.method === 'GET'
          ? rooms
              .readAttachment(sessionId, sha256)
              .then((bytes) => (bytes ? sendForGood(response, bytes) : answer(response, 404, 'Not here.')))
          : Promise.resolve(answer(response, 405, 'Use GET or PUT.'));
    work.catch((error: unknown) => refuse(response, error, 'The picture could not be kept or read.'));
    return true;
  };
}
