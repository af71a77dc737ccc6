import type { Server } from 'node:http';
import type { Connections, Presence, RoomControl } from '../domain/sessions/session.js';
import { type AttachmentRoute, createAttachmentRoute } from './attachment-route.js';
import type { RoomMetrics } from './metrics.js';
import type { RoomDeps } from './ports.js';
import { Rooms } from './rooms.js';
import { createSnapshotRoute, type SnapshotRoute } from './snapshot-route.js';
import { RoomSocketServer } from './web-socket-server.js';

export type { AttachmentRoute } from './attachment-route.js';
export type { RoomMetrics } from './metrics.js';
export type { LeavePolicy, RoomDeps, RoomJournal, RoomSessions } from './ports.js';
export type { SnapshotRoute } from './snapshot-route.js';

export interface RoomServer {
  /** Takes the upgrades at `/rooms/writer/{sessionId}` of an HTTP server. */
  attach(server: Server): void;
  presence: Presence;
  connections: Connections;
  control: RoomControl;
  /** Answers `GET /rooms/writer/{sessionId}/snapshot?sequence=N`; hand it the raw request and response. */
  snapshotRoute: SnapshotRoute;
  /** Answers `GET` and `PUT /rooms/writer/{sessionId}/blobs/{sha256}`, likewise. */
  attachmentRoute: AttachmentRoute;
  metrics(): Readonly<RoomMetrics>;
  /** Makes everything durable, sends everybody away with 1012, gives the leases back. */
  close(): Promise<void>;
}

export function createRooms(deps: RoomDeps): RoomServer {
  const rooms = new Rooms(deps);
  const sockets = new RoomSocketServer(rooms);
  return {
    attach: (server) => sockets.attach(server),
    presence: rooms.presence,
    connections: rooms.connections,
    control: rooms.control,
    snapshotRoute: createSnapshotRoute(rooms),
    attachmentRoute: createAttachmentRoute(rooms),
    metrics: () => rooms.metrics(),
    async close() {
      await rooms.close();
      sockets.close();
    },
  };
}
