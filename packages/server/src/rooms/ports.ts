import type { Attachments } from '../domain/content/attachments.js';
import type { DocumentSnapshots } from '../domain/content/document-snapshots.js';
import type { LeaseStore, OperationLog } from '../domain/log/operation-log.js';
import type { Saves } from '../domain/saving/saves.js';
import type { VersionHistory } from '../domain/saving/version-history.js';
import type { Session } from '../domain/sessions/session.js';
import type { Clock, Scheduler } from '../domain/time.js';
import type { AppendMeter } from './operation-stream.js';

/** One WebSocket as a room sees it. */
export interface RoomSocket {
  /**
   * Sends one text frame of UTF-8, or a packed one as a binary frame, and returns how many bytes wait for the network to
   * take them. The bytes may be shared with other sockets and do not change any more.
   */
  send(frame: Uint8Array, isPacked?: boolean): number;
  /** Starts to close; nothing may be sent afterwards. */
  close(code: number, reason: string): void;
  isOpen(): boolean;
}

/** The sessions as rooms need them. */
export interface RoomSessions {
  /** The living session, which is open from now on. Refuses by AppError: session_unknown, session_expired. */
  open(sessionId: string): Promise<{ session: Session }>;
  /** Called at most once a minute and session while its person works. */
  recordActivity(sessionId: string): Promise<unknown>;
  /** Moves the expiry, as far as it may be moved, because the person asked; answers through `RoomControl.tellExpiry`. */
  extend(sessionId: string): Promise<unknown>;
}

/** Whether the API key wants a push when the last editor has left, and while people work. */
export interface LeavePolicy {
  savesOnLeave(apiKeyId: string): Promise<boolean>;
  /** How long its edits may wait for a save that nobody asks for; null for as long as it takes. */
  saveIntervalMs(apiKeyId: string): Promise<number | null>;
}

/** Where rooms write what an operator should read; pino's form. */
export interface RoomJournal {
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
  error(fields: object, text: string): void;
}

export interface RoomDeps {
  clock: Clock;
  scheduler: Scheduler;
  /** Runs the task once this turn of the event loop is over: `setImmediate`. */
  afterTurn(task: () => void): void;
  log: OperationLog;
  leases: LeaseStore;
  /** Names this node in leases. Must stay the same over restarts of one node, else a crash waits for its own lease. */
  owner: string;
  content: DocumentSnapshots;
  attachments: Pick<Attachments, 'list' | 'put' | 'read'>;
  sessions: RoomSessions;
  saves: Pick<Saves, 'request' | 'requestForAllTargets' | 'onProgress' | 'status' | 'follow'>;
  versions: Pick<VersionHistory, 'find'>;
  leavePolicy: LeavePolicy;
  journal: RoomJournal;
  meter?: AppendMeter;
  /** Version of the engine that executes operations; a client with another one is told to reload. */
  engine: string;
}

/** Where the snapshot that a room handed out can be fetched. */
export function snapshotPath(sessionId: string, sequence: number): string {
  return `/rooms/writer/${encodeURIComponent(sessionId)}/snapshot?sequence=${sequence}`;
}
