import type { BlobStore } from '../content/blob-store.js';
import type { DocumentContent } from '../content/document-content.js';
import type { CallbackSettings } from '../saving/callback-settings.js';
import type { SaveStore } from '../saving/save.js';
import { targetIdOf } from '../saving/target.js';
import type { Session } from '../sessions/session.js';
import type { Clock } from '../time.js';
import { sha256Of } from './blob-keeper.js';
import type { Document } from './document.js';

export interface ConflictLedgerDeps {
  saves: Pick<SaveStore, 'accept' | 'listForDocument'>;
  content: Pick<DocumentContent, 'build'>;
  blobs: Pick<BlobStore, 'put'>;
  clock: Clock;
  newId(): string;
}

/** Stands in the ledger for edits of people whose sessions had nowhere to save to. */
const NO_TARGET: CallbackSettings = {
  saveUrl: '',
  format: 'docx',
  method: 'post',
  retries: 0,
  timeoutMs: 120_000,
  params: {},
  headers: {},
};

/** Keeps the undelivered edits of a life that was replaced: never sent by themselves, there for people to look at. */
export class ConflictLedger {
  readonly #deps: ConflictLedgerDeps;

  constructor(deps: ConflictLedgerDeps) {
    this.#deps = deps;
  }

  /**
   * Writes one row for every target of the sessions that has not got everything, each with the file as it stood.
   * A save that was accepted before and holds everything is parked as a conflict by its delivery, so it gets no row.
   */
  async keep(document: Document, sessions: readonly Session[]): Promise<void> {
    const { bytes, sequence } = await this.#deps.content.build(document.key);
    const accepted = (await this.#deps.saves.listForDocument(document.key)).filter(
      (save) => save.sequence >= sequence,
    );
    const covered = new Set(accepted.map((save) => save.targetId));
    const open = distinctTargets(sessions).filter((one) => !covered.has(targetIdOf(one.target)));
    const rows =
      open.length > 0 || covered.size > 0 ? open : [{ target: NO_TARGET, session: sessions.at(-1) }];
    if (rows.length === 0) return;

    const [{ sha256: blob }, sha256] = await Promise.all([this.#deps.blobs.put(bytes), sha256Of(bytes)]);
    for (const { target, session } of rows) {
      const now = this.#deps.clock();
      await this.#deps.saves.accept({
        id: this.#deps.newId(),
        documentKey: document.key,
        apiKeyId: document.apiKeyId,
        documentId: document.documentId,
        documentName: document.name,
        sessionId: session?.id ?? '',
        userId: session?.user.userId ?? null,
        reason: 'expiry',
        force: false,
        sequence,
        targetId: targetIdOf(target),
        target,
        state: 'conflict',
        blob,
        sha256: target.format === 'docx' || target.format === 'zdoc' ? sha256 : null,
        attempts: 0,
        nextAttemptAt: now,
        leasedUntil: null,
        leaseOwner: null,
        createdAt: now,
        settledAt: now,
        message: 'The application sent another file for this id before these edits were delivered.',
      });
    }
  }
}

function distinctTargets(
  sessions: readonly Session[],
): { target: CallbackSettings; session: Session | undefined }[] {
  const byId = new Map<string, { target: CallbackSettings; session: Session | undefined }>();
  for (const session of sessions) {
    if (session.callback) byId.set(targetIdOf(session.callback), { target: session.callback, session });
  }
  return [...byId.values()];
}
