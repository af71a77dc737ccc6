import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import yazl from 'yazl';
import { ZipReader } from './zip-reader.js';
import { ZipWriter } from './zip-writer.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'officina-zip-'));
});
afterAll(() => rm(folder, { recursive: true }));

const MEGABYTE = 1024 * 1024;

async function writeZip(files: Readonly<Record<string, Uint8Array>>): Promise<string> {
  const path = join(folder, `${randomBytes(6).toString('hex')}.zip`);
  const writer = new ZipWriter();
  const received = pipeline(writer.output, createWriteStream(path));
  for (const [name, bytes] of Object.entries(files)) await writer.add(name, bytes, Date.UTC(2024, 1, 2));
  writer.end();
  await received;
  return path;
}

/** A zip as another program makes it. */
async function foreignZip(fill: (zip: yazl.ZipFile) => void): Promise<string> {
  const path = join(folder, `${randomBytes(6).toString('hex')}.zip`);
  const zip = new yazl.ZipFile();
  fill(zip);
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path));
  return path;
}

async function spoil(path: string, change: (bytes: Buffer) => Buffer): Promise<string> {
  const spoilt = `${path}.spoilt`;
  await writeFile(spoilt, change(await readFile(path)));
  return spoilt;
}

const text = (letters: string) => new TextEncoder().encode(letters);
const REFUSED = { code: 'parameter_value_invalid' };

describe('zips of accounts', () => {
  it('[LI92] hold every file as it was, whatever its name and size', async () => {
    const files = {
      'documents/Ünï文-1/1.0.docx': randomBytes(3 * MEGABYTE),
      'documents/Ünï文-1/1.1.docx': new Uint8Array(0),
      'manifest.json': text('{"a": "b"}'.repeat(1000)),
    };
    const zip = await ZipReader.open(await writeZip(files));
    for (const [name, bytes] of Object.entries(files)) {
      expect(Buffer.compare((await zip.read(name, 4 * MEGABYTE)) ?? text('none'), bytes)).toBe(0);
    }
    expect(await zip.read('documents/x', 1)).toBeUndefined();
    zip.close();
  });

  it('[LI92] go out while they are written: a file waits until the one before was taken', async () => {
    const writer = new ZipWriter();
    const taken: number[] = [];
    const written = (async () => {
      for (let file = 0; file < 20; file += 1) {
        await writer.add(`${file}.docx`, randomBytes(MEGABYTE), 0);
        taken.push(file);
      }
      writer.end();
    })();
    expect(taken).toEqual([]);
    let most = 0;
    for await (const _ of writer.output) most = Math.max(most, writer.output.readableLength);
    await written;
    expect(taken).toHaveLength(20);
    expect(most).toBeLessThan(2 * MEGABYTE);
  });

  it('[LI92] end for the writer when the reader goes away', async () => {
    const writer = new ZipWriter();
    const adding = writer.add('1.docx', randomBytes(MEGABYTE), 0);
    writer.output.destroy();
    await expect(adding).rejects.toThrow('gone away');
  });

  it('[LI94] are refused when they are no zip, cut short, or damaged in a file', async () => {
    const path = await writeZip({ 'manifest.json': text('{}'), '1.docx': text('sound content') });
    await expect(ZipReader.open(await spoil(path, () => Buffer.from('PK no zip')))).rejects.toMatchObject(
      REFUSED,
    );
    await expect(
      ZipReader.open(await spoil(path, (bytes) => bytes.subarray(0, bytes.length - 30))),
    ).rejects.toMatchObject(REFUSED);
    const zip = await ZipReader.open(
      await spoil(path, (bytes) => {
        bytes.write('S', bytes.indexOf('sound content'));
        return bytes;
      }),
    );
    await expect(zip.read('1.docx', 100)).rejects.toMatchObject(REFUSED);
    expect(await zip.read('manifest.json', 100)).toEqual(Buffer.from('{}'));
    zip.close();
  });

  it('[LI94] never give more than they were asked for, nor inflate beyond bounds', async () => {
    const large = await ZipReader.open(await writeZip({ 'a.json': new Uint8Array(MEGABYTE) }));
    await expect(large.read('a.json', MEGABYTE - 1)).rejects.toMatchObject({ code: 'upload_too_large' });
    large.close();
    const bomb = await writeZip({ 'a.json': new Uint8Array(20 * MEGABYTE) });
    await expect(ZipReader.open(bomb)).rejects.toThrow('inflates more than');
    // The directory says less than there is.
    const lying = await spoil(await writeZip({ 'a.json': new Uint8Array(MEGABYTE) }), (bytes) => {
      bytes.writeUInt32LE(10, bytes.indexOf('PK\x01\x02') + 24);
      return bytes;
    });
    const zip = await ZipReader.open(lying);
    await expect(zip.read('a.json', MEGABYTE)).rejects.toMatchObject(REFUSED);
    zip.close();
  });

  it('[LI94] are refused with a name twice, names that lead elsewhere, encryption or shared bytes', async () => {
    const twice = await foreignZip((zip) => {
      zip.addBuffer(Buffer.from('1'), 'a.json');
      zip.addBuffer(Buffer.from('2'), 'a.json');
    });
    await expect(ZipReader.open(twice)).rejects.toThrow('twice');
    const plain = await foreignZip((zip) => {
      zip.addBuffer(Buffer.from('1'), 'xx/a.json', { compress: false });
      zip.addBuffer(Buffer.from('2'), 'xx/b.json', { compress: false });
    });
    const rename = (bytes: Buffer, name: string) => {
      for (let at = bytes.indexOf('xx/a.json'); at >= 0; at = bytes.indexOf('xx/a.json', at + 1))
        bytes.write(name, at);
      return bytes;
    };
    await expect(
      ZipReader.open(await spoil(plain, (bytes) => rename(bytes, '../a.json'))),
    ).rejects.toMatchObject(REFUSED);
    const directory = (bytes: Buffer) => bytes.lastIndexOf('PK\x01\x02');
    const encrypted = await spoil(plain, (bytes) => {
      bytes.writeUInt16LE(1, directory(bytes) + 8);
      return bytes;
    });
    await expect(ZipReader.open(encrypted)).rejects.toMatchObject(REFUSED);
    const shared = await spoil(plain, (bytes) => {
      bytes.writeUInt32LE(0, directory(bytes) + 42);
      return bytes;
    });
    await expect(ZipReader.open(shared)).rejects.toThrow('share their bytes');
  });
});
