import { Buffer } from 'node:buffer';
import { deflateRawSync } from 'node:zlib';
import { FRAME_DICTIONARY } from '@officina/protocol';

/** Packing takes some 30 µs once; it pays from so many bytes to all listeners together. */
const PACKED_FROM_BYTES = 16_000;

/** Frames are short: what a window of 8 kB does not find, a larger one finds no more often, and it costs memory. */
const PACKING = { level: 1, windowBits: 13, memLevel: 7, dictionary: Buffer.from(FRAME_DICTIONARY) };

/** One text for many listeners: made into bytes once, and packed once when that pays. */
export class SharedFrame {
  readonly text: Uint8Array;
  readonly #listeners: number;
  #packed: Uint8Array | undefined;

  constructor(text: string, listeners: number) {
    this.text = Buffer.from(text);
    this.#listeners = listeners;
  }

  /** For those who take packed frames; undefined where packing does not pay. */
  get packed(): Uint8Array | undefined {
    if (this.text.byteLength * this.#listeners < PACKED_FROM_BYTES) return undefined;
    this.#packed ??= deflateRawSync(this.text, PACKING);
    return this.#packed;
  }
}
