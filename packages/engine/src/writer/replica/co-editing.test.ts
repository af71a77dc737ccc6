import { type TreeDocOp, TreePackageStore } from '@docx-editor.dev/core/store';
import { beforeEach, describe, expect, it } from 'vitest';
import { createBlankDocx } from '../index.js';
import { auditAddresses } from './audit.js';
import { CoeditingClient } from './client.js';
import type { LogEntry, Message } from './operation.js';
import { openReplica } from './replica.js';
import { modelText, paragraphOrder } from './view.js';

const base = createBlankDocx();

/** Somebody with an editor that commits operations of the core. */
class Somebody {
  readonly client: CoeditingClient;
  private readonly editor: TreePackageStore;
  private clock = 0;

  constructor(readonly name: string) {
    const author = { id: name, name };
    this.client = new CoeditingClient({ base }, { client: name, author, now: () => '2026-01-01T00:00:00Z' });
    const pkg = this.client.package;
    this.editor = new TreePackageStore(pkg, pkg.parts.get(pkg.mainDocumentPart) as never, {
      historyLimit: 1,
    });
  }

  get main() {
    const pkg = this.editor.currentPackage();
    return pkg.parts.get(pkg.mainDocumentPart) as NonNullable<ReturnType<typeof pkg.parts.get>>;
  }

  paragraph(index: number): string {
    return paragraphOrder(this.main)[index] as string;
  }

  find(localName: string, index = 0): string {
    const found: string[] = [];
    const walk = (node: { id: string; localName?: string; children?: readonly unknown[] }): void => {
      if (node.localName === localName) found.push(node.id);
      for (const child of node.children ?? []) walk(child as never);
    };
    walk(this.main.root as never);
    return found[index] as string;
  }

  lines(): readonly string[] {
    return paragraphOrder(this.main).map((id) => modelText(this.main, id));
  }

  edit(...operations: TreeDocOp[]): Message {
    const result = this.editor.transact(
      { kind: 'body' },
      (context) => {
        for (const op of operations) context.apply(op);
      },
      { recordsHistory: false, actorId: this.name },
    );
    if (!result.ok) throw new Error(`The editor refused: ${result.reason}`);
    const created = result.change?.created ?? [];
    this.clock += 1000;
    const step = this.client.commit({ operations, scope: { kind: 'body' }, created, at: this.clock });
    if (step.install) this.editor.installAuthoritativePackageSnapshot(step.install.package);
    return step.send as Message;
  }

  type(index: number, offset: number, text: string): Message {
    return this.edit({ op: 'insertText', paragraphId: this.paragraph(index), offset, text });
  }

  /** Types into the header of this person's local view. */
  writeInHeader(text: string): Message | null {
    const part = [...this.client.package.parts.values()].find((each) => /header/.test(each.name));
    const [paragraphId] = part ? paragraphOrder(part) : [];
    const scope = { kind: 'headerFooter', rId: this.headerRelationship() } as const;
    const op: TreeDocOp = { op: 'insertText', paragraphId: paragraphId as string, offset: 0, text };
    return this.client.perform({ do: 'operations', operations: [op], scope }, 9e9).send;
  }

  private headerRelationship(): string {
    const records = this.client.package.relationships.get(this.client.package.mainDocumentPart) ?? [];
    return records.find((each) => each.type.endsWith('/header'))?.id as string;
  }

  undo() {
    const step = this.client.undo();
    if (step.install) this.editor.installAuthoritativePackageSnapshot(step.install.package);
    return step;
  }

  receive(entries: readonly LogEntry[]) {
    const received = this.client.receive(entries);
    if (received.install) this.editor.installAuthoritativePackageSnapshot(received.install.package);
    return received;
  }
}

describe('people editing one document', () => {
  let ana: Somebody;
  let bob: Somebody;
  let log: LogEntry[];

  /** Puts messages into the order and lets everybody see them; everybody must end up the same. */
  function order(...messages: readonly (Message | null)[]): readonly string[] {
    for (const message of messages) {
      if (!message) continue;
      const name = message.id.client;
      const wire = JSON.parse(JSON.stringify(message)) as Message;
      log.push({
        sequence: log.length + 1,
        message: wire,
        author: { id: name, name },
        time: '2026-01-02T00:00:00Z',
      });
    }
    for (const each of [ana, bob]) each.receive(log.slice(each.client.sequence));
    const fresh = openReplica({ base });
    for (const entry of log) fresh.execute(entry);
    for (const each of [ana, bob]) {
      expect(each.client.digest()).toBe(fresh.digest());
      expect(each.client.localReplica.digest()).toBe(fresh.digest());
    }
    expect(auditAddresses(fresh)).toEqual([]);
    expect(ana.lines()).toEqual(bob.lines());
    return ana.lines();
  }

  beforeEach(() => {
    ana = new Somebody('ana');
    bob = new Somebody('bob');
    log = [];
    order(ana.type(0, 0, 'one two three'));
  });

  it('[OP3] two insertions at one place never mix', () => {
    const [a, b] = [ana.type(0, 3, 'AA'), bob.type(0, 3, 'BB')];
    const [a2, b2] = [ana.type(0, 5, 'aa'), bob.type(0, 5, 'bb')];

    const [line] = order(a, b, a2, b2);

    expect(line).toBe('oneBBbbAAaa two three');
  });

  it('[OP15] what is put behind a word that is still being written does not tear it', () => {
    order(ana.type(0, 13, ' fo'));
    const [on, mine] = [ana.type(0, 16, 'ur'), bob.type(0, 16, ' five')];
    const [more, split] = [
      ana.type(0, 18, 'th'),
      bob.edit({ op: 'splitParagraph', paragraphId: bob.paragraph(0), offset: 21 }),
    ];

    expect(order(on, mine, more, split)).toEqual(['one two three fourth five', '']);
  });

  it('[OP15] nor does the end of a paragraph that is made there', () => {
    order(ana.type(0, 3, ' and a ha'));
    const on = ana.type(0, 12, 'lf');
    const split = bob.edit({ op: 'splitParagraph', paragraphId: bob.paragraph(0), offset: 12 });

    expect(order(on, split)).toEqual(['one and a half', ' two three']);
  });

  it('[OP15] what is put into a word whose end was there already stays where it was put', () => {
    order(ana.type(0, 3, ' fo'));
    order(ana.type(0, 6, 'ur'));
    const [on, mine] = [ana.type(0, 8, 'th'), bob.type(0, 6, '-')];

    expect(order(on, mine)).toEqual(['one fo-urth two three']);
  });

  it('[OP5] deleting a paragraph leaves what somebody joined into it', () => {
    order(ana.edit({ op: 'splitParagraph', paragraphId: ana.paragraph(0), offset: 7 }));
    const join = bob.edit({ op: 'joinParagraphs', firstId: bob.paragraph(0), secondId: bob.paragraph(1) });
    const remove = ana.edit({ op: 'deleteBlock', blockId: ana.paragraph(0) });

    expect(order(join, remove)).toEqual([' three']);
  });

  it('[OP5] deleting a paragraph takes along what a split carried off', () => {
    order(ana.edit({ op: 'splitParagraph', paragraphId: ana.paragraph(0), offset: 13 }));
    const split = bob.edit({ op: 'splitParagraph', paragraphId: bob.paragraph(0), offset: 3 });
    const remove = ana.edit({ op: 'deleteBlock', blockId: ana.paragraph(0) });

    expect(order(split, remove).join('')).toBe('');
  });

  it('[OP4] text typed into a row that was never made is not lost', () => {
    const table = { rows: 2, cols: 1, columnWidthTwips: 2000 };
    order(ana.edit({ op: 'insertTable', beforeParagraphId: ana.paragraph(0), ...table }));
    const [tableId, rowId] = [bob.find('tbl'), bob.find('tr', 1)];
    const row = bob.edit({ op: 'insertTableRow', tableId, rowId, where: 'below' });
    const typed = bob.edit({ op: 'insertText', paragraphId: bob.paragraph(2), offset: 0, text: 'kept' });
    const remove = ana.edit({ op: 'deleteBlock', blockId: ana.find('tbl') });

    expect(order(remove, row, typed).join('|')).toContain('kept');
  });

  it('a table somebody wrote into is not deleted, and nothing of the refused step stays', () => {
    const table = { rows: 1, cols: 1, columnWidthTwips: 2000 };
    order(ana.edit({ op: 'insertTable', beforeParagraphId: ana.paragraph(0), ...table }));
    const typed = bob.type(0, 0, 'mine');
    const remove = ana.edit({ op: 'deleteBlock', blockId: ana.find('tbl') });

    expect(order(typed, remove)).toEqual(['mine', 'one two three']);
    expect(ana.find('tbl')).toBeDefined();
  });

  it('bold and italic on one word both stay', () => {
    const range = (who: Somebody) => ({ paragraphId: who.paragraph(0), start: 4, end: 7 });
    const bold = ana.edit({ op: 'setRunProperties', ...range(ana), properties: [{ localName: 'b' }] });
    const italic = bob.edit({ op: 'setRunProperties', ...range(bob), properties: [{ localName: 'i' }] });

    order(bold, italic);

    const fresh = openReplica({ base });
    for (const entry of log) fresh.execute(entry);
    const xml = JSON.stringify(fresh.package.parts.get(fresh.package.mainDocumentPart)?.root);
    expect(xml).toMatch(/"localName":"b"[^[]*\[\][^[]*\[\][^[]*\[\][^{]*\{[^{]*"localName":"i"/);
  });

  it('[OP8] undo takes back only own characters', () => {
    order(ana.type(0, 3, 'AAAA'));
    order(bob.type(0, 5, 'bb'));

    expect(order(ana.undo().send)).toEqual(['onebb two three']);
  });

  it('[OP8] undo of a deletion brings the characters back where they stood', () => {
    const cut = ana.edit({ op: 'deleteText', paragraphId: ana.paragraph(0), start: 4, end: 8 });
    const typed = bob.type(0, 13, '!');
    order(cut, typed);

    expect(order(ana.undo().send)).toEqual(['one two three!']);
  });

  it('[OP9] undo of a table is refused once somebody wrote into it', () => {
    const table = { rows: 1, cols: 1, columnWidthTwips: 2000 };
    order(ana.edit({ op: 'insertTable', beforeParagraphId: ana.paragraph(0), ...table }));
    order(bob.type(0, 0, 'mine'));

    const undone = ana.undo();

    expect(undone.refused[0]?.detail).toContain('is not what it was');
    expect(order(undone.send)).toEqual(['mine', '']);
  });

  it('[OP9] undo of a table deletion is refused once somebody else deleted characters of it, too', () => {
    const table = { rows: 1, cols: 1, columnWidthTwips: 2000 };
    order(ana.edit({ op: 'insertTable', beforeParagraphId: ana.paragraph(0), ...table }));
    order(ana.type(0, 0, 'both'));
    const remove = ana.edit({ op: 'deleteBlock', blockId: ana.find('tbl') });
    const cut = bob.edit({ op: 'deleteText', paragraphId: bob.paragraph(0), start: 1, end: 3 });
    order(remove, cut);

    const undone = ana.undo();

    expect(undone.refused[0]?.detail).toBe('somebody else deleted what would come back');
    expect(order(undone.send)).toEqual(['']);
  });

  it('[OP9] what an undo brought back goes when somebody else deleted it before they knew', () => {
    const table = { rows: 1, cols: 1, columnWidthTwips: 2000 };
    order(ana.edit({ op: 'insertTable', beforeParagraphId: ana.paragraph(0), ...table }));
    order(ana.type(0, 0, 'table'));
    const remove = ana.edit({ op: 'deleteBlock', blockId: ana.find('tbl') });
    const back = ana.undo().send;
    const cut = bob.edit({ op: 'deleteText', paragraphId: bob.paragraph(0), start: 0, end: 2 });

    expect(order(remove, back, cut)).toEqual(['ble', 'one two three']);
  });

  it('[OP6] a change decided by its address is the same one once the server has written its number and time', () => {
    const revision = { author: 'ana', date: '2026-01-01T00:00:00Z' };
    const proposed = ana.edit({
      op: 'insertText',
      paragraphId: ana.paragraph(0),
      offset: 3,
      text: 'NEW',
      revision,
    });
    const other = { author: 'bob', date: '2026-01-01T00:00:00Z' };
    const first = bob.edit({
      op: 'insertText',
      paragraphId: bob.paragraph(0),
      offset: 7,
      text: 'OLD',
      revision: other,
    });
    const xml = JSON.stringify(ana.client.package.parts.get(ana.client.package.mainDocumentPart)?.root);
    const [, id] = /"localName":"ins".*?"localName":"id"[^}]*"value":"(\d+)"/.exec(xml) ?? [];
    const op: TreeDocOp = { op: 'rejectRevision', revision: { id: String(id), ...revision } };
    const decided = ana.client.perform({ do: 'operations', operations: [op], scope: { kind: 'body' } }, 9e9);

    expect(order(first, proposed, decided.send)).toEqual(['one twoOLD three']);
  });

  it('a field is one character, as the editor counts it in a shared document', () => {
    order(
      ana.edit({
        op: 'insertComplexField',
        paragraphId: ana.paragraph(0),
        offset: 3,
        instruction: 'DATE',
      }),
    );

    expect(ana.lines()[0]).toHaveLength('one two three'.length + 1);
    expect(order(bob.type(0, 4, '!'))[0]?.indexOf('!')).toBe(4);
  });

  it('[OP7] a control gets the same number on every replica', () => {
    const at = { paragraphId: ana.paragraph(0), offset: 3 };

    expect(
      order(ana.edit({ op: 'insertInlineContentControl', ...at, tag: 'tag', text: 'value' })).join(),
    ).toContain('value');
  });

  it('two people who make a header at once both write into the one there is', () => {
    const make = { op: 'createHeaderFooter', sectionIndex: 0, kind: 'header', variant: 'default' } as const;
    const made = [ana, bob].map(
      (who) =>
        who.client.perform({ do: 'operations', operations: [make], scope: { kind: 'body' } }, 9e9).send,
    );
    const words = [ana, bob].map((who) => who.writeInHeader(who.name));

    order(...made, ...words);

    const headers = [...ana.client.package.parts.values()].filter((part) => /header/.test(part.name));
    expect(headers).toHaveLength(1);
    const text = JSON.stringify(headers[0]?.root);
    expect(text).toContain('ana');
    expect(text).toContain('bob');
  });

  it('a snapshot goes on exactly where it was taken', () => {
    order(ana.edit({ op: 'splitParagraph', paragraphId: ana.paragraph(0), offset: 3 }), bob.type(0, 13, 'x'));
    const whole = openReplica({ base });
    for (const entry of log) whole.execute(entry);
    const reopened = openReplica({ snapshot: whole.snapshot() });
    const later = ana.type(1, 0, 'later');
    order(later);
    const last = log.at(-1) as LogEntry;

    whole.execute(last);
    reopened.execute(last);

    expect(reopened.digest()).toBe(whole.digest());
    expect(reopened.newestOf('ana')).toBe(whole.newestOf('ana'));
  });

  it('a caret in a joined paragraph stays before the same character', () => {
    order(ana.edit({ op: 'splitParagraph', paragraphId: ana.paragraph(0), offset: 8 }));
    const place = { nodeId: bob.paragraph(1), offset: 2 };
    bob.client.select({ anchor: place, head: place });
    const join = ana.edit({ op: 'joinParagraphs', firstId: ana.paragraph(0), secondId: ana.paragraph(1) });
    log.push({
      sequence: log.length + 1,
      message: join,
      author: { id: 'ana', name: 'ana' },
      time: '2026-01-02T00:00:00Z',
    });

    const { install } = bob.receive(log.slice(bob.client.sequence));

    expect(install?.selection?.to.head).toEqual({ nodeId: bob.paragraph(0), offset: 10 });
  });
});
