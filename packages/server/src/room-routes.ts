import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyPluginAsync } from 'fastify';

/** What the rooms answer over HTTP themselves; false when the request is none of theirs. */
export interface RoomHandlers {
  snapshotRoute(request: IncomingMessage, response: ServerResponse): void;
  attachmentRoute(request: IncomingMessage, response: ServerResponse): boolean;
}

/** Snapshots and attachments of a room, which read and write the bytes as they come. */
export function roomRoutes(rooms: RoomHandlers): FastifyPluginAsync {
  return async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', (_request, _payload, done) => done(null));
    app.get('/rooms/writer/:sessionId/snapshot', { schema: { hide: true } }, (request, reply) => {
      reply.hijack();
      rooms.snapshotRoute(request.raw, reply.raw);
    });
    app.route({
      method: ['GET', 'PUT'],
      url: '/rooms/writer/:sessionId/blobs/:sha256',
      schema: { hide: true },
      handler: (request, reply) => {
        reply.hijack();
        if (!rooms.attachmentRoute(request.raw, reply.raw)) reply.raw.writeHead(404).end();
      },
    });
  };
}
