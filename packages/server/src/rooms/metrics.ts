/** Counters and gauges of all rooms, to be read whenever somebody looks. */
export interface RoomMetrics {
  rooms: number;
  connections: number;
  /** Operations that became durable. */
  operations: number;
  duplicates: number;
  rejections: number;
  /** Frames and bytes handed to sockets. */
  framesSent: number;
  bytesSent: number;
  malformed: number;
  floods: number;
  slowDrops: number;
  snapshots: number;
  snapshotFailures: number;
  /** Alarms: replicas that differed, and documents whose log the engine cannot replay. */
  digestMismatches: number;
  quarantined: number;
  leavesSaved: number;
}

export function noMetrics(): RoomMetrics {
  return {
    rooms: 0,
    connections: 0,
    operations: 0,
    duplicates: 0,
    rejections: 0,
    framesSent: 0,
    bytesSent: 0,
    malformed: 0,
    floods: 0,
    slowDrops: 0,
    snapshots: 0,
    snapshotFailures: 0,
    digestMismatches: 0,
    quarantined: 0,
    leavesSaved: 0,
  };
}
