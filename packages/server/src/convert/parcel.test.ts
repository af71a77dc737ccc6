import { describe, expect, it } from 'vitest';
import { encodeParcel, type Parcel, ParcelReader } from './parcel.js';

const parcels: Parcel[] = [
  { header: { kind: 'a', name: 'é' }, blobs: [] },
  { header: null, blobs: [new Uint8Array(0), new Uint8Array([1, 2, 3])] },
  { header: [1], blobs: [new Uint8Array(5_000).fill(7)] },
];

describe('parcel', () => {
  it('[RO50] comes out as it went in, however the pipe cuts it', () => {
    const whole = Buffer.concat(parcels.flatMap(encodeParcel));
    for (const size of [1, 3, 4, 5, 64, 4_096, whole.length]) {
      const reader = new ParcelReader(100_000);
      const read: Parcel[] = [];
      for (let at = 0; at < whole.length; at += size)
        read.push(...reader.push(whole.subarray(at, at + size)));
      expect(read.map(({ header }) => header)).toEqual(parcels.map(({ header }) => header));
      expect(read.map(({ blobs }) => blobs.map((blob) => [...blob]))).toEqual(
        parcels.map(({ blobs }) => blobs.map((blob) => [...blob])),
      );
    }
  });

  it('[RO50] refuses a header or blobs beyond the limit before it holds them', () => {
    const long = Buffer.alloc(4);
    long.writeUInt32LE(0xffff_ffff);
    expect(() => new ParcelReader(10).push(long)).toThrow('too long');
    const large = Buffer.concat(encodeParcel({ header: 0, blobs: [new Uint8Array(11)] }));
    expect(() => new ParcelReader(10).push(large)).toThrow('too large');
  });
});
