import { findNode, type OoxmlNode, type TreeDocOp } from '@docx-editor.dev/core/store';
import { describe, expect, it } from 'vitest';
import { idsNamed, type Somebody, together } from './testing/people.js';

/** `abc`, a field, `def`, known to both. */
function withField(field: 'PAGE' | 'DATE') {
  const met = together('abcdef');
  const at = { paragraphId: met.ana.paragraph(0), offset: 3 };
  const op: TreeDocOp =
    field === 'PAGE'
      ? { op: 'insertPageField', ...at, field }
      : { op: 'insertComplexField', ...at, instruction: field };
  met.room.order(met.ana.edit(op));
  expect(met.room.meet()).toEqual(['abc\uFFFCdef']);
  return met;
}

const paragraphOf = (who: Somebody, index: number): OoxmlNode =>
  findNode(who.main, who.paragraph(index)) as OoxmlNode;

/** How many beginnings and ends of fields each paragraph holds. */
const fieldEnds = (who: Somebody) =>
  who.lines().map((_, index) => idsNamed(paragraphOf(who, index), 'fldChar').length);

describe('a field', () => {
  it('[OP19] stays whole when somebody splits the text in front of it or behind it', () => {
    for (const [offset, lines, ends] of [
      [1, ['a', 'bc\uFFFCdef'], [0, 3]],
      [3, ['abc', '\uFFFCdef'], [0, 3]],
      [4, ['abc\uFFFC', 'def'], [3, 0]],
      [5, ['abc\uFFFCd', 'ef'], [3, 0]],
    ] as const) {
      const { room, ana, bob } = withField('PAGE');
      room.order(bob.edit({ op: 'splitParagraph', paragraphId: bob.paragraph(0), offset }));
      expect(room.meet()).toEqual(lines);
      expect(fieldEnds(ana)).toEqual(ends);
      expect(fieldEnds(bob)).toEqual(ends);
    }
  });

  it('[OP19] lets the text beside it be formatted', () => {
    const { room, ana, bob } = withField('PAGE');
    const properties = [{ localName: 'b', attributes: {} }];
    const paragraphId = bob.paragraph(0);
    room.order(bob.edit({ op: 'setRunProperties', paragraphId, start: 0, end: 2, properties }));
    expect(room.meet()).toEqual(['abc\uFFFCdef']);
    expect(ana.all('b')).toHaveLength(1);
    expect(fieldEnds(ana)).toEqual([3]);
  });

  it('[OP19] takes no control in that is put behind it: it can be deleted, and the control stays', () => {
    for (const field of ['PAGE', 'DATE'] as const) {
      const { room, ana, bob } = withField(field);
      const paragraphId = ana.paragraph(0);
      const control = { op: 'insertInlineContentControl', paragraphId, offset: 4, tag: 'tag', text: 'xyz' };
      room.order(
        bob.edit(control as TreeDocOp),
        ana.edit({ op: 'deleteText', paragraphId, start: 3, end: 4 }),
      );
      expect(room.meet()).toEqual(['abcxyzdef']);
    }
  });
});

/** A table of contents, whose field goes over several paragraphs, so that a page number in the first counts nothing. */
function withContents() {
  const met = together('Heading');
  const heading = met.ana.paragraph(0);
  const bookmark = { bookmarkName: '_Toc1', headingParagraphId: heading };
  met.room.order(
    met.ana.edit({
      op: 'insertToc',
      beforeParagraphId: heading,
      instruction: 'TOC \\o "1-3"',
      alias: 'Contents',
      entries: [{ level: 1, text: 'Heading', pageNumberText: '3', ...bookmark }],
      bookmarksToCreate: [{ paragraphId: heading, name: '_Toc1' }],
    } as TreeDocOp),
  );
  met.room.meet();
  const paragraphId = met.ana.paragraph(0);
  met.room.order(met.ana.edit({ op: 'insertPageField', paragraphId, offset: 3, field: 'PAGE' }));
  const [entry] = met.room.meet();
  expect(entry?.startsWith('Heading')).toBe(true);
  return { ...met, paragraphId };
}

describe('text beside a field that counts only where it went', () => {
  it('[OP19] keeps its addresses through a split: what is deleted of it meanwhile is deleted', () => {
    const { room, ana, bob, paragraphId } = withContents();
    room.order(
      ana.edit({ op: 'splitParagraph', paragraphId, offset: 1 }),
      bob.edit({ op: 'deleteText', paragraphId, start: 4, end: 6 }),
    );
    const [first, second] = room.meet();
    expect(first).toBe('H');
    expect(second?.startsWith('ea\uFFFCdg')).toBe(true);
  });
});
