import type { SaveProgress } from '@officina/protocol';
import type { DocumentKey } from '../documents/document.js';
import type { Session } from '../sessions/session.js';
import type { SaveReason } from './save.js';

/** The save pipeline as rooms and the wire faces see it. */
export interface Saves {
  /**
   * Accepts a save of everything that is durable in the session's document to the session's target; once this
   * resolves with `accepted` the save is never lost. Refuses by AppError: session_unknown, session_expired,
   * save_url_missing.
   */
  request(sessionId: string, reason: SaveReason, options?: { force?: boolean }): Promise<SaveProgress>;
  /** Accepts a save to every distinct target of the document that has not got the latest version. */
  requestForAllTargets(documentKey: DocumentKey, reason: 'leave' | 'expiry' | 'interval'): Promise<void>;
  /** Hears every step of every save; returns a function that ends the listening. */
  onProgress(
    listener: (documentKey: DocumentKey, sessionId: string, progress: SaveProgress) => void,
  ): () => void;
  /**
   * How the newest save to the session's target stands while the application has not got it, else null. The session
   * hears its further steps from now on.
   */
  follow(session: Session): Promise<SaveProgress | null>;
  /** Resolves with the outcome of a save: delivered or the first failure; or its present state at `deadline`. */
  waitFor(deliveryId: string, deadline: number): Promise<SaveProgress>;
  /** The last version that the application confirmed (0: none) and the log's sequence that it holds. */
  status(documentKey: DocumentKey): Promise<{ version: number; deliveredSequence: number }>;
}
