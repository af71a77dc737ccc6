import { describe, expect, it } from 'vitest';
import { bytesWithin, namingAttachments, withAttachments } from './attachments.js';
import { pictureTypeOf } from './picture-type.js';
import { toReplicaEntry } from './rooms.js';

const picture = new Uint8Array([1, 2, 3]);
const other = new Uint8Array([9]);
const name = 'a'.repeat(64);
const base64Of = (bytes: Uint8Array) => `base64 of ${bytes.length}`;
const payload = (o: unknown) => ({
  sequence: 7,
  client: 'c',
  n: 1,
  base: 0,
  actor: 'u',
  author: 'A',
  at: 0,
  o,
});

describe('attachments', () => {
  it('leave an operation by name and come back as bytes; lighter ones stay inside', () => {
    const ops = [{ kind: 'insertImage', values: { image: { $bytes: picture }, icon: { $bytes: other } } }];
    const nameOf = (bytes: Uint8Array) => (bytes === picture ? name : undefined);
    const { value, names } = namingAttachments(ops, nameOf, base64Of);

    expect(bytesWithin(ops)).toEqual([picture, other]);
    expect(names).toEqual([name]);
    expect(value).toEqual([
      { kind: 'insertImage', values: { image: { $blob: name }, icon: { $bytes: 'base64 of 1' } } },
    ]);
    expect(withAttachments(value, () => picture)).toEqual([
      { kind: 'insertImage', values: { image: { $bytes: picture }, icon: { $bytes: 'base64 of 1' } } },
    ]);
  });

  it('make of an operation without any the very same value', () => {
    const ops = [{ kind: 'insertText', values: { text: 'x' } }];
    expect(withAttachments(ops, () => picture)).toBe(ops);
  });

  it('are known by the list of their operation alone: what it leaves out stays unknown everywhere', () => {
    const ops = [{ kind: 'insertImage', values: { image: { $blob: name } } }];
    const bytesOf = () => picture;
    expect(toReplicaEntry(payload({ ops, blobs: [name] }), bytesOf).message.ops).toEqual([
      { kind: 'insertImage', values: { image: { $bytes: picture } } },
    ]);
    expect(toReplicaEntry(payload({ ops }), bytesOf).message.ops).toBe(ops);
  });

  it('that are listed and not here stop a replica before it differs from the others', () => {
    expect(() => toReplicaEntry(payload({ ops: [], blobs: [name] }))).toThrow('attachment');
  });
});

describe('pictures', () => {
  it.each([
    ['image/png', '89504e470d0a1a0a'],
    ['image/jpeg', 'ffd8ffe0'],
    ['image/gif', '474946383961'],
    ['image/webp', '524946460000000057454250'],
    ['image/x-emf', `${'00'.repeat(40)}20454d46`],
    [null, '504b0304'],
    [null, '3c737667'],
    [null, ''],
  ])('are told by their first bytes: %s', (type, hex) => {
    const bytes = Uint8Array.from(hex.match(/../g) ?? [], (each) => Number.parseInt(each, 16));
    expect(pictureTypeOf(bytes)).toBe(type);
  });
});
