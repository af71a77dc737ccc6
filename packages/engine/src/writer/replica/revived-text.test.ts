import { describe, expect, it } from 'vitest';
import { together } from './testing/people.js';

describe('text that comes back', () => {
  it('[OP8] leaves a field whole that shares its run', () => {
    const { room, ana } = together('behind');
    const paragraphId = ana.paragraph(0);
    room.order(ana.edit({ op: 'insertPageField', paragraphId, offset: 3, field: 'PAGE' }));
    room.order(ana.type(0, 0, 'before '));
    const lines = room.meet();
    room.order(ana.undo(), ana.redo());
    expect(room.meet()).toEqual(lines);
    expect(ana.all('fldChar')).toHaveLength(3);
  });

  it('[OP8] is there again when both have taken back that they deleted it', () => {
    const { room, ana, bob } = together('abcdef');
    const cut = (who: typeof ana) =>
      who.edit({ op: 'deleteText', paragraphId: who.paragraph(0), start: 1, end: 3 });
    room.order(cut(ana), cut(bob));
    expect(room.meet()).toEqual(['adef']);
    const [mine, theirs] = [ana.undo(), bob.undo()];
    // Neither sees anything of it alone.
    room.order(mine, theirs);
    expect(room.meet()).toEqual(['abcdef']);
    room.order(ana.redo());
    expect(room.meet()).toEqual(['adef']);
    room.order(bob.redo());
    room.order(ana.undo());
    expect(room.meet()).toEqual(['abcdef']);
  });

  it('[OP10] takes the place of the prompt of a control and is known by its address: redo gives what was there', () => {
    const { room, ana } = together('abcde');
    const paragraphId = ana.paragraph(0);
    const stretch = { paragraphId, start: 1, end: 4 };
    room.order(ana.edit({ op: 'insertContentControl', ...stretch, type: 'plainText', tag: 'tag' }));
    const full = room.meet();
    room.order(ana.edit({ op: 'deleteText', ...stretch }));
    const empty = room.meet();
    expect(empty[0]?.length).toBeGreaterThan(5);
    for (let i = 0; i < 2; i++) {
      room.order(ana.undo());
      expect(room.meet()).toEqual(full);
      room.order(ana.redo());
      expect(room.meet()).toEqual(empty);
    }
  });
});
