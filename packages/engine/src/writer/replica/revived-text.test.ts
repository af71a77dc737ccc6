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
});
