import type { TreeDocOp } from '@docx-editor.dev/core/store';
import { describe, expect, it } from 'vitest';
import type { Operation } from './operation.js';
import { type Somebody, together } from './testing/people.js';

const tocBefore = (who: Somebody, index: number): TreeDocOp => ({
  op: 'insertToc',
  beforeParagraphId: who.paragraph(index),
  instruction: 'TOC \\o "1-3" \\h \\z \\u',
  alias: 'Table of Contents',
  entries: [
    {
      level: 1,
      text: 'Heading',
      headingParagraphId: who.paragraph(index),
      bookmarkName: '_Toc1',
      pageNumberText: '3',
    },
  ],
  bookmarksToCreate: [{ paragraphId: who.paragraph(index), name: '_Toc1' }],
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

  it('[OP16] is refused by a lock its author knew, but not before they heard that something of theirs was refused', () => {
    const { room, ana } = together('words');
    const protection: TreeDocOp = { op: 'setDocumentProtection', enforce: true };
    room.order(ana.perform({ do: 'operations', operations: [protection], scope: { kind: 'body' } }));
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
