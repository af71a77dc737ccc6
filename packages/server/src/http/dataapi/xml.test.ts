import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseXml, textOf } from './testing/xml-tree.js';
import { writeAnswer } from './wire-value.js';

/** What XML can carry of a text: the rest becomes U+FFFD. */
const carried = (text: string) =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is about
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd');

describe('answers on the wire', () => {
  it('[LI36] any text comes back from XML and JSON as it was, but for what XML has no place for', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.string({ unit: 'grapheme' }),
        (one, two) => {
          const fields = [
            ['documentName', one],
            ['tag', { many: [{ attributes: { name: two.replace(/\s/gu, '') } }] }],
          ] as const;
          const tree = parseXml(writeAnswer('xml', `/a"<&>/${two.replace(/\s/gu, '')}`, fields));
          const [result] = tree.children;
          if (typeof result !== 'object') throw new Error('There is no result.');
          expect(textOf(result, 'documentName')).toBe(carried(one));
          const tag = result.children[1];
          if (typeof tag !== 'object') throw new Error('There is no tag.');
          expect(tag.attributes.name).toBe(carried(two.replace(/\s/gu, '')));
          expect(tree.attributes.uri).toBe(carried(`/a"<&>/${two.replace(/\s/gu, '')}`));
          const { result: json } = JSON.parse(writeAnswer('json', '/a', fields)).response;
          expect(json.documentName).toBe(one);
        },
      ),
      { numRuns: 300 },
    );
  });
});
