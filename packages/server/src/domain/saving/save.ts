import type { DocumentKey } from '../documents/document.js';
import type { CallbackSettings } from './callback-settings.js';

export type SaveReason = 'user' | 'leave' | 'expiry' | 'api' | 'interval';

/** One accepted wish to bring a version of a document to a target; it never disappears before it is settled. */
export interface Save {
  /** Also the delivery id and the idempotency key on the wire. */
  id: string;
  documentKey: DocumentKey;
  apiKeyId: string;
  documentId: string;
  documentName: string;
  sessionId: string;
  /** Who asked; null when the server did. */
  userId: string | null;
  reason: SaveReason;
  /** Sends the file even when the target already has the same bytes. */
  force: boolean;
  /** Counts the saves of one life of the document, from 1. */
  version: number;
  /** The log's sequence number that this save holds. */
  sequence: number;
  /** Same target, same queue: a hash of url, method, format, params and headers. */
  targetId: string;
  target: CallbackSettings;
  state: 'accepted' | 'built' | 'delivered' | 'superseded' | 'parked' | 'conflict';
  /** The built file; while `sha256` is null, the docx from which the target's format is still to be made. */
  blob: string | null;
  /** SHA-256 of the file as it is sent; fixed before the first attempt and never changed after it. */
  sha256: string | null;
  attempts: number;
  nextAttemptAt: number;
  /** Set while a worker holds the job. */
  leasedUntil: number | null;
  leaseOwner: string | null;
  createdAt: number;
  settledAt: number | null;
  /** The application's own words, or ours about what went wrong. */
  message: string | null;
}

export interface DeliveryAttempt {
  saveId: string;
  number: number;
  startedAt: number;
  durationMs: number;
  /** HTTP status, or null when none arrived. */
  status: number | null;
  /** First 4 KB of the answer or the error, secrets redacted. */
  answer: string;
  outcome: 'delivered' | 'refused' | 'unreachable' | 'timed_out' | 'egress_refused';
}

export type SavePlace = Pick<Save, 'documentKey' | 'targetId' | 'version' | 'sequence'>;

export interface SaveStore {
  /**
   * Gives the next version of the document and stores the save with it, in one transaction; its `sequence` is raised to
   * that of every earlier save of the document, so that a later version never holds less than an earlier one.
   */
  accept(save: Omit<Save, 'version'>): Promise<Save>;
  find(id: string): Promise<Save | undefined>;
  update(id: string, change: Partial<Omit<Save, 'id' | 'documentKey' | 'version'>>): Promise<void>;
  /**
   * Changes the save and returns true only if `owner` still holds its lease (its `leaseOwner` is the owner's name,
   * whether or not the time has run out); else changes nothing and returns false.
   */
  updateLeased(
    id: string,
    owner: string,
    change: Partial<Omit<Save, 'id' | 'documentKey' | 'version'>>,
  ): Promise<boolean>;
  /**
   * Takes at most `limit` due jobs: accepted or built, `nextAttemptAt` not after `now`, not leased or with a lease
   * that has run out. Of one (document, target) only the lowest version that is due, and none while another is under
   * a lease that has not run out: an older one that waits does not hold up a newer one. `built`
   * jobs whose target's host (`host:port` of the URL, as `URL.host`) is in `exceptHosts` are left out. Oldest due first.
   */
  lease(
    owner: string,
    now: number,
    leaseMs: number,
    limit: number,
    exceptHosts?: readonly string[],
  ): Promise<readonly Save[]>;
  /** Ends every lease at once. Only for a store that no other process works on: the holders died with the last one. */
  releaseLeases(): Promise<void>;
  /** When asking for a lease may give a job: one falls due, or a lease runs out; null when there is neither. */
  nextDueAt(): Promise<number | null>;
  /**
   * Records the attempt and the save's new state in one transaction and ends the lease, unless `change` names the
   * lease anew; false, and nothing recorded, when the lease was lost meanwhile. A save that was superseded in flight may become `delivered`, never waiting.
   */
  settle(
    attempt: DeliveryAttempt,
    owner: string,
    change: Partial<Omit<Save, 'id' | 'documentKey' | 'version'>>,
  ): Promise<boolean>;
  /**
   * Marks older `accepted` and `built` saves of the same document and target `superseded` and settled at `at`, except
   * those under a lease that has not run out: their holder does it when its attempt fails. Returns how many.
   */
  supersedeOlder(save: Save, at: number): Promise<number>;
  /** The newest save of the document for the target that is delivered. */
  findDelivered(documentKey: DocumentKey, targetId: string): Promise<Save | undefined>;
  listForDocument(documentKey: DocumentKey): Promise<readonly Save[]>;
  /**
   * What decides about a save at this place, by version: of its life of the document everything of a newer version or of
   * the same sequence, and of its target what waits or is parked, and the newest that is delivered.
   */
  listAround(place: SavePlace): Promise<readonly Save[]>;
  /** The ledger, newest first. */
  list(filter: {
    states?: readonly Save['state'][];
    limit: number;
    /** Only saves created earlier than this. */
    before?: number;
    /** With `before`, the id of the last save seen: then those created in its millisecond are not passed over. */
    beforeId?: string;
  }): Promise<readonly Save[]>;
  listAttempts(saveId: string): Promise<readonly DeliveryAttempt[]>;
  /** Lets every waiting (`accepted` or `built`) job of a host (`URL.host` of the target) become due at once. */
  wakeHost(host: string, now: number): Promise<number>;
  /** Lets every waiting job become due at once: the clock that their times were made on was wrong. */
  wakeAll(now: number): Promise<number>;
  /** `createdAt` of the oldest `accepted` or `built` save; null when there is none. */
  oldestUnsettledAt(): Promise<number | null>;
  /**
   * Removes settled saves, and their attempts, that were settled before `before`; of those that people still have to
   * look at (`parked`, `conflict`) only what was settled before `undeliveredBefore`, too. Returns how many.
   */
  purgeSettled(before: number, undeliveredBefore: number): Promise<number>;
}

/** Tells that the store may have work, so that nobody has to ask often. */
export interface SaveSignals {
  /** Hears that a save became due or a lease ended, here or in another process; returns a function that ends it. */
  onWaiting(listener: () => void): () => void;
}
