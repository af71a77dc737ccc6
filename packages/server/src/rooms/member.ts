import type { ClientMessage, Participant } from '@officina/protocol';
import type { OpeningSnapshot } from '../domain/content/document-snapshots.js';
import type { OperationAuthor } from '../domain/log/numbered-operation.js';
import type { Restoration } from '../domain/log/operation-log.js';
import type { Session } from '../domain/sessions/session.js';
import type { Listener } from './fan-out.js';
import type { StreamStart } from './operation-stream.js';

export type Hello = Extract<ClientMessage, { t: 'hello' }>;
export type Departure = 'clean' | 'dropped';

/** One client (tab) in a room. */
export interface Member extends Listener {
  readonly client: string;
  /** As it is now: its permissions may change while it is there. */
  readonly session: Session;
  readonly participant: Participant;
  readonly author: OperationAuthor;
  /** Starts to close; the room has already let go of the member. */
  close(code: number, reason: string): void;
}

export interface RoomStart extends StreamStart {
  epoch: number;
  opening: OpeningSnapshot;
  authors: ReadonlyMap<string, string>;
  /** Names of the attachments that the document has. */
  attachments: ReadonlySet<string>;
  /** Where people went back to an earlier state last. */
  restored: (Restoration & { sequence: number; at: number }) | null;
}

export interface RoomEvents {
  /** The room can go on no longer; everybody is disconnected and comes back to a fresh one. */
  onBroken(): void;
  /** Another state of the document has taken its place, or was meant to; everybody comes back to a fresh room. */
  onRestored(): void;
}
