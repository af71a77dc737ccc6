import { bodyStoryRoot, type OoxmlPackage, storyParagraphs } from '@docx-editor.dev/core/store';
import {
  digestOf,
  type Intent,
  type Message,
  type Operation,
  type Received,
  type Selection,
  type Step,
} from '@officina/engine/writer/replica';
import { DIGEST_EVERY, type SequencedOperation, toReplicaEntry } from '@officina/protocol';
import type { Attachments } from './attachments.js';
import type { Composition } from './composition.js';
import type { CommittedEdit, EditorSeat } from './editor-seat.js';
import type { Outbox } from './outbox.js';
import type { ReplicaClient } from './replica-client.js';
import type { RefusedWork } from './room-state.js';

export interface SharedDocumentDeps {
  readonly now: () => number;
  readonly schedule: (task: () => void, delayMs: number) => () => void;
  /** Runs `task` before a frame is painted: the next one, or after a rest when there was others' work just now. */
  readonly beforeNextFrame: (task: () => void) => void;
  /** Runs `task` when the page has nothing better to do. */
  readonly whenIdle: (task: () => void) => void;
  /** Others' work waits for the word that an input method is writing. */
  readonly composition: Composition;
  readonly outbox: Outbox;
  readonly attachments: Attachments;
}

/** What the session makes of it. */
export interface SharedDocumentListener {
  made(message: Message): void;
  refused(work: RefusedWork): void;
  /** The document, or what is pending, is not as it was. */
  changed(): void;
  digested(sequence: number, digest: string): void;
  /** An operation is missing between what this window has and what came. */
  gapFound(): void;
}

/** The replica and the editor, kept in step: own edits go out of the editor, others' go in together, before a frame. */
export class SharedDocument {
  readonly #replica: ReplicaClient;
  readonly #seat: EditorSeat;
  readonly #deps: SharedDocumentDeps;
  readonly #listener: SharedDocumentListener;
  /** Durable operations that wait for their frame. */
  #incoming: SequencedOperation[] = [];
  #frameAsked = false;
  /** Whether `#incoming` waits for the end of a word. */
  #isHeld = false;

  constructor(
    replica: ReplicaClient,
    seat: EditorSeat,
    deps: SharedDocumentDeps,
    listener: SharedDocumentListener,
  ) {
    this.#replica = replica;
    this.#seat = seat;
    this.#deps = deps;
    this.#listener = listener;
  }

  get replica(): ReplicaClient {
    return this.#replica;
  }

  /** Highest sequence number that this window holds, executed or waiting for its frame. */
  get lastSequence(): number {
    return this.#incoming[this.#incoming.length - 1]?.sequence ?? this.#replica.sequence;
  }

  /** Shows what the replica holds, where the editor opened something older. */
  show(): void {
    this.#seat.install({ package: this.#replica.package, selection: null });
  }

  /** Another document takes this one's place in the window: nothing that waits goes into the editor any more. */
  release(): void {
    this.#incoming = [];
  }

  commit(edit: CommittedEdit): void {
    this.#orShowAgain(() => {
      const step = this.#replica.commit({ ...edit, at: this.#deps.now() });
      if (step.needsPackage) this.#seat.commitOpaque();
      else this.#carry(step);
    });
  }

  /** What is new in `edited` gets other names in the shared document: the caret is carried by counting paragraphs. */
  commitOpaque(edited: OoxmlPackage): void {
    this.#orShowAgain(() => {
      const from = this.#seat.selection();
      const order = this.#seat.paragraphIds();
      const step = this.#replica.commitPackage(edited, this.#deps.now());
      if (step.install === null || from === null) {
        this.#carry(step);
        return;
      }
      const to = inOrderOf(bodyParagraphIds(step.install.package), order, from);
      this.#carry({ ...step, install: { ...step.install, selection: to === null ? null : { from, to } } });
      this.#replica.select(to);
    });
  }

  perform(intent: Intent): boolean {
    this.#deps.composition.end();
    this.#seat.handOver();
    const step = this.#replica.perform(intent, this.#deps.now());
    return !step.needsPackage && this.#carry(step);
  }

  /**
   * The editor has committed already. If what it did cannot be shared, it must not stay there either: later typing
   * would go to places that nobody else has.
   */
  #orShowAgain(share: () => void): void {
    try {
      share();
    } catch (error) {
      console.error('An edit could not be shared', error);
      this.show();
      this.#refuse(`own-${this.#deps.now()}`, 'it could not be shared with the others.');
    }
  }

  takeBack(direction: 'undo' | 'redo'): boolean {
    this.#deps.composition.end();
    this.#seat.handOver();
    const undone = this.#replica[direction]();
    if (undone.done) {
      this.#carry(undone);
      return true;
    }
    // With nothing to take back only a key press comes here, and silence is the right answer.
    if (undone.refused.length > 0) this.#refuse(`${direction}-${this.#deps.now()}`, undone.why ?? '');
    // What turned out to be impossible is not offered again.
    this.#seat.historyChanged();
    return false;
  }

  /** The editor says null after some remote changes though the caret is still there: that is not passed on. */
  select(selection: Selection | null): void {
    if (selection !== null) this.#replica.select(selection);
  }

  receive(operations: readonly SequencedOperation[]): void {
    if (operations.length === 0) return;
    this.#incoming.push(...operations);
    this.#askFrame();
  }

  reject(n: number, reason: string): void {
    this.#deps.composition.whenOver(() => {
      this.#seat.handOver();
      this.#took(this.#replica.reject(n, reason));
    });
  }

  /** Shows and hands out what a local step made; false when nothing came of it. */
  #carry(step: Step): boolean {
    if (step.install !== null) this.#seat.install(step.install);
    for (const refusal of step.refused)
      this.#refuse(`own-${this.#deps.now()}-${refusal.step}`, refusal.detail);
    if (step.send !== null) {
      this.#deps.outbox.keep(step.send);
      this.#listener.made(step.send);
    }
    this.#listener.changed();
    this.#seat.historyChanged();
    return step.send !== null || step.install !== null;
  }

  #askFrame(): void {
    if (this.#frameAsked) return;
    this.#frameAsked = true;
    this.#deps.beforeNextFrame(() => {
      this.#frameAsked = false;
      this.#takeIn();
    });
  }

  /** All that came since the last frame goes into the replica and, in one install, into the editor. */
  #takeIn(): void {
    if (this.#incoming.length === 0) return;
    if (this.#deps.composition.isOpen) {
      this.#takeInLater();
      return;
    }
    this.#seat.handOver();
    const { inOrder, gap } = inOrderAfter(this.#replica.sequence, this.#incoming);
    const { attachments } = this.#deps;
    const ready = attachments.readyCount(inOrder);
    this.#incoming = inOrder.slice(ready);
    for (const batch of cutAtDigests(inOrder.slice(0, ready))) {
      const entries = batch.map((entry) => toReplicaEntry<Operation>(entry, attachments.bytesOf));
      this.#took(this.#replica.receive(entries));
      this.#digestIfDue();
    }
    attachments.ran(inOrder.slice(0, ready));
    const [waiting] = this.#incoming;
    if (waiting) void attachments.fetchFor(waiting).then(() => this.#askFrame());
    if (gap) this.#listener.gapFound();
  }

  #took(received: Received): void {
    const last = received.acknowledged[received.acknowledged.length - 1];
    if (last !== undefined) this.#deps.outbox.forget(last);
    if (received.install !== null) this.#seat.install(received.install);
    for (const message of received.send) {
      this.#deps.outbox.keep(message);
      this.#listener.made(message);
    }
    for (const { message, refused, text, why } of received.refused) {
      this.#refuse(`${message.id.client}.${message.id.n}`, refused[0]?.detail ?? why, text);
    }
    this.#listener.changed();
    if (received.install !== null || received.refused.length > 0) this.#seat.historyChanged();
  }

  /** The package is immutable: what it holds now is digested later, when nobody types. */
  #digestIfDue(): void {
    const { sequence, confirmedReplica } = this.#replica;
    if (sequence === 0 || sequence % DIGEST_EVERY !== 0) return;
    const pkg: OoxmlPackage = confirmedReplica.package;
    this.#deps.whenIdle(() => this.#listener.digested(sequence, digestOf(pkg)));
  }

  /** Between two words, however fast they follow each other: some input methods have one open all the time. */
  #takeInLater(): void {
    if (this.#isHeld) return;
    this.#isHeld = true;
    this.#deps.composition.whenOver(() => {
      this.#isHeld = false;
      this.#takeIn();
    });
  }

  #refuse(key: string, reason: string, text = ''): void {
    this.#listener.refused({ key, reason, text });
  }
}

function bodyParagraphIds(pkg: OoxmlPackage): readonly string[] {
  const main = pkg.parts.get(pkg.mainDocumentPart);
  const body = main === undefined ? null : bodyStoryRoot(main);
  return body === null ? [] : storyParagraphs(body).map((paragraph) => paragraph.id);
}

/** The same places in another naming of the same paragraphs; null when they are not in the body, or not the same. */
function inOrderOf(
  names: readonly string[],
  order: readonly string[],
  selection: Selection,
): Selection | null {
  if (names.length !== order.length) return null;
  const renamed = ({ nodeId, offset }: Selection['anchor']) => {
    const name = names[order.indexOf(nodeId)];
    return name === undefined ? null : { nodeId: name, offset };
  };
  const anchor = renamed(selection.anchor);
  const head = renamed(selection.head);
  return anchor && head && { anchor, head };
}

/** Entries that directly follow `sequence`; a reconnect may bring some twice. */
export function inOrderAfter(
  sequence: number,
  entries: readonly SequencedOperation[],
): { inOrder: SequencedOperation[]; gap: boolean } {
  const inOrder: SequencedOperation[] = [];
  let last = sequence;
  for (const entry of [...entries].sort((a, b) => a.sequence - b.sequence)) {
    if (entry.sequence <= last) continue;
    if (entry.sequence > last + 1) return { inOrder, gap: true };
    inOrder.push(entry);
    last = entry.sequence;
  }
  return { inOrder, gap: false };
}

/** Batches that end where a digest is due, so that it is taken of that very state. */
export function cutAtDigests(
  entries: readonly SequencedOperation[],
): readonly (readonly SequencedOperation[])[] {
  const batches: SequencedOperation[][] = [];
  let batch: SequencedOperation[] = [];
  for (const entry of entries) {
    batch.push(entry);
    if (entry.sequence % DIGEST_EVERY === 0) {
      batches.push(batch);
      batch = [];
    }
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
