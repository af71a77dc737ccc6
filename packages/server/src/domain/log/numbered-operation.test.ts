import { describe, expect, it } from 'vitest';
import { jsonOf, NumberedOperation, operationAuthor } from './numbered-operation.js';

describe('NumberedOperation', () => {
  const author = operationAuthor('client-1', 'u"1', 'Ada \u2028 "Lovelace"');
  const o = { ops: [{ kind: 'insertText', values: { text: 'é"\n' } }] };
  const operation = new NumberedOperation(7, { n: 3, base: 5, at: 99, o }, author, JSON.stringify(o));

  it('reads back as the same operation', () => {
    expect(JSON.parse(jsonOf(operation))).toEqual({
      sequence: 7,
      client: 'client-1',
      actor: 'u"1',
      author: 'Ada \u2028 "Lovelace"',
      n: 3,
      base: 5,
      at: 99,
      o,
    });
  });

  it('serialises to the same fields when somebody does it again', () => {
    expect(JSON.parse(JSON.stringify(operation))).toEqual(JSON.parse(jsonOf(operation)));
  });

  it('serialises an operation that was read from the log', () => {
    const read = JSON.parse(jsonOf(operation));
    expect(JSON.parse(jsonOf(read))).toEqual(read);
  });
});
