import { findNode, type OoxmlElement, type TreeDocOp } from '@docx-editor.dev/core/store';
import { describe, expect, it } from 'vitest';
import { type Somebody, together } from './testing/people.js';

const LOCAL_TIME = '2026-01-01T00:00:00Z';

function suggest(who: Somebody, offset: number, text: string): TreeDocOp {
  const revision = { author: who.name, date: LOCAL_TIME };
  return { op: 'insertText', paragraphId: who.paragraph(0), offset, text, revision };
}

function strike(who: Somebody, start: number, end: number): TreeDocOp {
  const revision = { author: who.name, date: LOCAL_TIME };
  return { op: 'deleteText', paragraphId: who.paragraph(0), start, end, revision };
}

/** Decides what this person's editor shows there, under the number that it gave. */
function decide(who: Somebody, op: 'acceptRevision' | 'rejectRevision', start: number, end: number) {
  const [site] = [...who.all('ins'), ...who.all('del')];
  const node = findNode(who.main, site as string) as OoxmlElement;
  const of = (name: string) => node.attributes.find(({ localName }) => localName === name)?.value as string;
  const revision = { id: of('id'), author: of('author'), date: of('date') };
  const changed = [{ nodeId: who.paragraph(0), start, end }];
  return who.perform({ do: 'operations', operations: [{ op, revision }], scope: { kind: 'body' }, changed });
}

const marks = (who: Somebody) => who.all('ins').length + who.all('del').length;

describe('a tracked change that is not acknowledged yet', () => {
  it.each([
    ['acceptRevision', 'some new words'],
    ['rejectRevision', 'some words'],
  ] as const)('[OP14] typed just now: %s decides it, everywhere alike', (op, text) => {
    const { room, ana, bob } = together('some words');
    const typed = ana.edit(suggest(ana, 5, 'new '));
    const decided = decide(ana, op, 5, 9);
    expect(ana.lines()).toEqual([text]);
    room.order(typed, decided);
    expect(room.meet()).toEqual([text]);
    expect([marks(ana), marks(bob)]).toEqual([0, 0]);
  });

  it.each([
    ['acceptRevision', 'words'],
    ['rejectRevision', 'some words'],
  ] as const)('[OP14] struck just now: %s decides it, everywhere alike', (op, text) => {
    const { room, ana, bob } = together('some words');
    const struck = ana.edit(strike(ana, 0, 5));
    const decided = decide(ana, op, 0, 5);
    room.order(struck, decided);
    expect(room.meet()).toEqual([text]);
    expect([marks(ana), marks(bob)]).toEqual([0, 0]);
  });

  it('[OP14] is decided when others wrote into the paragraph before it was numbered', () => {
    const { room, ana, bob } = together('some words');
    const typed = ana.edit(suggest(ana, 5, 'new '));
    const decided = decide(ana, 'acceptRevision', 5, 9);
    room.order(bob.type(0, 0, 'Only '), bob.edit(strike(bob, 10, 15)), typed, decided);
    expect(room.meet()).toEqual(['Only some new words']);
    expect(marks(ana)).toBe(1);
    expect(marks(bob)).toBe(1);
  });

  it('[OP14] is typed in several strokes, and decided between two acknowledgements', () => {
    const { room, ana, bob } = together('some words');
    const first = ana.edit(suggest(ana, 5, 'n'));
    const second = ana.edit(suggest(ana, 6, 'ew '));
    room.order(first);
    ana.hear();
    const decided = decide(ana, 'acceptRevision', 5, 9);
    room.order(second, decided);
    expect(room.meet()).toEqual(['some new words']);
    expect([marks(ana), marks(bob)]).toEqual([0, 0]);
  });
});
