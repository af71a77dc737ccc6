import { describe, expect, it } from 'vitest';
import { createBlankDocx } from '../index.js';
import type { Frame } from './frame.js';
import { Identity } from './identity.js';
import { pasted, split } from './intents.js';
import type { Operation } from './operation.js';
import { gapAt, implicitPieces, Overlay } from './overlay.js';
import { DocumentReplica } from './replica.js';
import type { SettledPart } from './settled-part.js';
import { paragraphOrder } from './view.js';

/** The main part after these operations at the beginning of the document. */
function partAfter(...operations: readonly Omit<Operation, 'at'>[]) {
  const replica = DocumentReplica.open({ base: createBlankDocx() });
  const { mainDocumentPart } = replica.package;
  const ops = operations.map((each): Operation => ({ ...each, at: [`^${mainDocumentPart}#0.0.0`, 0] }));
  const author = { id: 'ana', name: 'ana' };
  const message = { id: { client: 'ana', n: 1 }, base: 0, ops };
  replica.execute({ sequence: 1, message, author, time: '2026-01-01T00:00:00Z' });
  const part = replica.package.parts.get(mainDocumentPart);
  if (!part) throw new Error('The document has no body.');
  return part;
}

const typed = (text: string) => ({ kind: 'insertText', values: { text } }) as const;

describe('a split that leaves something in front of it', () => {
  it('[OP7] lets the paragraph be found by the address that this gets', () => {
    const before = partAfter(typed('AB'));
    // As with a field that the core keeps in both halves: the first was to be empty.
    const after = partAfter(typed('AB'), { kind: 'splitParagraph' }, typed('X'));
    const [head, tail] = paragraphOrder(after) as [string, string];
    const overlay = new Overlay();
    const take = (length: number) => ({ run: 'bob.1.0', from: 0, length, dead: false });
    const frame = { overlay, identity: new Identity(), take } as unknown as Frame;
    const pieces = implicitPieces(head, 2);
    const paragraph = { logical: head, node: head, part: before };

    const settled = [{ after, addedParagraphs: [tail] } as unknown as SettledPart];
    split(frame, paragraph, pieces, [gapAt(head, pieces, 0)])(settled);

    expect(overlay.pieces(head)?.map(({ run }) => run)).toEqual(['bob.1.0']);
    expect(overlay.holdersOf('bob.1.0')).toEqual([head]);
  });
});

describe('a fragment that tears what it goes into', () => {
  it('[OP19] leaves the text behind it its addresses, though a field of it counts no more', () => {
    const before = partAfter(typed('AB\uFFFCCD'));
    const after = partAfter(typed('CD'), { kind: 'splitParagraph' }, typed('ABx'));
    const [head, tail] = paragraphOrder(after) as [string, string];
    const overlay = new Overlay();
    let taken = 0;
    const take = (length: number) => {
      taken += length;
      return { run: 'bob.1.0', from: taken - length, length, dead: false };
    };
    const frame = { overlay, identity: new Identity(), take } as unknown as Frame;
    const pieces = implicitPieces(head, 5);
    const paragraph = { logical: head, node: head, part: before };

    const settled = [{ after, addedParagraphs: [tail] } as unknown as SettledPart];
    pasted(frame, paragraph, pieces, gapAt(head, pieces, 2))(settled as never);

    const read = (logical: string) =>
      overlay.pieces(logical)?.map((each) => `${each.dead ? 'dead ' : ''}${each.from}+${each.length}`);
    expect(read(head)).toEqual(['0+2', '0+1']);
    expect(read(tail)).toEqual(['dead 2+1', '3+2']);
  });
});
