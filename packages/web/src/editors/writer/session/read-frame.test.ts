import { Buffer } from 'node:buffer';
import { deflateRawSync } from 'node:zlib';
import { FRAME_DICTIONARY } from '@officina/protocol';
import { describe, expect, it } from 'vitest';
import { readFrame } from './read-frame.js';

const text = '[{"t":"ops","operations":[{"sequence":7,"client":"abc","author":"Zoë – 李"}]}]';

describe('readFrame', () => {
  it('gives the text of a text frame', () => {
    expect(readFrame(text)).toBe(text);
  });

  it('[RO40] gives the text of a packed frame, whatever letters it holds', () => {
    const packed = deflateRawSync(text.repeat(20), {
      windowBits: 13,
      dictionary: Buffer.from(FRAME_DICTIONARY),
    });

    expect(readFrame(Uint8Array.from(packed).buffer)).toBe(text.repeat(20));
  });
});
