import {
  type OoxmlNode,
  type StoryScope,
  serializeOoxmlPart,
  type TreeDocOp,
  TreePackageStore,
} from '@docx-editor.dev/core/store';
import { createBlankDocx } from '@officina/engine/writer';
import {
  CoeditingClient,
  type Intent,
  type LogEntry,
  type Message,
  openReplica,
} from '@officina/engine/writer/replica';
import { describe, expect, it } from 'vitest';
import { makeDocument } from './corpus/make.js';
import { pieceSaying } from './simulation/clipboard.js';
import { workshop } from './simulation/workshop.js';

/** Cases that the simulation found, each cut down to the edits that mattered. */

const BODY: StoryScope = { kind: 'body' };

/** Two people in one document, and the order their messages come in. */
class Table {
  readonly ana: CoeditingClient;
  readonly bob: CoeditingClient;
  private readonly log: LogEntry[] = [];

  constructor(private readonly base: Uint8Array) {
    this.ana = this.sit('ana');
    this.bob = this.sit('bob');
  }

  private sit(name: string): CoeditingClient {
    const author = { id: name, name };
    return new CoeditingClient(
      { base: this.base },
      { client: name, author, now: () => '2026-01-01T00:00:00Z' },
    );
  }

  /** Puts messages into the order, lets both see them, and says what the document holds then. */
  order(...messages: readonly (Message | null)[]): string {
    for (const message of messages) {
      if (!message) continue;
      const { client } = message.id;
      const wire = JSON.parse(JSON.stringify(message)) as Message;
      const author = { id: client, name: client };
      this.log.push({ sequence: this.log.length + 1, message: wire, author, time: '2026-01-02T00:00:00Z' });
    }
    for (const each of [this.ana, this.bob]) each.receive(this.log.slice(each.sequence));
    const fresh = openReplica({ base: this.base });
    let joined = fresh;
    for (const entry of this.log) {
      if (entry === this.log.at(-1)) joined = openReplica({ snapshot: fresh.snapshot() });
      for (const each of new Set([fresh, joined])) each.execute(entry);
    }
    expect(joined.digest()).toBe(fresh.digest());
    for (const each of [this.ana, this.bob]) expect(each.localReplica.digest()).toBe(fresh.digest());
    return [...fresh.package.parts.values()].map(serializeOoxmlPart).join('');
  }
}

let clock = 0;

function doing(client: CoeditingClient, ...operations: TreeDocOp[]): Message | null {
  return perform(client, { do: 'operations', operations, scope: BODY });
}

function perform(client: CoeditingClient, intent: Intent): Message | null {
  clock += 1000;
  return client.perform(intent, clock).send;
}

/** The editor changed its document and names no operation for it. */
function unnamed(client: CoeditingClient, ...operations: TreeDocOp[]): Message | null {
  const { package: pkg } = client;
  const store = new TreePackageStore(pkg, pkg.parts.get(pkg.mainDocumentPart) as never, { historyLimit: 1 });
  store.transact(BODY, (context) => {
    for (const op of operations) context.apply(op);
  });
  clock += 1000;
  return client.commitPackage(store.currentPackage(), clock).send;
}

function nodes(
  client: CoeditingClient,
  wanted: (node: OoxmlNode) => boolean,
  part?: RegExp,
): readonly string[] {
  const found: string[] = [];
  const walk = (node: OoxmlNode): void => {
    if (wanted(node)) found.push(node.id);
    if (node.kind !== 'textValue') for (const child of node.children as readonly OoxmlNode[]) walk(child);
  };
  for (const each of client.package.parts.values())
    if (part ? part.test(each.name) : each.name === client.package.mainDocumentPart) walk(each.root);
  return found;
}

const named = (localName: string) => (node: OoxmlNode) =>
  node.kind !== 'textValue' && node.localName === localName;

const paragraph = (client: CoeditingClient, index: number, part?: RegExp): string =>
  nodes(client, (node) => node.kind === 'paragraph', part)[index] as string;

function paragraphShowing(client: CoeditingClient, text: string): string {
  const says = (node: OoxmlNode): string =>
    node.kind === 'textValue' ? node.value : (node.children as readonly OoxmlNode[]).map(says).join('');
  return nodes(client, (node) => node.kind === 'paragraph' && says(node) === text)[0] as string;
}

/** The first paragraph inside something of this name. */
function paragraphIn(client: CoeditingClient, localName: string): string {
  const main = client.package.parts.get(client.package.mainDocumentPart);
  const find = (node: OoxmlNode, inside: boolean): string | null => {
    if (node.kind === 'textValue') return null;
    if (inside && node.kind === 'paragraph') return node.id;
    for (const child of node.children as readonly OoxmlNode[]) {
      const found = find(child, inside || node.localName === localName);
      if (found) return found;
    }
    return null;
  };
  return (main && find(main.root, false)) as string;
}

const typed = (paragraphId: string, text: string): TreeDocOp => ({
  op: 'insertText',
  paragraphId,
  offset: 0,
  text,
});

describe('what others write into something that goes meanwhile', () => {
  it('[OP5] a text box stays when the characters around it are deleted', () => {
    const { ana, bob, ...table } = seated(makeDocument('text-boxes'));
    const main = ana.package.parts.get(ana.package.mainDocumentPart);
    const holder = main && paragraphAround(main.root, named('txbxContent'));
    const inside = paragraphIn(bob, 'txbxContent');

    const text = doing(bob, typed(inside, 'KEEP'));
    const gone = doing(ana, { op: 'deleteBlock', blockId: holder as string });

    expect(table.order(text, gone)).toContain('KEEP');
  });

  it('[OP5] a note stays when its reference is deleted', () => {
    const { ana, bob, ...table } = seated(workshop());
    const first = paragraph(ana, 0);
    table.order(doing(ana, { op: 'insertNote', noteKind: 'footnote', paragraphId: first, offset: 3 }));

    const text = doing(bob, typed(paragraph(bob, -1 + notes(bob), /footnotes/), 'KEEP'));
    const gone = doing(ana, { op: 'deleteText', paragraphId: first, start: 0, end: 8 });
    const words = table.order(text, gone);

    expect(words).toContain('KEEP');
    expect(words).toContain('<w:footnoteReference ');
    expect(words).not.toContain('Everybody');
  });

  it('[OP5] a note stays when the paragraph of its reference is deleted', () => {
    const { ana, bob, ...table } = seated(workshop());
    const first = paragraph(ana, 0);
    table.order(doing(ana, { op: 'insertNote', noteKind: 'footnote', paragraphId: first, offset: 3 }));

    const text = doing(bob, typed(paragraph(bob, -1 + notes(bob), /footnotes/), 'KEEP'));
    const gone = doing(ana, { op: 'deleteBlock', blockId: first });
    const words = table.order(text, gone);

    expect(words).toContain('KEEP');
    expect(words).toContain('<w:footnoteReference ');
    expect(words).not.toContain('Everybody');
  });

  it('[OP5] a note stays when the row of its reference is deleted', () => {
    const { ana, bob, ...table } = seated(workshop());
    const cell = paragraphIn(ana, 'tc');
    table.order(doing(ana, { op: 'insertNote', noteKind: 'footnote', paragraphId: cell, offset: 3 }));

    const text = doing(bob, typed(paragraph(bob, -1 + notes(bob), /footnotes/), 'KEEP'));
    const [tableId, rowId] = [nodes(ana, named('tbl'))[0] as string, nodes(ana, named('tr'))[0] as string];
    const gone = doing(ana, { op: 'deleteTableRow', tableId, rowId });
    const words = table.order(text, gone);

    expect(words).toContain('KEEP');
    expect(words).toContain('<w:footnoteReference ');
  });

  it('a comment is not deleted', () => {
    const { ana, bob, ...table } = seated(workshop());
    const place = { nodeId: paragraph(ana, 0), offset: 2 };
    const selection = { anchor: place, head: { ...place, offset: 5 } };
    table.order(perform(ana, { do: 'comment', selection, text: 'why' }));
    const id = /<w:comment [^>]*w:id="(\d+)"/.exec(table.order())?.[1] as string;

    const text = doing(bob, typed(paragraph(bob, 0, /comments/), 'KEEP'));
    const gone = perform(ana, { do: 'deleteComment', comment: id });

    expect(table.order(text, gone)).toContain('KEEP');
  });

  it('a note and a header are not removed', () => {
    const { ana, bob, ...table } = seated(workshop());
    const first = paragraph(ana, 0);
    table.order(doing(ana, { op: 'insertNote', noteKind: 'footnote', paragraphId: first, offset: 3 }));
    const noteId = Number(/<w:footnoteReference w:id="(\d+)"/.exec(table.order())?.[1]);

    const texts = [
      doing(bob, typed(paragraph(bob, -1 + notes(bob), /footnotes/), 'KEEP')),
      doing(bob, typed(paragraph(bob, 0, /header/), 'THIS')),
    ];
    const gone = [
      doing(ana, { op: 'deleteNote', noteKind: 'footnote', noteId }),
      doing(ana, { op: 'deleteHeaderFooter', sectionIndex: 0, kind: 'header', variant: 'default' }),
    ];
    const words = table.order(...texts, ...gone);

    expect(words).toContain('KEEP');
    expect(words).toContain('THIS');
  });

  it('a paragraph of a table of contents is not replaced by a newer one', () => {
    const { ana, bob, ...table } = seated(workshop());
    const headingParagraphId = paragraph(ana, 0);
    const contents = (bookmarkName: string) => ({
      entries: [{ level: 1, text: 'Heading', headingParagraphId, bookmarkName, pageNumberText: '3' }],
      bookmarksToCreate: [{ paragraphId: headingParagraphId, name: bookmarkName }],
    });
    const made = { instruction: 'TOC \\o "1-3"', alias: 'Contents', ...contents('_Toc1') };
    table.order(doing(ana, { op: 'insertToc', beforeParagraphId: headingParagraphId, ...made }));
    const tocId = nodes(ana, (node) => node.kind === 'contentControl')[0] as string;

    const text = doing(bob, { ...typed(paragraphIn(bob, 'sdtContent'), 'KEEP'), offset: 4 } as TreeDocOp);
    const gone = doing(ana, { op: 'replaceTocResult', tocId, ...contents('_Toc2') });

    expect(table.order(text, gone)).toContain('KEEP');
  });
});

describe('what somebody struck and somebody else deleted', () => {
  it('[OP5] goes, and the rest of it stays struck', () => {
    const { ana, bob, ...table } = seated(workshop());
    const [first, same] = [paragraph(ana, 0), paragraph(bob, 0)];
    const revision = { author: 'ana', date: '2026-01-01T00:00:00Z' };

    const struck = doing(ana, { op: 'deleteText', paragraphId: first, start: 0, end: 5, revision });
    const gone = doing(bob, { op: 'deleteText', paragraphId: same, start: 2, end: 8 });
    const words = table.order(struck, gone);

    expect(words.replace(/<[^>]*>/g, '')).toContain('Evy works here.');
    expect(words).toContain('<w:delText>Ev</w:delText>');
  });
});

describe('what somebody struck and somebody else typed into', () => {
  it('[OP5] goes when a third change deletes it, and what was typed stays', () => {
    const { ana, bob, ...table } = seated(workshop());
    const first = paragraph(ana, 0);
    const revision = { author: 'ana', date: '2026-01-01T00:00:00Z' };
    table.order(doing(ana, { op: 'deleteText', paragraphId: first, start: 0, end: 9, revision }));

    const text = doing(bob, { ...typed(paragraph(bob, 0), 'KEEP'), offset: 4 } as TreeDocOp);
    const gone = doing(ana, { op: 'deleteText', paragraphId: first, start: 0, end: 9 });
    const words = table.order(text, gone).replace(/<[^>]*>/g, '');

    expect(words).toContain('KEEP works here.');
    expect(words).not.toMatch(/Ever|ybody/);
  });
});

describe('the prompt of a control', () => {
  it('[OP5] gives way to the first text typed, and what somebody suggested in it stays', () => {
    const { ana, bob, ...table } = seated(makeDocument('content-controls'));
    const prompt = (client: CoeditingClient) => paragraphShowing(client, 'A picture belongs here');
    const revision = { author: 'ana', date: '2026-01-01T00:00:00Z' };

    const suggested = { ...typed(prompt(ana), 'KEEP'), offset: 6, revision } as TreeDocOp;
    const texts = [doing(ana, suggested), doing(bob, typed(prompt(bob), 'THIS'))];
    const words = table.order(...texts);

    expect(words).toContain('KEEP');
    expect(words).toContain('THIS');
    expect(words).not.toContain('belongs here');
  });
});

describe('who starts from a snapshot', () => {
  it('[OP7] gives struck characters of several paragraphs the same numbers as everybody', () => {
    const { ana, bob, ...table } = seated(createBlankDocx());
    table.order(doing(ana, typed(paragraph(ana, 0), 'first')));
    table.order(doing(ana, { op: 'splitParagraph', paragraphId: paragraph(ana, 0), offset: 5 }));
    table.order(doing(ana, typed(paragraph(ana, 1), 'ABCDEF')));

    const revision = { author: 'bob', date: '2026-01-01T00:00:00Z' };
    const [firstId, secondId] = [paragraph(ana, 0), paragraph(ana, 1)];
    const struck = doing(bob, {
      op: 'deleteText',
      paragraphId: paragraph(bob, 1),
      start: 0,
      end: 6,
      revision,
    });
    const cut = doing(ana, { op: 'splitParagraph', paragraphId: secondId, offset: 3 });
    const joined = doing(ana, { op: 'joinParagraphs', firstId, secondId });

    expect(table.order(cut, joined, struck)).toMatch(/<w:delText>ABC<.*<w:delText>DEF</);
  });
});

describe('what must not stand twice', () => {
  it('[OP9] undoing a deletion that the order refused brings nothing back', () => {
    const { ana, bob, ...table } = seated(workshop());
    const cell = paragraphIn(bob, 'tc');

    const text = doing(bob, typed(cell, 'MINE'));
    const gone = doing(ana, { op: 'deleteBlock', blockId: nodes(ana, named('tbl'))[0] as string });
    const back = ana.undo();
    const words = table.order(text, gone, back.send);

    expect(words.split('Cell 2.2')).toHaveLength(2);
    expect(words).toContain('MINE');
  });
});

describe('what somebody deleted', () => {
  it('[OP5] goes though the blocks around it were replaced before their deletion arrived', () => {
    const { ana, bob, ...table } = seated(workshop());
    table.order(doing(ana, typed(paragraph(ana, 3), 'AWAY')));

    const blocks = [0, 3].map((index): TreeDocOp => {
      const paragraphId = paragraph(ana, index);
      return { op: 'splitParagraph', paragraphId, offset: index === 0 ? 4 : 5 };
    });
    const around = unnamed(ana, ...blocks);
    const gone = doing(bob, { op: 'deleteText', paragraphId: paragraph(bob, 3), start: 0, end: 6 });
    const words = table.order(around, gone);

    expect(around?.ops.map(({ kind }) => kind)).toEqual(['replaceBlocks']);
    expect(words).not.toContain('AWA');
    expect(words).toContain('Ever');
  });
});

describe('text that was typed before its author could know of a lock', () => {
  it('[OP16] stands in a document that somebody protected meanwhile, and everything else is refused', () => {
    const { ana, bob, ...table } = seated(workshop());
    const id = paragraph(bob, 0);

    const lock = doing(ana, { op: 'setDocumentProtection', enforce: true } as TreeDocOp);
    const text = doing(bob, typed(id, 'KEEP'));
    const enter = doing(bob, { op: 'splitParagraph', paragraphId: id, offset: 4 });
    const gone = doing(bob, { op: 'deleteText', paragraphId: id, start: 1, end: 2 });
    const words = table.order(lock, text, enter, gone);

    expect(words).toContain('KEEP</w:t></w:r></w:p>');
    expect(words).toMatch(/<w:documentProtection [^>]*w:enforcement="1"/);
    expect(doing(bob, typed(id, 'LATE'))).toBeNull();
  });

  it('[OP16] stands with its formatting when it was pasted', () => {
    const { ana, bob, ...table } = seated(workshop());
    const at = { nodeId: paragraph(bob, 0), offset: 0 };
    const fragment = pieceSaying('KEEP');

    const lock = doing(ana, { op: 'setDocumentProtection', enforce: true } as TreeDocOp);
    const paste = perform(bob, { do: 'pasteFragment', at, fragment, lastMarkCovered: false });
    const words = table.order(lock, paste);

    expect(words).toContain('KEEP');
    expect(words).toMatch(/<w:documentProtection [^>]*w:enforcement="1"/);
    expect(perform(bob, { do: 'pasteFragment', at, fragment, lastMarkCovered: false })).toBeNull();
  });

  it('[OP16] stands in a control that somebody locked meanwhile', () => {
    const { ana, bob, ...table } = seated(workshop());
    const controlId = nodes(ana, named('sdt'))[0] as string;
    const inside = paragraphIn(bob, 'sdtContent');

    const lock = doing(ana, { op: 'setContentControlProperties', controlId, lock: 'contentLocked' });
    const text = doing(bob, typed(inside, 'KEEP'));
    const words = table.order(lock, text);

    expect(words).toContain('KEEP');
    expect(words).toContain('<w:lock w:val="contentLocked"/>');
    expect(doing(bob, typed(inside, 'LATE'))).toBeNull();
  });

  it('[OP16] is refused by a lock that was there when it was typed, though another came meanwhile', () => {
    const { ana, ...table } = seated(workshop());
    const controlId = nodes(ana, named('sdt'))[0] as string;
    const { bob: eve } = seated(workshop());
    const early = doing(eve, typed(paragraphIn(eve, 'sdtContent'), 'EARLY')) as Message;
    const lock = doing(ana, { op: 'setContentControlProperties', controlId, lock: 'contentLocked' });
    table.order(lock);

    const protection = doing(ana, { op: 'setDocumentProtection', enforce: true } as TreeDocOp);
    const words = table.order(protection, { ...early, id: { client: 'eve', n: 1 }, base: 1 });

    expect(words).not.toContain('EARLY');
  });
});

function seated(base: Uint8Array) {
  const table = new Table(base);
  return { ana: table.ana, bob: table.bob, order: table.order.bind(table) };
}

const notes = (client: CoeditingClient): number =>
  nodes(client, (node) => node.kind === 'paragraph', /footnotes/).length;

/** The innermost paragraph around what is wanted. */
function paragraphAround(root: OoxmlNode, wanted: (node: OoxmlNode) => boolean): string | null {
  const find = (node: OoxmlNode, around: string | null): string | null => {
    if (wanted(node)) return around;
    if (node.kind === 'textValue') return null;
    const here = node.kind === 'paragraph' ? node.id : around;
    for (const child of node.children as readonly OoxmlNode[]) {
      const found = find(child, here);
      if (found) return found;
    }
    return null;
  };
  return find(root, null);
}
