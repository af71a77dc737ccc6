import { describe, expect, it } from 'vitest';
import { type Somebody, together } from './testing/people.js';

const revision = (who: Somebody) => ({ author: who.name, date: '2026-01-01T00:00:00Z' });

/** Suggests that the end of a paragraph goes. */
const strikeEnd = (who: Somebody, index: number) =>
  who.edit({
    op: 'setParagraphMarkRevision',
    paragraphId: who.paragraph(index),
    kind: 'del',
    revision: revision(who),
  });

const cut = (who: Somebody, index: number, start: number, end: number) =>
  who.edit({ op: 'deleteText', paragraphId: who.paragraph(index), start, end });

/** Three paragraphs; that the first two are to be one is suggested and known to both. */
function suggested() {
  const met = together('abc', 'def', 'ghi');
  met.room.order(strikeEnd(met.ana, 0));
  met.room.meet();
  return met;
}

describe('text that a decision brings into another paragraph', () => {
  it('[OP17] keeps its addresses: what is deleted of it is deleted, though the decision did not happen', () => {
    const { room, ana, bob } = suggested();
    const rejected = bob.edit({ op: 'rejectAllRevisions' });
    const accepted = ana.edit({ op: 'acceptAllRevisions' });
    expect(ana.lines()).toEqual(['abcdef', 'ghi']);
    room.order(rejected, accepted, cut(ana, 0, 1, 2), cut(ana, 0, 3, 4));
    expect(room.meet()).toEqual(['ac', 'df', 'ghi']);
  });

  it('[OP17] is met by what others delete and type in it meanwhile', () => {
    const { room, ana, bob } = suggested();
    room.order(ana.edit({ op: 'acceptAllRevisions' }));
    room.order(bob.type(0, 3, '-'), bob.type(1, 1, '+'), cut(bob, 0, 1, 2), cut(bob, 1, 2, 3));
    expect(room.meet()).toEqual(['ac-d+f', 'ghi']);
    expect([...ana.offered, ...bob.offered]).toEqual([]);
  });

  it('[OP17] does not count as removed: others who write there do not stop the decision', () => {
    const { room, ana, bob } = suggested();
    const typed = [bob.type(0, 1, 'x'), bob.type(1, 1, 'y')];
    room.order(...typed, ana.edit({ op: 'acceptAllRevisions' }));
    expect(room.meet()).toEqual(['axbcdyef', 'ghi']);
    expect(ana.offered).toEqual([]);
  });

  it('[OP17] brings along what was deleted in it: an undo puts it back where it stands now', () => {
    const { room, ana, bob } = suggested();
    room.order(cut(bob, 0, 1, 2), cut(bob, 1, 1, 2));
    room.meet();
    room.order(ana.edit({ op: 'acceptAllRevisions' }));
    expect(room.meet()).toEqual(['acdf', 'ghi']);
    room.order(bob.undo(), bob.undo());
    expect(room.meet()).toEqual(['abcdef', 'ghi']);
  });
});

describe('characters that two people deleted', () => {
  it('[OP8] stay away when one of them undoes it, also after the paragraph was compared with what became of it', () => {
    const { room, ana, bob } = together('abc def');
    const [paragraphId, start] = [ana.paragraph(0), 1];
    const replaced = ana.edit(
      { op: 'deleteText', paragraphId, start, end: 2 },
      { op: 'insertText', paragraphId, offset: start, text: 'x' },
    );
    room.order(cut(bob, 0, 1, 2), replaced);
    expect(room.meet()).toEqual(['axc def']);
    const struck = { op: 'deleteText', paragraphId: bob.paragraph(0), start: 4, end: 7 } as const;
    room.order(bob.edit({ ...struck, revision: revision(bob) }));
    room.meet();
    room.order(bob.edit({ op: 'acceptAllRevisions' }));
    expect(room.meet()).toEqual(['axc ']);
    room.order(ana.undo());
    expect(room.meet()).toEqual(['ac ']);
  });
});
