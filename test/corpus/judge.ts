import { inflateRawSync } from 'node:zlib';
import { SaxesParser } from 'saxes';

/**
 * The judge of what a save left alone. It reads the zip and the XML by its own means and shares nothing with the engine.
 */
export interface RawEntry {
  readonly name: string;
  readonly method: number;
  readonly compressed: Uint8Array;
}

/** The entries of a plain zip, in the order of its directory. */
export function rawEntries(zip: Uint8Array): RawEntry[] {
  const bytes = Buffer.from(zip.buffer, zip.byteOffset, zip.byteLength);
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  const entries: RawEntry[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let index = 0; index < bytes.readUInt16LE(end + 10); index += 1) {
    const nameLength = bytes.readUInt16LE(at + 28);
    const local = bytes.readUInt32LE(at + 42);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    entries.push({
      name: bytes.toString('utf8', at + 46, at + 46 + nameLength),
      method: bytes.readUInt16LE(at + 10),
      compressed: bytes.subarray(start, start + bytes.readUInt32LE(at + 20)),
    });
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

export function contentOf(entry: RawEntry): Buffer {
  return entry.method === 0 ? Buffer.from(entry.compressed) : inflateRawSync(entry.compressed);
}

export function xmlOf(entry: RawEntry): string {
  const bytes = contentOf(entry);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.subarray(2).toString('utf16le');
  return bytes.toString('utf8').replace(/^\ufeff/, '');
}

const PARAGRAPH =
  /^<\{http:\/\/(?:schemas\.openxmlformats\.org\/wordprocessingml\/2006|purl\.oclc\.org\/ooxml\/wordprocessingml)\/main\}p[ >]/;

/**
 * The document as a list of canonical tokens: start tags with expanded names, sorted attributes and their own namespace declarations,
 * end tags, texts, comments and instructions. Blanks count.
 */
export function canonicalTokens(xml: string): string[] {
  const tokens: string[] = [];
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (cause) => {
    throw cause;
  });
  parser.on('opentag', (tag) => {
    const attributes = Object.values(tag.attributes).map(
      (each) => `{${each.uri}}${each.local}=${JSON.stringify(each.value)}`,
    );
    tokens.push(`<{${tag.uri}}${tag.local} ${attributes.sort().join(' ')}>`);
  });
  parser.on('closetag', (tag) => tokens.push(`</{${tag.uri}}${tag.local}>`));
  const addText = (text: string): void => {
    const last = tokens.at(-1);
    if (last?.startsWith('"')) tokens[tokens.length - 1] = last + text;
    else tokens.push(`"${text}`);
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('comment', (text) => tokens.push(`<!--${text}`));
  parser.on('processinginstruction', ({ target, body }) => tokens.push(`<?${target} ${body}`));
  parser.write(xml).close();
  return tokens;
}

/** What keeps `after` from being `before` with `word` put into exactly one paragraph; null when nothing does. */
export function strayChange(before: string, after: string, word: string): string | null {
  const left = canonicalTokens(before);
  const right = canonicalTokens(after);
  let same = 0;
  while (same < left.length && left[same] === right[same]) same += 1;
  if (same === left.length && same === right.length) return 'nothing changed';
  const start = openParagraph(left, same);
  if (start < 0) return `a change outside every paragraph at ${(right[same] ?? 'the end').slice(0, 120)}`;
  const leftEnd = endOf(left, start);
  const rightEnd = endOf(right, start);
  if (left.length - leftEnd !== right.length - rightEnd)
    return 'more or fewer pieces after the edited paragraph';
  for (let index = 0; index < left.length - leftEnd; index += 1) {
    if (left[leftEnd + index] !== right[rightEnd + index]) {
      return `a second change at ${(right[rightEnd + index] as string).slice(0, 120)}`;
    }
  }
  const text = (tokens: string[]): string =>
    tokens
      .filter((token) => token.startsWith('"'))
      .map((token) => token.slice(1))
      .join('');
  const textBefore = text(left.slice(start, leftEnd));
  const textAfter = text(right.slice(start, rightEnd));
  if (textAfter.replace(word, '') !== textBefore)
    return `the paragraph reads ${JSON.stringify(textAfter.slice(0, 120))}`;
  const identity = /\{http:\/\/schemas\.microsoft\.com\/office\/word\/2010\/wordml\}paraId=/;
  const startTags = [left[start] ?? '', right[start] ?? ''];
  return identity.test(startTags[1] as string) && !identity.test(startTags[0] as string)
    ? 'the edited paragraph got an identity'
    : null;
}

/** Index of the start tag of the innermost paragraph that is open just before `at`, or starts there. */
function openParagraph(tokens: readonly string[], at: number): number {
  const open: number[] = [];
  for (let index = 0; index <= Math.min(at, tokens.length - 1); index += 1) {
    const token = tokens[index] as string;
    if (token.startsWith('</') && index < at) open.pop();
    else if (token.startsWith('<{')) open.push(index);
  }
  for (const index of open.reverse()) if (PARAGRAPH.test(tokens[index] as string)) return index;
  return -1;
}

function endOf(tokens: readonly string[], start: number): number {
  let depth = 0;
  for (let index = start; index < tokens.length; index += 1) {
    const token = tokens[index] as string;
    if (token.startsWith('</')) depth -= 1;
    else if (token.startsWith('<{')) depth += 1;
    if (depth === 0) return index + 1;
  }
  return tokens.length;
}
