import { attachmentsOf, withAttachments } from './attachments.js';
import type { LibraryBoot } from './library.js';
import type { Permissions } from './permissions.js';
import type { RestoredFrom } from './versions.js';

/**
 * The messages of a room, as JSON text frames over one WebSocket at `/rooms/{kind}/{sessionId}`. Every frame is a JSON
 * array of messages, so that everything that happened in one turn of the event loop travels in one frame.
 *
 * The room orders opaque payloads: only the engine knows what `o` means.
 */
export const ROOM_PROTOCOL_VERSION = 1;

/** Names one operation for ever: the connection's random client id and that client's own counter, from 1. */
export interface OperationId {
  client: string;
  n: number;
}

export interface SessionPerson {
  /** The host application's id of the person, or one generated for a guest. */
  userId: string;
  displayName: string;
  /** `#rrggbb`, chosen by the server; the same for the same person in the same document. */
  color: string;
}

/** Somebody present: one per client (tab), so one person may appear more than once. */
export interface Participant extends SessionPerson {
  client: string;
}

/** Opaque to the server: anchors that the engine resolves. `null` when the person has no caret in the document. */
export type PresenceSelection = unknown;

/** How far the save that the person asked for has come; the words shown are made from this. */
export type SaveProgress =
  | { state: 'accepted'; deliveryId: string; version: number }
  | { state: 'delivering'; deliveryId: string; version: number; attempt: number }
  | {
      state: 'delivered';
      deliveryId: string;
      version: number;
      message: string;
      at: number;
      /** Place in the log that the version holds: what came after it is not delivered. */
      sequence?: number;
    }
  | { state: 'unchanged'; version: number; message: string }
  | {
      state: 'retrying';
      deliveryId: string;
      version: number;
      attempt: number;
      reason: string;
      nextAt: number;
      /** A code of the error catalogue: which side failed. */
      code?: string;
    }
  | { state: 'failed'; deliveryId: string | null; version: number; code: string; reason: string };

/** Why a room closed a session's connection for good; the page says it in words. */
export type EndReason =
  | 'session_deleted'
  | 'document_deleted'
  | 'session_expired'
  /** The person may not open the document any more. */
  | 'access_withdrawn'
  | 'server_stopping'
  | 'misbehaved';

/** WebSocket close codes: 1000 replaced by the same client's newer connection, 4400 broken frame, 4401 no such session, 4403 ended, 4408 too slow, 4429 too many, 1012 restarting. */
export const CLOSE_CODES = {
  malformed: 4400,
  unknown_session: 4401,
  ended: 4403,
  replaced: 1000,
  too_slow: 4408,
  flooding: 4429,
  restarting: 1012,
} as const;

export type ClientMessage =
  | {
      t: 'hello';
      protocol: number;
      client: string;
      /** Highest sequence number that the client has executed; 0 when it has nothing. */
      lastSequence: number;
      /** Epoch of the snapshot that the client opened; 0 when it has none. */
      epoch: number;
      /** Version of the engine that executes operations, for example `2.35.0`. */
      engine: string;
      /** The page reads frames packed in this way (`FRAME_PACKING`); a room may send any frame so, or none. */
      packed?: number;
    }
  /**
   * `base` is the sequence number that the author had executed when making it. `o` is the engine's message; its `ops`
   * and `touch` are kept, its own id and base are not needed and must not differ when they are there.
   */
  | { t: 'op'; n: number; base: number; o: unknown }
  | { t: 'presence'; selection: PresenceSelection }
  /** Asks for a save to the session's target; `force` sends even what the application already has. */
  | { t: 'save'; force?: boolean }
  /** Goes back: everybody goes on from this version or state (one of the two is named), as one step of the log. */
  | { t: 'restore'; version?: number; sequence?: number }
  /** Digest of the replica at a sequence number, so that a replica that went astray is found. */
  | { t: 'digest'; sequence: number; digest: string }
  /** Moves the session's expiry, where its key allows that. */
  | { t: 'extend' }
  | { t: 'bye' }
  | { t: 'ping' };

/** One numbered operation, as it is logged and fanned out. */
export interface SequencedOperation {
  sequence: number;
  client: string;
  n: number;
  base: number;
  /** `userId` of the author, as the server knows it. */
  actor: string;
  /** Display name of the author, for tracked changes and comments. */
  author: string;
  /** Milliseconds since 1970 at which the server numbered it. */
  at: number;
  /** An `OperationPayload`: what the engine's message holds besides its id and base, which stand above. */
  o: unknown;
}

/** All that a room reads of `o`; everything inside an operation but its kind is the engine's alone. */
export interface OperationPayload {
  ops: readonly { kind: string }[];
  touch?: readonly string[];
  /** SHA-256 of the attachments that the steps name; the room has them all. */
  blobs?: readonly string[];
}

/** Why an operation got no number; `reason` of the message says it in words. */
export type RejectCode =
  | 'permission_denied'
  | 'kind_unknown'
  | 'too_large'
  | 'malformed'
  | 'attachment_missing'
  /** It holds blocks as they were before people went back to an earlier state. */
  | 'document_restored'
  | 'document_quarantined';

/** What a room takes from one client; more is refused, and closed with `flooding` when it goes on. */
export const ROOM_LIMITS = {
  /** Characters, and bytes of UTF-8, of one WebSocket frame. */
  frameChars: 8_000_000,
  /** Characters of one operation's `o` as JSON: a picture of 4 MB goes in as base64. */
  operationChars: 6_000_000,
  /** Characters a second that a session may send, on average, and at once. */
  charsPerSecond: 1_000_000,
  charBurst: 16_000_000,
  /** Operations of the engine in one message. */
  stepsPerOperation: 5_000,
  /** Characters of one presence selection as JSON. */
  selectionChars: 2_000,
  /** Operations a second, on average; a burst (the resending after an outage) may hold more at once. */
  operationsPerSecond: 200,
  operationBurst: 4_000,
  /** Frames a second, on average, and at once. */
  framesPerSecond: 60,
  frameBurst: 600,
} as const;

/** A replica tells its digest whenever it has executed a sequence number that is a multiple of this. */
export const DIGEST_EVERY = 200;

/** What the engine's replica executes, made from what the log holds. */
export interface ReplicaEntry<Step = unknown> {
  sequence: number;
  message: { id: OperationId; base: number; ops: readonly Step[]; touch?: readonly string[] };
  author: { id: string; name: string };
  /** ISO 8601, UTC. */
  time: string;
}

/**
 * The only reading of a logged operation: every replica, in the browser and on the server, makes its entry here.
 * Throws a plain Error for a payload that no room lets through, and for an attachment that `bytesOf` does not have.
 */
export function toReplicaEntry<Step = unknown>(
  operation: SequencedOperation,
  bytesOf: (sha256: string) => Uint8Array | undefined = () => undefined,
): ReplicaEntry<Step> {
  const payload = operation.o as { ops?: readonly Step[]; touch?: readonly string[] } | null;
  if (!payload || !Array.isArray(payload.ops))
    throw new Error(`Operation ${operation.sequence} has no steps.`);
  return {
    sequence: operation.sequence,
    message: {
      id: { client: operation.client, n: operation.n },
      base: operation.base,
      ops: withNamed(payload.ops, operation, bytesOf),
      ...(payload.touch && { touch: payload.touch }),
    },
    author: { id: operation.actor, name: operation.author },
    time: new Date(operation.at).toISOString(),
  };
}

function withNamed<Step>(
  ops: readonly Step[],
  { sequence, o }: SequencedOperation,
  bytesOf: (sha256: string) => Uint8Array | undefined,
): readonly Step[] {
  const named = attachmentsOf(o);
  if (named.length === 0) return ops;
  const found = new Map(named.map((sha256) => [sha256, bytesOf(sha256)]));
  for (const [sha256, bytes] of found)
    if (!bytes) throw new Error(`Operation ${sequence} needs the attachment ${sha256}, which is not here.`);
  return withAttachments(ops, (sha256) => found.get(sha256));
}

export type ServerMessage =
  | {
      t: 'welcome';
      protocol: number;
      epoch: number;
      /** Where to fetch the snapshot and the sequence it stands at; `null` when the client's own state still serves. */
      snapshot: { url: string; sequence: number } | null;
      /** Operations after the snapshot, or after the client's `lastSequence`. */
      operations: readonly SequencedOperation[];
      /** Highest of the client's own counters that the log holds; lower ones must not be sent again. */
      acknowledged: number;
      self: Participant;
      participants: readonly Participant[];
      permissions: Permissions;
      expiresAt: number;
      /**
       * Version that the application has confirmed, and whether the log holds edits that it has not got. `ongoing`: the
       * save to the session's target that is on its way or could not be delivered; its further steps follow.
       */
      saved: { version: number; unsaved: boolean; ongoing?: SaveProgress };
      /** Somebody went back to an earlier state after what this client had; its page says so. */
      restored?: { by: string; at: number; from: RestoredFrom };
    }
  /** Operations that are durable. A client finds its own among them: that is its acknowledgement. */
  | { t: 'ops'; operations: readonly SequencedOperation[] }
  /** An operation that was refused before it got a number; the client takes it back and offers its content. */
  | { t: 'reject'; n: number; code: string; reason: string }
  /** The document stays as it is: the state that somebody on this connection asked for could not be taken up again. */
  | { t: 'restoreRefused'; code: string; reason: string }
  | { t: 'joined'; participant: Participant }
  | { t: 'left'; client: string }
  | { t: 'presence'; selections: readonly { client: string; selection: PresenceSelection }[] }
  | { t: 'save'; progress: SaveProgress }
  /** A version has reached an application, whoever saved it. Everybody hears it; `sequence` is what the version holds. */
  | { t: 'delivered'; version: number; sequence: number; at: number }
  | { t: 'expires'; at: number }
  | { t: 'reload'; reason: string }
  | { t: 'permissions'; permissions: Permissions }
  | { t: 'ended'; reason: EndReason }
  | { t: 'pong' };

/** Where the page of a session finds its boot values: a `<script type="application/json" id="officina-boot">`. */
export interface WriterBoot {
  sessionId: string;
  documentName: string;
  /** Path of the room's WebSocket, relative to the page's origin. */
  roomPath: string;
  /**
   * Path of the bytes that the document was opened with, while nobody has edited it; `null` once the room alone knows
   * what it holds.
   */
  untouchedPath: string | null;
  person: SessionPerson;
  permissions: Permissions;
  mode: 'edit' | 'preview';
  interfaceLanguage: string;
  unit: 'in' | 'mm';
  view: 'webview' | 'pageview';
  ui: { saveButton: boolean; chatPanel: boolean; fileMenu: boolean; darkMode: boolean };
  /** Whether the session can save to the host application at all. */
  canSave: boolean;
  /** Path from which the current bytes can be downloaded; `null` when not permitted. */
  downloadPath: string | null;
  /** Path of the document's current bytes (docx) for the viewer, whatever the session may download. */
  contentPath: string;
  /** Path of the list of saved versions; `null` where the session may not see them. */
  versionsPath: string | null;
  /**
   * The version that the viewer shows, or the state that was never saved and has no number; `null` for the document as
   * it stands.
   */
  version: { number: number | null; savedAt: number } | null;
  /** Base path under which the metric-compatible fonts are served. */
  fontPath: string;
  expiresAt: number;
  /** Set where the document is the library's own and no application's. */
  library?: LibraryBoot;
}
