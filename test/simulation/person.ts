import type { StoryScope, TreeDocOp } from '@docx-editor.dev/core/store';
import { CoeditingClient, type LogEntry, type Step } from '@officina/engine/writer/replica';
import type { Clock } from './clock.js';
import { Editor, textOfBody } from './editor.js';
import type { TokenFact } from './judge.js';
import type { Random } from './random.js';
import { type Peer, type Server, Wire } from './server.js';

/** The one edit that the client takes back at once: it would put typed text out of everybody's reach. */
const FIELD_ENDS = /would lock text in a field$/;
const BODY: StoryScope = { kind: 'body' };

export interface PersonOptions {
  readonly name: string;
  readonly latency: readonly [number, number];
  /** How seldom their machine draws: what arrives in between is shown together. */
  readonly frameMs: number;
  readonly random: Random;
  /** What is known about each token of the run. */
  readonly facts: ReadonlyMap<string, TokenFact>;
}

/** Somebody at work: a real client, an editor beside it, a connection that may break. */
export class Person {
  readonly client: CoeditingClient;
  readonly editor: Editor;
  readonly problems: string[] = [];
  private peer: Peer | null = null;
  private arrived: LogEntry[] = [];
  private frameDue = false;
  /** The message number of the last edit, for the script's own book-keeping. */
  lastSent = 0;

  constructor(
    readonly options: PersonOptions,
    private readonly server: Server,
    private readonly clock: Clock,
  ) {
    const author = { id: options.name, name: options.name };
    server.sequencer.introduce(options.name, author);
    this.client = new CoeditingClient(server.source(), {
      client: options.name,
      author,
      now: () => clock.iso(),
    });
    this.editor = new Editor(this.client.package);
    this.connect();
  }

  get online(): boolean {
    return this.peer !== null;
  }

  connect(fromSnapshot = false): void {
    if (this.peer) return;
    const wire = new Wire(this.clock, this.options.random, this.options.latency);
    const peer: Peer = { wire, deliver: (entries) => this.arrive(entries) };
    this.peer = peer;
    wire.up(() => {
      const source = this.server.source();
      if (fromSnapshot && 'snapshot' in source) wire.down(() => this.restart(source));
      this.server.join(peer, fromSnapshot ? 0 : this.client.sequence);
      for (const message of this.client.pending) wire.up(() => this.server.receive(message));
    });
  }

  disconnect(): void {
    if (!this.peer) return;
    this.server.leave(this.peer);
    this.peer = null;
    this.arrived = [];
  }

  /** Commits in the editor as a command would; false when the core does not do it. */
  edit(ops: readonly TreeDocOp[], lifecycle = false, part?: string): boolean {
    const { name } = this.options;
    const before = new Set(this.editor.everything());
    const created = lifecycle
      ? this.editor.lifecycle(ops[0] as TreeDocOp, name)
      : this.editor.commit(ops, name, part);
    if (!created) return false;
    // What is refused at once has not happened: nobody deleted anything by it.
    return this.follow(
      this.client.commit({ operations: ops, scope: BODY, created, at: this.clock.now }),
      ops.map((op) => op.op).join(),
      before,
    );
  }

  /** Sends and installs what a step of the client asks for. `committed`: what stood there before the editor did it. */
  follow(step: Step, what = '', committed?: ReadonlySet<string>): boolean {
    const before = committed ?? new Set(this.editor.everything());
    if (step.install) this.editor.install(step.install.package);
    if (step.needsPackage) {
      this.problems.push(`an edit was not carried: ${what}`);
      this.editor.install(this.client.package);
    }
    for (const each of committed ? step.refused.filter(({ detail }) => !FIELD_ENDS.test(detail)) : [])
      this.problems.push(`own edit refused locally: ${each.kind} ${each.reason} ${each.detail}`);
    const message = step.send;
    if (!message) return false;
    this.lastSent = message.id.n;
    this.strikeVanished(before);
    this.peer?.wire.up(() => this.server.receive(message));
    if (this.options.random.chance(0.02)) this.peer?.wire.up(() => this.server.receive(message));
    this.compare('after an own edit');
    return true;
  }

  /** What went along with an edit (the rest of a field, a note with its reference) went by its author's hand. */
  private strikeVanished(before: ReadonlySet<string>): void {
    const after = new Set(this.editor.everything());
    const strike = { client: this.options.name, n: this.lastSent, sure: false };
    for (const character of before)
      if (!after.has(character)) this.options.facts.get(character)?.deletedBy.push(strike);
  }

  /** Author and date as the editor writes them; the server's replace them. */
  get revision(): { author: string; date: string } {
    return { author: this.options.name, date: this.clock.iso() };
  }

  get now(): number {
    return this.clock.now;
  }

  takeBack(direction: 'undo' | 'redo'): boolean {
    const { facts } = this.options;
    const before = new Set(this.editor.everything());
    const step = direction === 'undo' ? this.client.undo() : this.client.redo();
    if (!step.done) return false;
    // What comes back or goes with an undo is known only by what the editor shows.
    const sent = this.follow(step, direction);
    const after = new Set(this.editor.everything());
    const strike = { client: this.options.name, n: this.lastSent, sure: false };
    const own = ({ client }: { readonly client: string }) => client === strike.client;
    for (const character of before) {
      const fact = after.has(character) ? undefined : facts.get(character);
      if (fact && !own(fact) && !fact.deletedBy.some(own))
        this.problems.push(`${direction} took ${character} of ${fact.client}.${fact.n}, which is another's`);
      fact?.deletedBy.push(strike);
    }
    // What the person took out of sight just before, in a change that may still be refused, can go with it unseen.
    for (const fact of facts.values()) {
      const unseen = !before.has(fact.character) && !after.has(fact.character);
      if (unseen && fact.deletedBy.some(own)) fact.deletedBy.push(strike);
    }
    for (const character of after) {
      if (before.has(character)) continue;
      const fact = facts.get(character);
      fact?.deletedBy.forEach((each, i, all) => {
        all[i] = { ...each, sure: false };
      });
    }
    // Of what somebody else deleted, too, taking back shows nothing: it comes back when they take theirs back.
    if (sent && after.size === before.size && [...after].every((each) => before.has(each)))
      for (const { character, deletedBy } of facts.values())
        if (!before.has(character))
          deletedBy.forEach((each, i) => {
            if (own(each)) deletedBy[i] = { ...each, sure: false };
          });
    if (!sent) this.compare('after an undo that changed nothing');
    return sent;
  }

  /** Takes the newest work back and does it again at once: afterwards the text is what it was. */
  takeBackAndRedo(): boolean {
    const before = this.editor.text();
    if (!this.takeBack('undo')) return false;
    // What showed nothing when it was taken back (others had deleted it, too) has nothing to be done again.
    const shown = this.editor.text() !== before;
    if (!this.takeBack('redo') && shown)
      this.problems.push('what was taken back just now cannot be done again');
    const after = this.editor.text();
    if (after !== before)
      this.problems.push(`a redo gave other text than was there: ${differing(before, after)}`);
    return true;
  }

  private arrive(entries: readonly LogEntry[]): void {
    this.arrived.push(...entries);
    if (this.frameDue) return;
    this.frameDue = true;
    this.clock.after(this.options.frameMs, () => this.frame());
  }

  private frame(): void {
    this.frameDue = false;
    const entries = this.arrived;
    this.arrived = [];
    if (entries.length === 0) return;
    const known = this.client.sequence;
    const { install, send } = this.client.receive(entries.filter((entry) => entry.sequence > known));
    if (install) this.editor.install(install.package);
    for (const message of send) this.peer?.wire.up(() => this.server.receive(message));
    this.compare('after entries arrived');
  }

  private restart(source: { snapshot: Uint8Array }): void {
    const { install } = this.client.restart(source);
    if (install) this.editor.install(install.package);
    this.compare('after starting again from a snapshot');
  }

  /** What it shows must be the local view: the very same trees, or trees that say the same. */
  private compare(when: string): void {
    const there = this.client.package.parts.get(this.client.package.mainDocumentPart);
    if (there?.root === this.editor.main.root) return;
    const shown = this.editor.text();
    const local = textOfBody(this.client.package);
    if (shown !== local)
      this.problems.push(`${this.options.name} sees other text than the local view ${when}`);
  }
}

/** Where two texts differ, for the eye. */
function differing(a: string, b: string): string {
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  const at = Math.max(0, start - 5);
  return `${JSON.stringify(a.slice(at, start + 15))} became ${JSON.stringify(b.slice(at, start + 15))}`;
}
