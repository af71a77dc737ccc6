import { type OoxmlNode, type TreeDocOp, TreePackageStore } from '@docx-editor.dev/core/store';
import { expect } from 'vitest';
import { createBlankDocx } from '../../index.js';
import { auditAddresses } from '../audit.js';
import { CoeditingClient } from '../client.js';
import type { Intent, Received, Step } from '../client-values.js';
import type { LogEntry, Message } from '../operation.js';
import { openReplica } from '../replica.js';
import { modelText, paragraphOrder } from '../view.js';

const base = createBlankDocx();

/** Everybody's messages in their order, and what each person has heard of it. */
export class Room {
  readonly log: LogEntry[] = [];
  readonly people: Somebody[] = [];

  order(...messages: readonly (Message | null | undefined)[]): void {
    for (const message of messages) {
      if (!message) continue;
      const name = message.id.client;
      const wire = JSON.parse(JSON.stringify(message)) as Message;
      const time = '2026-01-02T00:00:00Z';
      this.log.push({ sequence: this.log.length + 1, message: wire, author: { id: name, name }, time });
    }
  }

  /** Everybody hears everything until nobody has anything to add; then all must have the same. */
  meet(): readonly string[] {
    for (let heard = -1; heard < this.log.length; ) {
      heard = this.log.length;
      for (const each of this.people) this.order(...each.hear().send);
    }
    const fresh = openReplica({ base });
    for (const entry of this.log) fresh.execute(entry);
    expect(auditAddresses(fresh)).toEqual([]);
    for (const { client } of this.people) {
      expect(client.digest()).toBe(fresh.digest());
      expect(client.localReplica.digest()).toBe(fresh.digest());
      expect(client.pending).toEqual([]);
      expect(auditAddresses(client.localReplica)).toEqual([]);
    }
    return fresh.text().split('\n');
  }
}

/** Somebody whose editor can also change its document without saying how. */
export class Somebody {
  readonly client: CoeditingClient;
  readonly offered: { readonly text: string; readonly detail: string }[] = [];
  private readonly editor: TreePackageStore;
  private clock = 0;

  constructor(
    private readonly room: Room,
    readonly name: string,
    /** By whom the editor's own numbers are drawn; a replica draws them by client. */
    readonly actor = name,
  ) {
    const author = { id: name, name };
    this.client = new CoeditingClient({ base }, { client: name, author, now: () => '2026-01-01T00:00:00Z' });
    const pkg = this.client.package;
    this.editor = new TreePackageStore(pkg, pkg.parts.get(pkg.mainDocumentPart) as never, {
      historyLimit: 1,
    });
    room.people.push(this);
  }

  get main() {
    const pkg = this.editor.currentPackage();
    return pkg.parts.get(pkg.mainDocumentPart) as NonNullable<ReturnType<typeof pkg.parts.get>>;
  }

  paragraph(index: number): string {
    return paragraphOrder(this.main)[index] as string;
  }

  /** Ids of the paragraphs of another story. */
  paragraphsIn(name: string): readonly string[] {
    const part = this.client.package.parts.get(name);
    return part ? paragraphOrder(part) : [];
  }

  /** Ids of the elements with this name, in the order of the document. */
  all(localName: string): readonly string[] {
    return idsNamed(this.main.root, localName);
  }

  lines(): readonly string[] {
    return paragraphOrder(this.main).map((id) => modelText(this.main, id));
  }

  edit(...operations: TreeDocOp[]): Message | null {
    const created = this.commit(operations);
    return this.follow(
      this.client.commit({ operations, scope: { kind: 'body' }, created, at: this.later() }),
    );
  }

  /** The editor says only what its document is now. */
  opaque(...operations: TreeDocOp[]): Message | null {
    this.commit(operations);
    return this.follow(this.client.commitPackage(this.editor.currentPackage(), this.later()));
  }

  type(index: number, offset: number, text: string): Message | null {
    return this.edit({ op: 'insertText', paragraphId: this.paragraph(index), offset, text });
  }

  perform(intent: Intent): Message | null {
    return this.follow(this.client.perform(intent, this.later()));
  }

  undo(): Message | null {
    return this.follow(this.client.undo());
  }

  redo(): Message | null {
    return this.follow(this.client.redo());
  }

  hear(): Received {
    const received = this.client.receive(this.room.log.slice(this.client.sequence));
    if (received.install) this.editor.installAuthoritativePackageSnapshot(received.install.package);
    for (const { text, refused } of received.refused)
      this.offered.push({ text, detail: refused[0]?.detail ?? '' });
    return received;
  }

  /** Every edit is a unit of its own. */
  private later(): number {
    this.clock += 1000;
    return this.clock;
  }

  private commit(operations: readonly TreeDocOp[]): readonly string[] {
    const result = this.editor.transact(
      { kind: 'body' },
      (context) => {
        for (const op of operations) context.apply(op);
      },
      { recordsHistory: false, actorId: this.actor },
    );
    if (!result.ok) throw new Error(`The editor refused: ${result.reason}`);
    return result.change?.created ?? [];
  }

  private follow(step: Step): Message | null {
    if (step.install) this.editor.installAuthoritativePackageSnapshot(step.install.package);
    return step.send;
  }
}

/** Two people in a document of these paragraphs. */
export function together(...lines: readonly string[]) {
  const room = new Room();
  const [ana, bob] = [new Somebody(room, 'ana', 'somebody-else'), new Somebody(room, 'bob')];
  lines.forEach((line, index) => {
    if (index > 0) {
      const last = ana.lines()[index - 1]?.length ?? 0;
      room.order(ana.edit({ op: 'splitParagraph', paragraphId: ana.paragraph(index - 1), offset: last }));
    }
    room.order(ana.type(index, 0, line));
  });
  room.meet();
  return { room, ana, bob };
}

export const typed = (who: Somebody, index: number, offset: number, text: string): TreeDocOp => ({
  op: 'insertText',
  paragraphId: who.paragraph(index),
  offset,
  text,
});

/** Ids of the elements with this name below `root`, in the order of the document. */
export function idsNamed(root: OoxmlNode, localName: string): readonly string[] {
  if (root.kind === 'textValue') return [];
  const below = (root.children as readonly OoxmlNode[]).flatMap((child) => idsNamed(child, localName));
  return root.localName === localName ? [root.id, ...below] : below;
}
