import { FRAME_DICTIONARY } from '@officina/protocol';
import { inflateSync, strFromU8, strToU8 } from 'fflate';

const DICTIONARY = strToU8(FRAME_DICTIONARY);

/** The text of a frame: as it came, or packed as `FRAME_PACKING` says. */
export function readFrame(data: unknown): string {
  if (!(data instanceof ArrayBuffer)) return String(data);
  return strFromU8(inflateSync(new Uint8Array(data), { dictionary: DICTIONARY }));
}
