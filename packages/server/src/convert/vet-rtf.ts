import type { PackageFault } from './vet-open-document.js';

/** Groups of one another that no program writes; LibreOffice's time grows with the square of them. */
const MAX_DEPTH = 2_000;

const [OPEN, CLOSE, ESCAPE] = [0x7b, 0x7d, 0x5c];
/** `\binN` and the blank after it are followed by N bytes that are no text (RTF 1.9.1, “Pictures”). */
const RAW = /^bin(\d{1,9}) ?/;
const RAW_WORD_BYTES = 14;

/** Counts how deep the groups lie in one another; null when that is bearable. */
export function vetRtf(bytes: Uint8Array): PackageFault | null {
  let depth = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    switch (bytes[at]) {
      case OPEN:
        depth += 1;
        if (depth > MAX_DEPTH)
          return { reason: 'too-large', detail: `groups are nested deeper than ${MAX_DEPTH}` };
        break;
      case CLOSE:
        depth -= 1;
        break;
      case ESCAPE:
        at += bytesAfterEscape(bytes, at + 1);
        break;
      default:
    }
  }
  return null;
}

/** What follows a backslash and is neither group nor text: one character, or raw bytes with the word that announces them. */
function bytesAfterEscape(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== 0x62) return 1;
  const word = RAW.exec(String.fromCharCode(...bytes.subarray(at, at + RAW_WORD_BYTES)));
  return word ? word[0].length + Number(word[1]) : 1;
}
