import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LibraryEntry } from '../../domain/library/library-document.js';
import {
  INCOMING_JSON,
  INCOMING_XML,
  LISTED,
  presentEntry,
  WRITE_INCOMING,
  WRITE_LISTED,
} from './present.js';
import { writeJson, writeXml } from './wire-value.js';

const text = () => fc.string({ unit: 'binary', maxLength: 30 });
const time = () => fc.nat(2_000_000_000);

const person = () =>
  fc.record({
    id: fc.constantFrom('ann', 'ben'),
    email: text(),
    loginName: fc.option(text()),
    displayName: text(),
    createdAt: time(),
  });

const entries: fc.Arbitrary<LibraryEntry> = fc.record({
  document: fc.record({
    id: fc.stringMatching(/^[1-9]\d{12,17}$/),
    ownerId: fc.constantFrom('ann', 'ben'),
    name: text(),
    urlName: fc.record({ stem: text(), number: fc.nat(3) }),
    createdAt: time(),
    modifiedAt: time(),
    modifiedBy: fc.constantFrom('ann', 'ben'),
    state: fc.constantFrom('kept' as const, 'trashed' as const),
    isSharing: fc.boolean(),
    publication: fc.option(fc.constant({ allowsComments: false, showsComments: false })),
    version: fc.integer({ min: 10, max: 10_000 }),
    lock: fc.option(fc.record({ holderId: text(), until: time() })),
  }),
  owner: person(),
  editor: fc.option(person()),
  sharedWith: fc.array(text(), { maxLength: 3 }),
  share: fc.option(fc.record({ canWrite: fc.boolean() })),
});

describe('entries of lists', () => {
  it('[LI30] are written at once as their fields would be one by one, whatever stands in them', () => {
    fc.assert(
      fc.property(entries, fc.constantFrom('ann', 'ben', null), time(), (entry, callerId, now) => {
        const view = { callerId, now };
        const asElement = (fields: typeof LISTED | typeof INCOMING_XML) =>
          `<document>${writeXml(presentEntry(entry, fields, view))}</document>`;
        expect(WRITE_INCOMING.xml(entry, view)).toBe(asElement(INCOMING_XML));
        expect(WRITE_LISTED.xml(entry, view)).toBe(asElement(LISTED));
        expect(WRITE_INCOMING.json(entry, view)).toBe(writeJson(presentEntry(entry, INCOMING_JSON, view)));
        expect(WRITE_LISTED.json(entry, view)).toBe(writeJson(presentEntry(entry, LISTED, view)));
      }),
      { numRuns: 300 },
    );
  });
});
