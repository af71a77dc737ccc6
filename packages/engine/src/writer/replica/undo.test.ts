import {
  ensureListDefinition,
  type OoxmlNode,
  readOoxmlPackage,
  type TreeDocOp,
  TreePackageStore,
} from '@docx-editor.dev/core/store';
import { beforeEach, describe, expect, it } from 'vitest';
import { createBlankDocx } from '../index.js';
import { auditAddresses } from './audit.js';
import { CoeditingClient } from './client.js';
import type { LogEntry, Message } from './operation.js';
import { DocumentReplica, type ReplicaSource } from './replica.js';
import { idsNamed } from './testing/people.js';
import { modelText, paragraphOrder } from './view.js';

/** Read once: everybody starts from the same trees, which never change. */
const source = read(createBlankDocx());
const TABLE = { rows: 2, cols: 2, columnWidthTwips: 2000 };

function read(base: Uint8Array): ReplicaSource {
  const found = readOoxmlPackage(base);
  if (!found.ok) throw new Error('The core refuses its own blank document.');
  return { base, read: found.package };
}

/** Everybody's messages in their order. */
class Room {
  readonly log: LogEntry[] = [];
  readonly people: Somebody[] = [];
  /** Replays the log and nothing else. */
  private readonly fresh = DocumentReplica.open(source);

  order(message: Message | null): void {
    if (!message) return;
    const name = message.id.client;
    const wire = JSON.parse(JSON.stringify(message)) as Message;
    const time = '2026-01-02T00:00:00Z';
    this.log.push({ sequence: this.log.length + 1, message: wire, author: { id: name, name }, time });
  }

  /** Everybody sees everything, and the same. */
  meet(): void {
    for (const each of this.people) each.receive(this.log);
    const { fresh } = this;
    for (const entry of this.log.slice(fresh.sequence)) fresh.execute(entry);
    expect(auditAddresses(fresh)).toEqual([]);
    for (const { client } of this.people) {
      expect(client.digest()).toBe(fresh.digest());
      expect(client.localReplica.digest()).toBe(fresh.digest());
    }
  }
}

/** Somebody with an editor that commits operations of the core; every edit is a unit of its own. */
class Somebody {
  readonly client: CoeditingClient;
  private readonly editor: TreePackageStore;
  private clock = 0;

  constructor(
    private readonly room: Room,
    readonly name: string,
  ) {
    const author = { id: name, name };
    this.client = new CoeditingClient(source, { client: name, author, now: () => '2026-01-01T00:00:00Z' });
    const pkg = this.client.package;
    this.editor = new TreePackageStore(pkg, pkg.parts.get(pkg.mainDocumentPart) as never, {
      historyLimit: 1,
    });
    room.people.push(this);
  }

  get pkg() {
    return this.editor.currentPackage();
  }

  get main() {
    return this.pkg.parts.get(this.pkg.mainDocumentPart) as NonNullable<
      ReturnType<typeof this.pkg.parts.get>
    >;
  }

  get paragraphs(): readonly string[] {
    return paragraphOrder(this.main);
  }

  paragraph(index: number): string {
    return this.paragraphs[index] as string;
  }

  textOf(index: number): string {
    return modelText(this.main, this.paragraph(index));
  }

  all(localName: string): readonly string[] {
    return idsNamed(this.main.root, localName);
  }

  /** Null when the core does not do it. */
  edit(...operations: TreeDocOp[]): boolean {
    const result = this.editor.transact(
      { kind: 'body' },
      (context) => {
        for (const op of operations) if (!context.apply(op)) return;
      },
      { recordsHistory: false, actorId: this.name },
    );
    if (!result.ok || !result.change) return false;
    const { created } = result.change;
    this.clock += 1000;
    const step = this.client.commit({ operations, scope: { kind: 'body' }, created, at: this.clock });
    this.follow(step);
    if (step.needsPackage) throw new Error(`not carried: ${operations.map((op) => op.op)}`);
    return true;
  }

  type(index: number, offset: number, text: string): boolean {
    return this.edit({ op: 'insertText', paragraphId: this.paragraph(index), offset, text });
  }

  enter(index: number, offset: number): boolean {
    return this.edit({ op: 'splitParagraph', paragraphId: this.paragraph(index), offset });
  }

  join(index: number): boolean {
    return this.edit({
      op: 'joinParagraphs',
      firstId: this.paragraph(index),
      secondId: this.paragraph(index + 1),
    });
  }

  bullet(index: number): boolean {
    const definition = ensureListDefinition(this.pkg, 'bullet');
    if (!definition) return false;
    this.editor.installAuthoritativePackageSnapshot(definition.pkg);
    const { numId } = definition;
    return this.edit({ op: 'setListNumbering', paragraphId: this.paragraph(index), numId } as TreeDocOp);
  }

  undo() {
    return this.follow(this.client.undo());
  }

  redo() {
    return this.follow(this.client.redo());
  }

  /** Presses until it is said that nothing is left; every press but the last changes what is seen. */
  undoAll(): number {
    return this.pressAll('undo');
  }

  redoAll(): number {
    return this.pressAll('redo');
  }

  private pressAll(direction: 'undo' | 'redo'): number {
    let presses = 0;
    for (; direction === 'undo' ? this.client.canUndo : this.client.canRedo; presses++) {
      const before = this.outline();
      const step = this[direction]();
      if (!step.done || this.outline() === before) throw new Error(`A ${direction} did nothing: ${step.why}`);
      if (step.refused.length > 0) throw new Error(`A ${direction} was refused: ${step.refused[0]?.detail}`);
    }
    return presses;
  }

  private follow<S extends ReturnType<CoeditingClient['undo']> | ReturnType<CoeditingClient['commit']>>(
    step: S,
  ): S {
    if (step.install) this.editor.installAuthoritativePackageSnapshot(step.install.package);
    this.room.order(step.send);
    return step;
  }

  receive(log: readonly LogEntry[]): void {
    const { install } = this.client.receive(log.slice(this.client.sequence));
    if (install) this.editor.installAuthoritativePackageSnapshot(install.package);
  }

  /** Text and structure, without ids and however the text is cut into runs. */
  outline(): string {
    return outlineOf(this.main.root);
  }
}

function outlineOf(node: OoxmlNode): string {
  if (node.kind === 'textValue') return node.value;
  const inner = (node.children as readonly OoxmlNode[]).map(outlineOf).join('');
  const values = node.attributes.map((each) => each.value).join(' ');
  switch (node.localName) {
    case 'p':
      return `¶${inner}\n`;
    case 'tbl':
    case 'tr':
    case 'tc':
      return `[${node.localName} ${inner}]`;
    case 't':
      return inner;
    case 'r': {
      const bold = inner.startsWith('<b ');
      const text = bold ? inner.replace(/^<b [^>]*>/, '') : inner;
      return bold ? [...text].map((each) => `${each}\u0332`).join('') : text;
    }
    case 'b':
    case 'jc':
    case 'numId':
    case 'ilvl':
      return `<${node.localName} ${values}>`;
    default:
      return inner;
  }
}

describe('undo and redo of own work', () => {
  let room: Room;
  let ana: Somebody;
  let blank: string;

  beforeEach(() => {
    room = new Room();
    ana = new Somebody(room, 'ana');
    blank = ana.outline();
  });

  function thereAndBack(): void {
    const done = ana.outline();
    for (let round = 0; round < 2; round++) {
      ana.undoAll();
      expect(ana.outline()).toBe(blank);
      ana.redoAll();
      expect(ana.outline()).toBe(done);
      room.meet();
    }
  }

  it('[OP8] a paragraph that an undo brings back is the one that an older split made', () => {
    ana.type(0, 0, 'Hello solo world');
    ana.enter(0, 5);
    ana.join(0);

    const seen = [ana.undo(), ana.undo(), ana.undo()].map(({ done }) => done);

    expect(seen).toEqual([true, true, true]);
    expect(ana.outline()).toBe(blank);
    ana.redoAll();
    thereAndBack();
  });

  it('[OP8] everything deleted at once comes back and goes again', () => {
    ['one', 'two', 'three', 'four'].forEach((word, i) => {
      if (i > 0) ana.enter(i - 1, ana.textOf(i - 1).length);
      ana.type(i, 0, word);
    });
    ana.edit(
      ...[3, 2, 1].flatMap((i): TreeDocOp[] => [
        { op: 'deleteText', paragraphId: ana.paragraph(i), start: 0, end: ana.textOf(i).length },
        { op: 'joinParagraphs', firstId: ana.paragraph(i - 1), secondId: ana.paragraph(i) },
      ]),
      { op: 'deleteText', paragraphId: ana.paragraph(0), start: 0, end: 3 },
    );
    expect(ana.outline()).toBe(blank);

    thereAndBack();
  });

  it('[OP8] text comes back into the cell of a table that came back', () => {
    ana.type(0, 0, 'T');
    ana.enter(0, 1);
    ana.edit({ op: 'insertTable', beforeParagraphId: ana.paragraph(1), ...TABLE });
    ana.type(1, 0, 'cell');
    const [tableId, rowId] = [ana.all('tbl')[0] as string, ana.all('tr')[1] as string];
    ana.edit({ op: 'insertTableRow', tableId, rowId, where: 'below' });
    ana.type(5, 0, 'new row');

    thereAndBack();
  });

  it('[OP8] a list with its levels goes and comes back', () => {
    ana.bullet(0);
    ana.type(0, 0, 'one');
    ana.enter(0, 3);
    ana.type(1, 0, 'two');
    ana.enter(1, 3);
    ana.edit({ op: 'setListLevel', paragraphId: ana.paragraph(2), delta: 1 } as unknown as TreeDocOp);
    ana.type(2, 0, 'sub');

    thereAndBack();
  });

  it('[OP9] a step that somebody made impossible is told once and does not stop the older ones', () => {
    const bob = new Somebody(room, 'bob');
    ana.type(0, 0, 'older');
    ana.edit({ op: 'insertTable', beforeParagraphId: ana.paragraph(0), ...TABLE });
    room.meet();
    bob.type(0, 0, 'mine');
    room.meet();

    const undone = ana.undo();

    expect(undone.done).toBe(true);
    expect(undone.refused).toHaveLength(1);
    expect(ana.outline()).toContain('mine');
    expect(ana.outline()).not.toContain('older');
    expect(ana.client.canUndo).toBe(false);
    expect(ana.undo()).toMatchObject({ done: false, refused: [] });
    room.meet();
  });

  it.each(Array.from({ length: 14 }, (_, i) => i + 1))(
    '[OP8] undoing all is as if nothing had been done, redoing all as before (seed %i)',
    (seed) => {
      const random = randomOf(seed);
      const confirms = seed % 2 === 0;
      for (let i = 0; i < 25; i++) {
        editAtRandom(ana, random);
        if (confirms) ana.receive(room.log);
      }

      thereAndBack();
    },
  );

  it.each([1, 2, 3])('[OP8] two in one table take back nothing of each other (seed %i)', (seed) => {
    const random = randomOf(seed);
    const bob = new Somebody(room, 'bob');
    ana.edit({ op: 'insertTable', beforeParagraphId: ana.paragraph(0), ...TABLE });
    room.meet();
    const people = [
      [ana, 'x'],
      [bob, 'y'],
    ] as const;
    for (let i = 0; i < 60; i++) {
      const [who, letter] = people[random(2)] as (typeof people)[number];
      const index = random(4);
      const length = who.textOf(index).length;
      if (random(4) === 0) who.edit({ op: 'insertTableRow', ...rowOf(who, random), where: 'below' });
      else who.type(index, random(length + 1), letter);
      if (random(3) === 0) room.meet();
    }
    room.meet();
    const count = (letter: string) => ana.outline().split(letter).length - 1;

    const foreign = count('y');
    for (let i = 0; i < 60; i++) ana.undo();
    room.meet();
    expect(count('x')).toBe(0);
    expect(count('y')).toBe(foreign);
    for (let i = 0; i < 60; i++) bob.undo();
    room.meet();

    expect(count('y')).toBe(0);
    expect([ana.client.canUndo, bob.client.canUndo]).toEqual([false, false]);
  });
});

type Random = (below: number) => number;

function randomOf(seed: number): Random {
  let state = seed * 2654435761;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function rowOf(who: Somebody, random: Random) {
  const rows = who.all('tr');
  return { tableId: who.all('tbl')[0] as string, rowId: rows[random(rows.length)] as string };
}

function editAtRandom(who: Somebody, random: Random): boolean {
  const index = random(who.paragraphs.length);
  const paragraphId = who.paragraph(index);
  const length = who.textOf(index).length;
  const start = random(length + 1);
  const end = start + random(length - start + 1);
  switch (random(10)) {
    case 0:
    case 1:
    case 2:
      return who.type(index, start, 'abcdefgh'.slice(0, 1 + random(8)));
    case 3:
      return who.enter(index, start);
    case 4:
      return index + 1 < who.paragraphs.length && who.join(index);
    case 5:
      return end > start && who.edit({ op: 'deleteText', paragraphId, start, end });
    case 6:
      if (who.all('tbl').length > 0)
        return random(2) === 0
          ? who.edit({ op: 'insertTableRow', ...rowOf(who, random), where: 'below' })
          : who.edit({ op: 'deleteBlock', blockId: who.all('tbl')[0] as string });
      return who.edit({ op: 'insertTable', beforeParagraphId: paragraphId, ...TABLE });
    case 7:
      return who.bullet(index);
    case 8:
      return (
        end > start &&
        who.edit({ op: 'setRunProperties', paragraphId, start, end, properties: [{ localName: 'b' }] })
      );
    default:
      return who.edit({
        op: 'setParagraphProperties',
        paragraphId,
        properties: [{ localName: 'jc', attributes: { val: random(2) === 0 ? 'center' : 'right' } }],
      });
  }
}
