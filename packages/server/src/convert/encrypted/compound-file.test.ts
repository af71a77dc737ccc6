import { describe, expect, it } from 'vitest';
import { CompoundFileFault, readCompoundFile } from './compound-file.js';
import { writeCompoundFile } from './write-compound-file.js';

const SECTOR = 512;
const FIRST_LIST_AT = 68;

/** A file whose header leads to a list of sectors that are all the same one, and to itself as the next list. */
function circlingLists(): Buffer {
  const file = Buffer.from(writeCompoundFile([{ name: 'A', bytes: Buffer.alloc(1_000_000, 1) }]));
  const list = 5;
  file.writeUInt32LE(list, FIRST_LIST_AT);
  file.writeUInt32LE(0xffffffff, FIRST_LIST_AT + 4);
  for (let at = 0; at < SECTOR; at += 4) file.writeUInt32LE(list, (list + 1) * SECTOR + at);
  return file;
}

describe('compound files', () => {
  it('[FO22] a list of sectors that runs in circles is refused before it fills the memory', () => {
    expect(() => readCompoundFile(circlingLists())).toThrow(CompoundFileFault);
  });

  it('[FO22] a file that is cut short anywhere is refused or read, and never breaks', () => {
    const whole = writeCompoundFile([{ name: 'WordDocument', bytes: Buffer.alloc(9_000, 7) }]);
    for (let length = 0; length < whole.length; length += 97) {
      try {
        expect(readCompoundFile(whole.subarray(0, length)).get('WordDocument')?.length ?? 9_000).toBe(9_000);
      } catch (error) {
        expect(error).toBeInstanceOf(CompoundFileFault);
      }
    }
  });
});
