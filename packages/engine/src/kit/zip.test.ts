import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { DEFAULT_PACKAGE_LIMITS as LIMITS } from './limits.js';
import { inflateEntry, normalizeEntryName, readZipDirectory, ZipError } from './zip-read.js';
import { writeZip } from './zip-write.js';

const FILES = { 'a.txt': strToU8('hello '.repeat(1000)), 'folder/b.bin': new Uint8Array([1, 2, 3]) };

describe('zip', () => {
  it('reads what another program wrote, and copies it byte for byte', () => {
    const bytes = zipSync(FILES, { mtime: new Date(2001, 1, 1), comment: 'kept' });
    const archive = readZipDirectory(bytes, LIMITS);
    expect(archive.entries.map((entry) => entry.name)).toEqual(['a.txt', 'folder/b.bin']);
    expect(archive.entries.map((entry) => inflateEntry(archive, entry))).toEqual(Object.values(FILES));
    const copy = writeZip(
      archive.entries.map((entry) => ({ kind: 'copied', archive, entry })),
      archive.comment,
    );
    expect(copy).toEqual(bytes);
  });

  it('replaces an entry in its place and keeps the others as they lie', () => {
    const archive = readZipDirectory(zipSync(FILES, { mtime: new Date(2001, 1, 1) }), LIMITS);
    const [first, second] = archive.entries;
    if (!first || !second) throw new Error('two entries');
    const bytes = writeZip([
      { kind: 'replaced', archive, entry: first, content: strToU8('other') },
      { kind: 'copied', archive, entry: second },
      { kind: 'added', name: 'é.xml', content: strToU8('<x/>') },
    ]);
    const again = readZipDirectory(bytes, LIMITS);
    expect(again.entries.map((entry) => [entry.name, entry.method])).toEqual([
      ['a.txt', 8],
      ['folder/b.bin', second.method],
      ['é.xml', 8],
    ]);
    expect(again.entries.map((entry) => inflateEntry(again, entry))).toEqual([
      strToU8('other'),
      FILES['folder/b.bin'],
      strToU8('<x/>'),
    ]);
  });

  it('takes a leading "/" off a name and refuses what could reach outside or hide', () => {
    expect(normalizeEntryName('/word/document.xml')).toBe('word/document.xml');
    for (const name of ['../x', 'a/../b', 'a\\b', 'C:/x', 'a//b', './a', '', 'a\u0000b']) {
      expect(() => normalizeEntryName(name), name).toThrow(ZipError);
    }
  });

  it('refuses by the directory alone, before anything is inflated', () => {
    const bytes = zipSync({ ...FILES, zeros: new Uint8Array(20_000_000) });
    const reasonWith = (limits: Partial<typeof LIMITS>): string =>
      reasonOf(() => readZipDirectory(bytes, { ...LIMITS, ...limits }));
    expect(reasonWith({ maxFileBytes: 100 })).toBe('too-large');
    expect(reasonWith({ maxEntries: 2 })).toBe('too-many-entries');
    expect(reasonWith({ maxEntryBytes: 10_000_000 })).toBe('too-large');
    expect(reasonWith({ maxInflatedBytes: 20_000_000 })).toBe('too-large');
    expect(reasonWith({})).toBe('too-large');
    expect(reasonWith({ maxRatio: 2000 })).toBe('accepted');
  });

  it('stops an entry that inflates to more than it declares', () => {
    const bytes = zipSync({ zeros: new Uint8Array(50_000_000) });
    const view = new DataView(bytes.buffer);
    const central = findSignature(bytes, 0x02014b50);
    view.setUint32(central + 24, 1000, true);
    const archive = readZipDirectory(bytes, LIMITS);
    expect(reasonOf(() => archive.entries.map((entry) => inflateEntry(archive, entry)))).toBe('malformed');
  });

  it('refuses two entries of one name, also when they differ in case only', () => {
    expect(
      reasonOf(() => readZipDirectory(zipSync({ 'a.xml': FILES['a.txt'], 'A.xml': FILES['a.txt'] }), LIMITS)),
    ).toBe('duplicate-name');
    expect(
      reasonOf(() =>
        readZipDirectory(zipSync({ 'a.xml': FILES['a.txt'], '/a.xml': FILES['a.txt'] }), LIMITS),
      ),
    ).toBe('duplicate-name');
  });

  it('refuses entries that share their bytes', () => {
    const bytes = zipSync({ a: strToU8('same'), b: strToU8('same') });
    const first = findSignature(bytes, 0x02014b50);
    const second = findSignature(bytes, 0x02014b50, first + 4);
    new DataView(bytes.buffer).setUint32(second + 42, 0, true);
    expect(reasonOf(() => readZipDirectory(bytes, LIMITS))).toBe('malformed');
  });

  it('survives any single changed or missing byte', () => {
    const bytes = zipSync({ 'a.txt': strToU8('hello world'), 'b.txt': strToU8('second') });
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = bytes.slice();
      changed[index] = (changed[index] as number) ^ 0xff;
      for (const hostile of [changed, bytes.slice(0, index)]) {
        const reason = reasonOf(() => {
          const archive = readZipDirectory(hostile, LIMITS);
          for (const entry of archive.entries) inflateEntry(archive, entry);
        });
        expect(reason).toMatch(
          /^(accepted|not-a-zip|malformed|bad-name|duplicate-name|encrypted|too-large|too-many-entries)$/,
        );
      }
    }
  });
});

function reasonOf(read: () => unknown): string {
  try {
    read();
    return 'accepted';
  } catch (cause) {
    if (cause instanceof ZipError) return cause.reason;
    throw cause;
  }
}

function findSignature(bytes: Uint8Array, signature: number, from = 0): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = from; at + 4 <= bytes.length; at += 1) if (view.getUint32(at, true) === signature) return at;
  throw new Error('no such record');
}
