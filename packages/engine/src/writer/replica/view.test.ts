import { describe, expect, it } from 'vitest';
import { createBlankDocx } from '../index.js';
import { Overlay, type Piece } from './overlay.js';
import { DocumentReplica } from './replica.js';
import { paragraphOrder, View } from './view.js';

/** A document of three paragraphs. */
function three(): DocumentReplica {
  const replica = DocumentReplica.open({ base: createBlankDocx() });
  const author = { id: 'ana', name: 'ana' };
  for (let n = 1; n <= 2; n++) {
    const at = [`^${replica.package.mainDocumentPart}#0.0.0`, 0] as const;
    const message = { id: { client: 'ana', n }, base: n - 1, ops: [{ kind: 'splitParagraph', at } as const] };
    replica.execute({ sequence: n, message, author, time: '2026-01-01T00:00:00Z' });
  }
  return replica;
}

const GRAVE: Piece = { run: '^gone', from: 0, length: 0, dead: true };

describe('an address', () => {
  it('[OP7] means the same place in whatever order the paragraphs that know it were written', () => {
    const { package: pkg, workspace } = three();
    const main = pkg.parts.get(pkg.mainDocumentPart);
    const [first, second, third] = main ? paragraphOrder(main) : [];
    const read = (...written: readonly (string | undefined)[]): string | undefined => {
      const overlay = new Overlay();
      for (const each of written) overlay.write(each as string, [GRAVE]);
      return new View(pkg, overlay, workspace.identity).gap(['^gone', 0])?.paragraph.node;
    };

    expect(read(first, second, third)).toBe(first);
    expect(read(third, first, second)).toBe(first);
  });
});
