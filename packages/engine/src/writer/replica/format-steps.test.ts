import { serializeOoxmlPart } from '@docx-editor.dev/core/store';
import { describe, expect, it } from 'vitest';
import { createBlankDocx } from '../index.js';
import type { JsonValue, Operation } from './operation.js';
import { DocumentReplica } from './replica.js';

describe('formatting that is taken back', () => {
  it('[OP8] leaves the runs as they are where nothing of it is left', () => {
    const replica = DocumentReplica.open({ base: createBlankDocx() });
    const { mainDocumentPart } = replica.package;
    const execute = (...ops: Operation[]) => {
      const n = replica.sequence + 1;
      const message = { id: { client: 'ana', n }, base: n - 1, ops };
      const author = { id: 'ana', name: 'ana' };
      replica.execute({ sequence: n, message, author, time: '2026-01-01T00:00:00Z' });
      const part = replica.package.parts.get(mainDocumentPart);
      return part ? serializeOoxmlPart(part) : '';
    };
    const values = { text: 'abcdef' };
    const before = execute({ kind: 'insertText', at: [`^${mainDocumentPart}#0.0.0`, 0], values });
    const bold = { localName: 'b', attributes: {} };
    const ranges = [['ana.1.0', 2, 4]] as const;
    const left = (delta: NonNullable<Operation['delta']>) =>
      execute({
        kind: 'setRunProperties',
        ranges,
        delta,
        values: { onlyIf: delta as unknown as JsonValue },
      });

    expect(left({ set: [], remove: [] })).toBe(before);
    // It is not bold any more: somebody else saw to that.
    expect(left({ set: [bold], remove: [] })).toBe(before);
  });
});
