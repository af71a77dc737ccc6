import type {
  EndReason,
  Participant,
  Permissions,
  SaveProgress,
  ServerMessage,
  WriterBoot,
} from '@officina/protocol';
import type { Link } from './connection.js';

/** Why this window shows no document any more. */
export type Ending = EndReason | 'unknown_session' | 'must_reload' | 'failed';

/** Work of this person that the document could not take, with its text to be copied. */
export interface RefusedWork {
  readonly key: string;
  readonly reason: string;
  readonly text: string;
}

/** Everything about the room that the page shows, but for the document itself. */
export interface RoomState {
  readonly link: Link;
  /** Whether a document is open in this window; typing is possible from then on, whatever the link does. */
  readonly opened: boolean;
  readonly self: Participant | null;
  readonly participants: readonly Participant[];
  readonly permissions: Permissions;
  readonly expiresAt: number;
  /** Own operations that are not durable on the server yet. */
  readonly pending: number;
  /** Whether the log holds edits that the application has not got. */
  readonly unsaved: boolean;
  /** The last version that the application confirmed, as far as this window knows; 0 for none. */
  readonly confirmedVersion: number;
  /** When that was heard of, in this window or another; null before. */
  readonly deliveredAt: number | null;
  /** The newest place of the log that this window knows of. */
  readonly head: number;
  readonly save: SaveStep | null;
  readonly refused: readonly RefusedWork[];
  /** An earlier state that somebody took up again while this window had the document open. */
  readonly restored: Restored | null;
  /** This person's wish to go back to an earlier state: under way, or refused. */
  readonly restoring: { readonly state: 'asked' } | { readonly state: 'refused'; reason: string } | null;
  readonly ending: Ending | null;
}

export type Restored = NonNullable<Extract<ServerMessage, { t: 'welcome' }>['restored']>;

/** A save that this person asked for: before the server answered, or as the server tells it. */
export type SaveStep = { readonly state: 'asked' } | SaveProgress;

export type RoomEvent =
  | { type: 'link'; link: Link }
  | { type: 'opened' }
  | { type: 'reopening' }
  | { type: 'restoreAsked' }
  | { type: 'restoredSeen' }
  | { type: 'pending'; count: number }
  | { type: 'edited' }
  | { type: 'saveAsked' }
  | { type: 'refused'; work: RefusedWork }
  | { type: 'refusedSeen' }
  | { type: 'failed' }
  | { type: 'mustReload' }
  | { type: 'message'; message: ServerMessage };

export function roomBefore(boot: Pick<WriterBoot, 'permissions' | 'expiresAt'>): RoomState {
  return {
    link: { state: 'connecting', attempt: 0 },
    opened: false,
    self: null,
    participants: [],
    permissions: boot.permissions,
    expiresAt: boot.expiresAt,
    pending: 0,
    unsaved: false,
    confirmedVersion: 0,
    deliveredAt: null,
    head: 0,
    save: null,
    refused: [],
    restored: null,
    restoring: null,
    ending: null,
  };
}

export function roomAfter(room: RoomState, event: RoomEvent): RoomState {
  switch (event.type) {
    case 'link':
      return afterLink(room, event.link);
    case 'opened':
      return room.opened ? room : { ...room, opened: true };
    case 'reopening':
      return { ...room, opened: false, pending: 0 };
    case 'restoreAsked':
      return { ...room, restoring: { state: 'asked' } };
    case 'restoredSeen':
      return { ...room, restored: null, restoring: null };
    case 'pending':
      return room.pending === event.count ? room : { ...room, pending: event.count };
    case 'edited':
      return room.unsaved ? room : { ...room, unsaved: true };
    case 'saveAsked':
      return { ...room, save: { state: 'asked' } };
    case 'refused':
      return { ...room, refused: [...room.refused, event.work] };
    case 'refusedSeen':
      return { ...room, refused: [] };
    case 'failed':
      return { ...room, ending: room.ending ?? 'failed' };
    case 'mustReload':
      return { ...room, ending: room.ending ?? 'must_reload' };
    case 'message':
      return afterMessage(room, event.message);
    default:
      return event satisfies never;
  }
}

function afterLink(room: RoomState, link: Link): RoomState {
  // A save whose answer was lost on the way is not known to have failed: the welcome tells what is unsaved.
  const save = link.state === 'waiting' && room.save?.state === 'asked' ? null : room.save;
  // Code 1000 is this window's own doing, and it has said why.
  if (link.state !== 'closed' || link.code === 1000) return { ...room, link, save };
  return { ...room, link, save, ending: room.ending ?? endingOfClose(link.code) };
}

function endingOfClose(code: number): Ending {
  switch (code) {
    case 4401:
      return 'unknown_session';
    case 4403:
      return 'session_deleted';
    default:
      return 'failed';
  }
}

function afterMessage(room: RoomState, message: ServerMessage): RoomState {
  switch (message.t) {
    case 'welcome':
      return {
        ...room,
        self: message.self,
        participants: message.participants,
        permissions: message.permissions,
        expiresAt: message.expiresAt,
        unsaved: message.saved.unsaved || room.pending > 0,
        confirmedVersion: message.saved.version,
        deliveredAt: message.saved.version === room.confirmedVersion ? room.deliveredAt : null,
        head: headOf(message.operations, message.snapshot?.sequence ?? room.head),
        save: saveAfterWelcome(room.save, message.saved.ongoing),
        restored: message.restored ?? room.restored,
        // What was asked for was done, or its answer got lost with the link.
        restoring: room.restoring?.state === 'asked' ? null : room.restoring,
      };
    case 'joined':
      return {
        ...room,
        participants: [...without(room.participants, message.participant.client), message.participant],
      };
    case 'left':
      return { ...room, participants: without(room.participants, message.client) };
    case 'ops':
      if (message.operations.length === 0) return room;
      return { ...room, unsaved: true, head: headOf(message.operations, room.head) };
    case 'delivered':
      return afterDelivery(room, message);
    case 'save':
      return afterSave(room, message.progress);
    case 'expires':
      return { ...room, expiresAt: message.at };
    case 'permissions':
      return { ...room, permissions: message.permissions };
    case 'ended':
      return { ...room, ending: message.reason };
    case 'restoreRefused':
      return { ...room, restoring: { state: 'refused', reason: message.reason } };
    case 'presence':
    case 'reject':
    case 'reload':
    case 'pong':
      return room;
    default:
      return message satisfies never;
  }
}

function afterSave(room: RoomState, progress: SaveProgress): RoomState {
  const isThere = progress.state === 'delivered' || progress.state === 'unchanged';
  // Others may have written since: their work is not delivered with it.
  const upTo = progress.state === 'delivered' ? (progress.sequence ?? room.head) : room.head;
  // By the log alone: what is pending here may be in it, and delivered, and only wait for its frame. The rest of it makes
  // the document unsaved again when it comes back numbered.
  const clean = isThere && room.head <= upTo;
  const confirmedVersion = clean ? Math.max(room.confirmedVersion, progress.version) : room.confirmedVersion;
  return { ...room, save: progress, unsaved: clean ? false : room.unsaved, confirmedVersion };
}

/** A version has arrived, whoever saved it. */
function afterDelivery(
  room: RoomState,
  { version, sequence, at }: Extract<ServerMessage, { t: 'delivered' }>,
): RoomState {
  if (version < room.confirmedVersion) return room;
  const isAll = room.head <= sequence;
  // This window's own last save is history now.
  const isOlder = room.save?.state === 'delivered' && room.save.version < version;
  return {
    ...room,
    ...{ confirmedVersion: version, deliveredAt: at },
    save: isOlder || room.save?.state === 'unchanged' ? null : room.save,
    unsaved: isAll ? false : room.unsaved,
  };
}

function headOf(operations: readonly { sequence: number }[], least: number): number {
  return Math.max(least, operations.at(-1)?.sequence ?? 0);
}

/** What was under way when the link broke may be over by now: only the server knows. */
function saveAfterWelcome(save: SaveStep | null, ongoing: SaveProgress | undefined): SaveStep | null {
  if (ongoing !== undefined) return ongoing;
  return save !== null && isUnderWay(save) ? null : save;
}

/** Whether anything that was typed here or by others is not with the application yet. */
export function hasUnsaved({ unsaved, pending }: RoomState): boolean {
  return unsaved || pending > 0;
}

/** Whether a further step of this save is to be expected. */
export function isUnderWay({ state }: SaveStep): boolean {
  return state === 'asked' || state === 'accepted' || state === 'delivering' || state === 'retrying';
}

function without(participants: readonly Participant[], client: string): readonly Participant[] {
  return participants.filter((participant) => participant.client !== client);
}
