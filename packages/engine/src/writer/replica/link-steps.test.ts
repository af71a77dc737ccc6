import { findNode, type OoxmlNode, type TreeDocOp } from '@docx-editor.dev/core/store';
import { describe, expect, it } from 'vitest';
import { type Somebody, together } from './testing/people.js';

/** What each link says, and where it leads. */
function linksOf(who: Somebody): readonly string[] {
  return who.all('hyperlink').map((id) => {
    const link = findNode(who.main, id) as OoxmlNode & {
      readonly attributes: readonly { localName: string; value: string }[];
    };
    const leads = link.attributes.find(({ localName }) => localName === 'anchor')?.value;
    return `${wordsIn(link)} → ${leads}`;
  });
}

function wordsIn(node: OoxmlNode): string {
  return node.kind === 'textValue'
    ? node.value
    : (node.children as readonly OoxmlNode[]).map(wordsIn).join('');
}

function linked() {
  const { room, ana, bob } = together('see this page here');
  const link: TreeDocOp = {
    op: 'insertHyperlink',
    paragraphId: ana.paragraph(0),
    start: 4,
    end: 13,
    anchor: 'one',
  };
  room.order(ana.edit(link));
  room.meet();
  expect(linksOf(bob)).toEqual(['this page → one']);
  return { room, ana, bob };
}

const aim = (who: Somebody, range?: { start: number; end: number }): TreeDocOp => ({
  ...{ op: 'setHyperlinkTarget', linkId: who.all('hyperlink')[0] as string, anchor: 'two' },
  ...(range && { range }),
});
const unlink = (who: Somebody, range?: { start: number; end: number }): TreeDocOp => ({
  ...{ op: 'removeHyperlink', linkId: who.all('hyperlink')[0] as string },
  ...(range && { range }),
});

describe('a link that its author cut in two', () => {
  it('is aimed anew in its second half before anybody else has heard of it', () => {
    const { room, ana, bob } = linked();
    const split = ana.edit({ op: 'splitParagraph', paragraphId: ana.paragraph(0), offset: 9 });
    const linkId = ana.all('hyperlink')[1] as string;
    room.order(split, ana.edit({ op: 'setHyperlinkTarget', linkId, anchor: 'two' }));
    expect(room.meet()).toEqual(['see this ', 'page here']);
    expect(linksOf(bob)).toEqual(['this  → one', 'page → two']);
  });
});

describe('a link that somebody else writes around', () => {
  it('is aimed anew at the characters that were meant, however far they have moved', () => {
    const { room, ana, bob } = linked();
    const change = ana.edit(aim(ana, { start: 9, end: 13 }));
    room.order(bob.type(0, 0, 'Please '), bob.type(0, 9, '>'), change);
    expect(room.meet()).toEqual(['Please se>e this page here']);
    expect(linksOf(bob)).toEqual(['this  → one', 'page → two']);
  });

  it('is removed from the characters that were meant', () => {
    const { room, ana, bob } = linked();
    const change = ana.edit(unlink(ana, { start: 4, end: 8 }));
    room.order(bob.type(0, 0, 'Do '), change);
    expect(room.meet()).toEqual(['Do see this page here']);
    expect(linksOf(bob)).toEqual([' page → one']);
  });

  it('is changed in both paragraphs when somebody cut it in two', () => {
    const { room, ana, bob } = linked();
    const change = ana.edit(aim(ana));
    room.order(bob.edit({ op: 'splitParagraph', paragraphId: bob.paragraph(0), offset: 8 }), change);
    expect(room.meet()).toEqual(['see this', ' page here']);
    expect(linksOf(ana)).toEqual(['this → two', ' page → two']);
  });

  it('is removed with what somebody typed into it', () => {
    const { room, ana, bob } = linked();
    const change = ana.edit(unlink(ana));
    room.order(bob.type(0, 8, ' very'), change);
    expect(room.meet()).toEqual(['see this very page here']);
    expect(linksOf(ana)).toEqual([]);
  });

  it('is gone for who aims it after somebody removed it, and the text stays', () => {
    const { room, ana, bob } = linked();
    const change = ana.edit(aim(ana, { start: 4, end: 8 }));
    room.order(bob.edit(unlink(bob)), change);
    expect(room.meet()).toEqual(['see this page here']);
    expect(ana.offered).toMatchObject([{ detail: 'the link' }]);
  });

  it('can be taken back', () => {
    const { room, ana, bob } = linked();
    room.order(ana.edit(unlink(ana)));
    room.meet();
    room.order(bob.type(0, 0, 'Do '));
    room.meet();
    room.order(
      ana.edit({ op: 'insertHyperlink', paragraphId: ana.paragraph(0), start: 7, end: 11, anchor: 'three' }),
    );
    room.meet();
    room.order(ana.undo());
    expect(room.meet()).toEqual(['Do see this page here']);
    expect(linksOf(bob)).toEqual([]);
  });
});
