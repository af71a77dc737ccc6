import { unzipSync, zipSync } from 'fflate';
import { makeDocument } from '../corpus/make.js';
import { createRandom } from './random.js';

/** A docx with so many bytes in a part that does not compress, so that every file of it needs room. */
export function heavyDocument(byteCount: number): Uint8Array<ArrayBuffer> {
  const random = createRandom(1);
  const noise = Uint8Array.from({ length: byteCount }, () => Math.floor(random() * 256));
  const parts = unzipSync(makeDocument('plain'));
  return zipSync({ ...parts, 'customXml/noise.bin': noise }) as Uint8Array<ArrayBuffer>;
}
