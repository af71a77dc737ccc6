import { describe, expect, it } from 'vitest';
import type { Message } from './operation.js';
import { RENEWALS } from './renewal.js';
import { Somebody, together, typed } from './testing/people.js';

describe('a replacement whose lock is lost', () => {
  it('[OP13] is made anew on top of what somebody else typed into the same paragraph', () => {
    const { room, ana, bob } = together('first', 'second');
    const opaque = ana.opaque(typed(ana, 1, 0, 'NEW '));
    const keys = bob.type(1, 6, ' THEIRS');
    room.order(keys, opaque);
    expect(room.meet()).toEqual(['first', 'NEW second THEIRS']);
    expect(ana.offered).toEqual([]);
  });

  it('[OP13] keeps what its author went on typing into it', () => {
    const { room, ana, bob } = together('second');
    const opaque = ana.opaque(
      { op: 'splitParagraph', paragraphId: ana.paragraph(0), offset: 6 },
      typed(ana, 0, 0, 'NEW '),
    );
    const more = ana.type(1, 0, 'tail');
    const keys = bob.type(0, 3, 'X');
    room.order(keys, opaque, more);
    expect(room.meet()).toEqual(['NEW secXond', 'tail']);
  });

  it('[OP13] lets the addresses of what others wrote survive, so that they can go on there', () => {
    const { room, ana, bob } = together('second');
    const opaque = ana.opaque(typed(ana, 0, 6, '!'), typed(ana, 0, 0, 'NEW '));
    const keys = bob.type(0, 3, 'XY');
    room.order(keys, opaque);
    room.order(...ana.hear().send);
    // Bob has not heard of anything yet and goes on inside his own word.
    room.order(bob.type(0, 4, 'z'));
    expect(room.meet()).toEqual(['NEW secXzYond!']);
  });

  it('[OP13] is one undo for its author, and takes nothing of the others', () => {
    const { room, ana, bob } = together('second');
    const opaque = ana.opaque(typed(ana, 0, 0, 'NEW '));
    room.order(bob.type(0, 6, ' THEIRS'), opaque);
    room.meet();
    room.order(ana.undo());
    expect(room.meet()).toEqual(['second THEIRS']);
  });

  it('[OP13] is given up where both took the same place for something else, and its words are offered back', () => {
    const { room, ana, bob } = together('second');
    const mine = ana.opaque(typed(ana, 0, 0, 'MINE '));
    const theirs = bob.opaque(typed(bob, 0, 0, 'THEIRS '));
    room.order(theirs, mine);
    expect(room.meet()).toEqual(['THEIRS second']);
    expect(ana.offered).toEqual([
      { text: 'MINE second\n', detail: expect.stringContaining('exclude each other') },
    ]);
  });

  it(`[OP13] goes out ${RENEWALS} more times, then its author is told`, () => {
    const { room, ana, bob } = together('second');
    const first = ana.opaque(typed(ana, 0, 0, 'NEW '));
    room.order(bob.type(0, 6, '0'), first);
    for (let tries = 1; tries <= RENEWALS; tries++) {
      const { send } = ana.hear();
      expect(send).toHaveLength(1);
      room.order(bob.type(0, 6 + tries, String(tries)));
      room.order(...send);
    }
    expect(room.meet()).toEqual(['second0123']);
    expect(ana.offered).toEqual([
      { text: expect.stringContaining('NEW '), detail: expect.stringContaining('kept changing') },
    ]);
  });

  it('[OP13] does not carry out what the document refused its author meanwhile', () => {
    const { room, ana, bob } = together('above', 'below');
    const size = { rows: 2, cols: 1, columnWidthTwips: 2000 };
    room.order(ana.edit({ op: 'insertTable', beforeParagraphId: ana.paragraph(1), ...size }));
    room.meet();
    room.order(ana.type(1, 0, 'MINE'));
    room.meet();

    const [tableId, rowId] = [ana.all('tbl')[0] as string, ana.all('tr')[0] as string];
    const gone = ana.edit({ op: 'deleteTableRow', tableId, rowId });
    const anew = ana.opaque(typed(ana, 0, 0, 'NEW '));
    room.order(bob.type(1, 4, 'HIS'), bob.type(0, 5, '!'), gone, anew);

    expect(room.meet()).toEqual(['above!', 'MINEHIS', '', 'below']);
    expect(ana.offered.map(({ text }) => text).join()).toContain('NEW ');
  });

  it.each(Array.from({ length: 8 }, (_, i) => i + 1))(
    '[OP13] seed %i: races of replacements and keys lose and double nothing',
    (seed) => {
      const { lost, doubled } = race(seed);
      expect({ seed, lost, doubled }).toEqual({ seed, lost: [], doubled: [] });
    },
  );
});

/** Three people in three paragraphs; each hears of the others after a while of its own. */
function race(seed: number): { lost: readonly string[]; doubled: readonly string[] } {
  let state = seed * 2654435761;
  const below = (limit: number) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) >>> 0;
    return state % limit;
  };
  const { room, ana, bob } = together('alpha', 'beta', 'gamma');
  const cleo = new Somebody(room, 'cleo');
  room.meet();
  const words: { readonly word: string; readonly who: Somebody }[] = [];
  const waiting = new Map<Somebody, Message[]>([ana, bob, cleo].map((who) => [who, []]));
  for (let i = 0; i < 30; i++) {
    const who = [ana, bob, cleo][below(3)] as Somebody;
    const mine = waiting.get(who) as Message[];
    const index = below(who.lines().length);
    const length = who.lines()[index]?.length ?? 0;
    const word = `<${i}>`;
    switch (below(5)) {
      case 0:
      case 1: {
        const message = who.type(index, below(length + 1), word);
        if (message) mine.push(message);
        words.push({ word, who });
        break;
      }
      case 2: {
        const message = who.opaque(typed(who, index, below(2) * length, word));
        if (message) mine.push(message);
        words.push({ word, who });
        break;
      }
      case 3:
        room.order(...mine.splice(0));
        break;
      default:
        mine.push(...who.hear().send);
    }
  }
  for (const mine of waiting.values()) room.order(...mine.splice(0));
  const text = room.meet().join('\n');
  const offered = room.people.flatMap((each) => each.offered.map(({ text: words }) => words)).join('\n');
  const inText = (word: string) => lettersOf(text, word);
  return {
    lost: words.filter(({ word }) => !inText(word) && !lettersOf(offered, word)).map(({ word }) => word),
    doubled: words.filter(({ word }) => text.split(word).length > 2).map(({ word }) => word),
  };
}

/** Whether a word stands there, be it with others' words inside. */
function lettersOf(text: string, word: string): boolean {
  let at = 0;
  for (const letter of word) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
