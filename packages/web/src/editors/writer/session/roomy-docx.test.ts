import { DEFAULT_PACKAGE_LIMITS, inflateEntry, readZipDirectory } from '@officina/engine/kit';
import { createBlankDocx } from '@officina/engine/writer';
import { expect, test } from 'vitest';
import { roomyDocx } from './roomy-docx.js';

const contents = (docx: Uint8Array) => {
  const archive = readZipDirectory(docx, DEFAULT_PACKAGE_LIMITS);
  return archive.entries.map((entry) => [entry.name, inflateEntry(archive, entry)]);
};

test('a small docx gets room before its directory and holds what it held', () => {
  const docx = createBlankDocx();
  const roomy = roomyDocx(docx);
  expect(roomy.byteLength).toBe(512 * 1024);
  expect(contents(roomy)).toEqual(contents(docx));
});

test('a large docx, and what is no zip file, stay as they are', () => {
  const large = roomyDocx(createBlankDocx());
  const other = new TextEncoder().encode('no zip file at all, but long enough to hold an end');
  expect(roomyDocx(large)).toBe(large);
  expect(roomyDocx(other)).toBe(other);
});
