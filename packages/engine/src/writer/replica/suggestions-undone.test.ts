import { serializeOoxmlPart, type TreeDocOp } from '@docx-editor.dev/core/store';
import { describe, expect, it } from 'vitest';
import { type Somebody, together } from './testing/people.js';

describe('undo around what is only suggested', () => {
  it('[OP8] a struck word that was cut in two and joined again is unstruck', () => {
    const { room, ana } = together('abcdefgh');
    room.order(ana.edit(struck(ana, 3, 7)));
    // From here on the suggestion carries the server's time, not the one it was made with.
    room.meet();
    room.order(ana.edit({ op: 'splitParagraph', paragraphId: ana.paragraph(0), offset: 5 }));
    room.order(
      ana.edit({ op: 'joinParagraphs', firstId: ana.paragraph(0), secondId: ana.paragraph(1) }),
      ana.undo(),
      ana.undo(),
      ana.undo(),
    );

    expect(room.meet()).toEqual(['abcdefgh']);
    expect(body(ana)).not.toContain('<w:del ');
  });

  it('[OP8] a letter deleted from a suggestion comes back as suggested', () => {
    const { room, ana } = together('abc');
    room.order(ana.edit({ ...typed(ana, 1, 'new'), revision }));
    room.order(ana.edit({ op: 'deleteText', paragraphId: ana.paragraph(0), start: 2, end: 3 }));
    room.order(ana.undo());
    room.meet();

    const suggested = [...body(ana).matchAll(/<w:ins [^>]*>(.*?)<\/w:ins>/g)]
      .map(([, runs]) => runs)
      .join('');
    expect(suggested.replace(/<[^>]*>/g, '')).toBe('new');
  });

  it('[OP8] a letter deleted from a suggestion comes back though somebody wrote beside it', () => {
    const { room, ana, bob } = together('abc');
    room.order(ana.edit({ ...typed(ana, 1, 'new'), revision }));
    room.order(ana.edit({ op: 'deleteText', paragraphId: ana.paragraph(0), start: 2, end: 3 }));
    room.meet();
    room.order(bob.type(0, 0, 'MINE '));
    room.meet();
    room.order(ana.undo());

    expect(room.meet()).toEqual(['MINE anewbc']);
  });
});

const revision = { author: 'ana', date: '2026-01-01T00:00:00Z' };

const typed = (who: Somebody, offset: number, text: string) =>
  ({ op: 'insertText', paragraphId: who.paragraph(0), offset, text }) as const;

const struck = (who: Somebody, start: number, end: number): TreeDocOp => ({
  op: 'deleteText',
  paragraphId: who.paragraph(0),
  start,
  end,
  revision,
});

const body = (who: Somebody): string => serializeOoxmlPart(who.main).replace(/.*<w:body>/s, '');
