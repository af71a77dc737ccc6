import { findNode, type OoxmlElement, type TreeDocOp } from '@docx-editor.dev/core/store';
import { describe, expect, it } from 'vitest';
import type { Operation } from './operation.js';
import { textOf } from './replica.js';
import { type Somebody, together } from './testing/people.js';

const contentsFor = (who: Somebody, index: number) => {
  const headingParagraphId = who.paragraph(index);
  const entry = { level: 1, text: 'Heading', headingParagraphId, bookmarkName: '_Toc1', pageNumberText: '3' };
  return { entries: [entry], bookmarksToCreate: [{ paragraphId: headingParagraphId, name: '_Toc1' }] };
};

const tocBefore = (who: Somebody, index: number): TreeDocOp => ({
  op: 'insertToc',
  beforeParagraphId: who.paragraph(index),
  instruction: 'TOC \\o "1-3" \\h \\z \\u',
  alias: 'Table of Contents',
  ...contentsFor(who, index),
});

const protect = (who: Somebody) =>
  who.perform({
    do: 'operations',
    operations: [{ op: 'setDocumentProtection', enforce: true }],
    scope: { kind: 'body' },
  });

const properties = (who: Somebody, change: { lock?: 'contentLocked' | 'unlocked'; alias?: string }) =>
  who.edit({
    op: 'setContentControlProperties',
    controlId: who.all('sdt')[0] as string,
    ...change,
  } as TreeDocOp);

/** A control that is locked, between two paragraphs; both know. */
function locked() {
  const met = together('before', 'behind', 'last');
  const { room, ana } = met;
  room.order(ana.edit(tocBefore(ana, 1)));
  room.meet();
  room.order(properties(ana, { lock: 'contentLocked' }));
  expect([room.meet().at(0), room.meet().at(3)]).toEqual(['before', 'behind']);
  return met;
}

describe('text whose place is another one by the time it arrives', () => {
  it('[OP18] goes beside a locked control, not into it, when the paragraph behind the control is gone', () => {
    const { room, ana, bob } = locked();
    room.order(bob.edit({ op: 'deleteBlock', blockId: bob.paragraph(3) }), ana.type(3, 3, 'KEEP'));
    expect(room.meet()[0]).toBe('beforeKEEP');
    expect(ana.offered).toEqual([]);
  });

  it('[OP18] goes into what took the place of its paragraph in a control', () => {
    const { room, ana, bob } = together('before', 'behind');
    room.order(ana.edit(tocBefore(ana, 1)));
    room.meet();
    const tocId = bob.all('sdt')[0] as string;
    const renewed: TreeDocOp = { op: 'replaceTocResult', tocId, ...contentsFor(bob, 3) };
    room.order(bob.edit(renewed), ana.type(1, 2, 'KEEP'));
    const [before, ...rest] = room.meet();
    expect([before, rest.at(-1)]).toEqual(['before', 'behind']);
    expect(rest.join('\n')).toContain('KEEP');
  });

  it('[OP5] a reference goes with the text of a control in a protected form, and its note keeps what it says', () => {
    const { room, ana } = together('before', 'behind');
    room.order(ana.edit(tocBefore(ana, 1)));
    room.meet();
    const note = {
      op: 'insertNote',
      noteKind: 'footnote',
      paragraphId: ana.paragraph(1),
      offset: 1,
    } as const;
    room.order(ana.perform({ do: 'operations', operations: [note], scope: { kind: 'body' } }));
    room.order(protect(ana));
    room.meet();
    expect(ana.all('footnoteReference')).toHaveLength(1);
    room.order(ana.edit({ op: 'deleteText', paragraphId: ana.paragraph(1), start: 0, end: 3 }));
    room.meet();
    expect(ana.all('footnoteReference')).toEqual([]);
    expect(ana.offered).toEqual([]);
  });

  it.each([
    ['its reference was deleted', 'soKEEPords'],
    ['it was removed', 'someKEEP words'],
  ])('[OP18] goes where the reference of its note stood, when nobody reads that note: %s', (how, text) => {
    const { room, ana, bob } = together('some words');
    const inBody = (who: Somebody, op: TreeDocOp) =>
      who.perform({ do: 'operations', operations: [op], scope: { kind: 'body' } });
    const [paragraphId, noteKind] = [ana.paragraph(0), 'footnote'] as const;
    room.order(inBody(ana, { op: 'insertNote', noteKind, paragraphId, offset: 4 }));
    room.meet();
    const { main } = ana;
    const reference = findNode(main, ana.all('footnoteReference')[0] as string) as OoxmlElement;
    const noteId = Number(reference.attributes.find(({ localName }) => localName === 'id')?.value);
    const gone = how.startsWith('its')
      ? ana.edit({ op: 'deleteText', paragraphId, start: 2, end: 7 })
      : inBody(ana, { op: 'deleteNote', noteKind, noteId });
    const inside = bob.paragraphsIn('/word/footnotes.xml').at(-1) as string;
    const typed = inBody(bob, { op: 'insertText', paragraphId: inside, offset: 0, text: 'KEEP' });
    room.order(gone, typed);
    expect(room.meet()).toEqual([text]);
    expect([...ana.offered, ...bob.offered]).toEqual([]);
  });

  it('[OP18] is shown where it went to the person who typed it, too', () => {
    const { room, ana } = together('some words');
    const [paragraphId, noteKind] = [ana.paragraph(0), 'footnote'] as const;
    const note: TreeDocOp = { op: 'insertNote', noteKind, paragraphId, offset: 4 };
    room.order(ana.perform({ do: 'operations', operations: [note], scope: { kind: 'body' } }));
    room.order(ana.edit({ op: 'deleteText', paragraphId, start: 2, end: 7 }));
    const inside = ana.paragraphsIn('/word/footnotes.xml').at(-1) as string;
    const operations = [{ op: 'insertText', paragraphId: inside, offset: 0, text: 'KEEP' } as const];
    const step = ana.client.commit({ operations, scope: { kind: 'body' }, created: [], at: 1e6 });
    expect(step.install && textOf(step.install.package)).toBe('soKEEPords');
  });

  it('[OP16] is refused by a lock its author knew, but not before they heard that something of theirs was refused', () => {
    const { room, ana } = together('words');
    room.order(protect(ana));
    room.meet();
    const known = room.log.length;
    const start = `^${ana.paragraph(0)}`;
    const say = (n: number, base: number, op: object) =>
      room.order({ id: { client: 'eve', n }, base, ops: [op as Operation] });
    const text = (words: string) => ({ kind: 'insertText', at: [start, 0], values: { text: words } });
    say(1, known, text('early '));
    say(2, known, { kind: 'removeContentControl', values: { controlId: { $node: '#no' } } });
    say(3, known, text('unaware '));
    say(4, known + 3, text('aware '));
    expect(room.meet()).toEqual(['unaware words']);
  });

  it('[OP4] stands beside where that would stand which nobody got, when it was typed into it', () => {
    const { room, ana, bob } = together('some words', 'more words');
    const made = ana.opaque({ op: 'insertText', paragraphId: ana.paragraph(0), offset: 4, text: '123' });
    const text = ana.type(0, 6, 'KEEP');
    room.order(
      bob.type(0, 0, 'B'),
      bob.edit({ op: 'deleteText', paragraphId: bob.paragraph(0), start: 3, end: 7 }),
    );
    room.order(made, text);
    expect(room.meet()).toEqual(['Bso12KEEP3ords', 'more words']);
    expect(ana.offered).toEqual([]);
  });
});
