import { DIGEST_EVERY } from '@officina/protocol';
import type { DocumentSnapshots } from '../domain/content/document-snapshots.js';
import type { DocumentKey } from '../domain/documents/document.js';
import { DigestCourt, type Verdict } from './digest-court.js';
import type { RoomMetrics } from './metrics.js';
import type { RoomJournal } from './ports.js';

export interface DigestWatchDeps {
  content: Pick<DocumentSnapshots, 'digestAt'>;
  journal: RoomJournal;
  metrics: RoomMetrics;
  /** The client's replica went astray: it has to load again. */
  onAstray(client: string): void;
}

/** Older digests are no longer asked about: their operations may be far below the newest snapshot. */
const WATCHED_OPERATIONS = 4 * DIGEST_EVERY;

/** Finds replicas that went astray, raises the alarm and has the server's replica decide where nobody else can. */
export class DigestWatch {
  readonly #documentKey: DocumentKey;
  readonly #deps: DigestWatchDeps;
  readonly #court = new DigestCourt();
  #isJudging = false;

  constructor(documentKey: DocumentKey, deps: DigestWatchDeps) {
    this.#documentKey = documentKey;
    this.#deps = deps;
  }

  hear(client: string, sequence: number, digest: string, head: number): void {
    if (sequence === 0 || sequence % DIGEST_EVERY !== 0) return;
    if (sequence > head || sequence < head - WATCHED_OPERATIONS) return;
    this.#execute(this.#court.hear(client, sequence, digest), sequence);
  }

  /** What the server's replica found when it made a snapshot. */
  learn(sequence: number, digest: string): void {
    this.#execute(this.#court.learn(sequence, digest), sequence);
  }

  forget(client: string): void {
    this.#court.forget(client);
  }

  #execute(verdict: Verdict, sequence: number): void {
    switch (verdict.state) {
      case 'agreed':
        return;
      case 'undecided':
        void this.#judge(sequence);
        return;
      case 'astray':
        this.#alarm(sequence, 'A replica differs from the others and loads again.');
        for (const client of verdict.clients) {
          this.#court.forget(client);
          this.#deps.onAstray(client);
        }
        return;
      default:
        verdict satisfies never;
    }
  }

  /** One question at a time: a replay is dear, and whoever lies may not buy many. */
  async #judge(sequence: number): Promise<void> {
    if (this.#isJudging) return;
    this.#isJudging = true;
    this.#alarm(sequence, 'Replicas of a document differ, and no side has more than half.');
    try {
      this.learn(sequence, await this.#deps.content.digestAt(this.#documentKey, sequence));
    } catch (error) {
      this.#deps.journal.error(
        { document: this.#documentKey, sequence, err: error },
        'Nobody knows which replica is right.',
      );
    } finally {
      this.#isJudging = false;
    }
  }

  #alarm(sequence: number, text: string): void {
    this.#deps.metrics.digestMismatches += 1;
    this.#deps.journal.error({ document: this.#documentKey, sequence }, text);
  }
}
