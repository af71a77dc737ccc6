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

  it('[OP10] takes the place of the prompt of a control and is known by its address: redo gives what was there', () => {
    const { room, ana } = together('ab');
    const paragraphId = ana.paragraph(0);
    const at = { paragraphId, offset: 1 };
    room.order(ana.edit({ op: 'insertInlineContentControl', ...at, tag: 'tag', text: 'xyz' }));
    const full = room.meet();
    room.order(ana.edit({ op: 'deleteText', paragraphId, start: 1, end: 4 }));
    const empty = room.meet();
    for (let i = 0; i < 2; i++) {
      room.order(ana.undo());
      expect(room.meet()).toEqual(full);
      room.order(ana.redo());
      expect(room.meet()).toEqual(empty);
    }
  });
});
