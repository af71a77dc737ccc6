import { Buffer } from 'node:buffer';

/** What travels to and from a runner: a small description and the bytes it speaks of. */
export interface Parcel {
  header: unknown;
  blobs: readonly Uint8Array[];
}

/** A header is a description; one of this size is none of ours. */
const HEADER_LIMIT_BYTES = 16 * 1024 * 1024;
const LENGTH_BYTES = 4;

/** A parcel as chunks for a pipe: header length (u32 LE), header (JSON with the blobs' sizes), blobs. */
export function encodeParcel({ header, blobs }: Parcel): Uint8Array[] {
  const text = Buffer.from(JSON.stringify({ header, sizes: blobs.map((blob) => blob.byteLength) }));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(text.byteLength);
  return [Buffer.concat([length, text]), ...blobs];
}

/** Puts parcels together from the chunks of a pipe. `push` throws a plain Error for what is no parcel or too large. */
export class ParcelReader {
  readonly #sizeLimit: number;
  #chunks: Uint8Array[] = [];
  #received = 0;
  #wanted = LENGTH_BYTES;
  #opened: { header: unknown; sizes: readonly number[] } | 'header' | 'length' = 'length';

  /** `sizeLimit` bounds the bytes of all blobs of one parcel. */
  constructor(sizeLimit: number) {
    this.#sizeLimit = sizeLimit;
  }

  push(chunk: Uint8Array): Parcel[] {
    this.#chunks.push(chunk);
    this.#received += chunk.byteLength;
    const parcels: Parcel[] = [];
    while (this.#received >= this.#wanted) {
      const parcel = this.#open(this.#take(this.#wanted));
      if (parcel) parcels.push(parcel);
    }
    return parcels;
  }

  #open(bytes: Buffer): Parcel | undefined {
    if (this.#opened === 'length') {
      this.#wanted = bytes.readUInt32LE();
      if (this.#wanted > HEADER_LIMIT_BYTES) throw new Error('The header of a parcel is too long.');
      this.#opened = 'header';
      return undefined;
    }
    if (this.#opened === 'header') {
      const opened = JSON.parse(bytes.toString('utf8')) as { header: unknown; sizes: readonly number[] };
      this.#wanted = opened.sizes.reduce((sum, size) => sum + size, 0);
      if (this.#wanted > this.#sizeLimit) throw new Error('A parcel is too large.');
      this.#opened = opened;
      return undefined;
    }
    const { header, sizes } = this.#opened;
    let at = 0;
    const blobs = sizes.map((size) => {
      at += size;
      return bytes.subarray(at - size, at);
    });
    this.#opened = 'length';
    this.#wanted = LENGTH_BYTES;
    return { header, blobs };
  }

  #take(count: number): Buffer {
    const all = Buffer.concat(this.#chunks, this.#received);
    const rest = all.subarray(count);
    this.#chunks = rest.byteLength > 0 ? [rest] : [];
    this.#received = rest.byteLength;
    return all.subarray(0, count);
  }
}
