/** A file of the kind [MS-CFB] whose structure cannot be followed. */
export class CompoundFileFault extends Error {}

const SIGNATURE = Buffer.from('d0cf11e0a1b11ae1', 'hex');
const HEADER_BYTES = 512;
const DIRECTORY_ENTRY_BYTES = 128;
const LAST_SECTOR = 0xfffffffa;
const STREAM = 2;
const ROOT = 5;
/** A stream shorter than this lies in the mini stream. */
const MINI_LIMIT = 4096;
const MINI_BYTES = 64;
/** Places in the header for sectors of the table. */
const HEADER_LISTS = 109;

/** Streams by their names, storages left out; each is put together when it is asked for. Both refuse by `CompoundFileFault`. */
export interface CompoundFile {
  has(name: string): boolean;
  get(name: string): Buffer | undefined;
}

/**
 * Opens a compound file ([MS-CFB] 2.2 to 2.6). Every chain of sectors is followed with a bound, so a file that runs in circles is
 * refused; what it costs is bounded by the size of the file, however often its directory names the same sectors.
 */
export function readCompoundFile(bytes: Uint8Array): CompoundFile {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < HEADER_BYTES || !file.subarray(0, 8).equals(SIGNATURE))
    throw new CompoundFileFault('no header');
  const sectorBytes = sizeOf(file.readUInt16LE(30));
  if (2 ** file.readUInt16LE(32) !== MINI_BYTES) throw new CompoundFileFault('unknown size of mini sectors');
  const sectors = new Sectors(file, sectorBytes);
  const fat = readFat(file, sectors, sectorBytes);
  const entries = entriesOf(sectors.chain(file.readUInt32LE(48), fat));
  const streams = new Map(entries.filter(({ kind }) => kind === STREAM).map((entry) => [entry.name, entry]));

  const miniChain = (start: number): Buffer => {
    const root = entries.find((entry) => entry.kind === ROOT);
    const content = root ? sectors.chain(root.start, fat).subarray(0, root.size) : Buffer.alloc(0);
    return new Sectors(content, MINI_BYTES, 0).chain(start, words(sectors.chain(file.readUInt32LE(60), fat)));
  };
  return {
    has: (name) => streams.has(name),
    get(name) {
      const stream = streams.get(name);
      if (!stream) return undefined;
      const { start, size } = stream;
      const content = size < MINI_LIMIT ? miniChain(start) : sectors.chain(start, fat);
      if (content.length < size) throw new CompoundFileFault(`the stream ${name} is cut short`);
      return content.subarray(0, size);
    },
  };
}

class Sectors {
  readonly #file: Buffer;
  readonly #size: number;
  readonly #offset: number;

  constructor(file: Buffer, size: number, offset: number = size) {
    this.#file = file;
    this.#size = size;
    this.#offset = offset;
  }

  get(number: number): Buffer {
    const from = this.#offset + number * this.#size;
    if (from >= this.#file.length) throw new CompoundFileFault(`there is no sector ${number}`);
    return this.#file.subarray(from, from + this.#size);
  }

  /** The sectors from `start` on, one after the other. */
  chain(start: number, next: Uint32Array): Buffer {
    const parts: Buffer[] = [];
    for (let number = start; number < LAST_SECTOR; number = next[number] ?? LAST_SECTOR) {
      if (parts.length > next.length) throw new CompoundFileFault('a chain of sectors runs in circles');
      parts.push(this.get(number));
    }
    return Buffer.concat(parts);
  }
}

/**
 * The table of sectors, whose own sectors are listed in the header and in a chain of further lists. A file that lists more of them than it
 * can have sectors for is refused before they are put together.
 */
function readFat(file: Buffer, sectors: Sectors, sectorBytes: number): Uint32Array {
  const most = 2 * Math.ceil(file.length / sectorBytes / (sectorBytes / 4)) + HEADER_LISTS;
  const used: number[] = [];
  const add = (numbers: Uint32Array): void => {
    for (const number of numbers) if (number < LAST_SECTOR) used.push(number);
    if (used.length > most) throw new CompoundFileFault('the list of sectors is too long');
  };
  add(words(file.subarray(76, HEADER_BYTES)));
  let more = file.readUInt32LE(68);
  for (let count = Math.min(file.readUInt32LE(72), most); count > 0 && more < LAST_SECTOR; count -= 1) {
    const list = words(sectors.get(more));
    more = list.at(-1) ?? LAST_SECTOR;
    add(list.subarray(0, -1));
  }
  return words(Buffer.concat(used.map((number) => sectors.get(number))));
}

function entriesOf(directory: Buffer): { name: string; kind: number; start: number; size: number }[] {
  const entries = [];
  for (let at = 0; at + DIRECTORY_ENTRY_BYTES <= directory.length; at += DIRECTORY_ENTRY_BYTES) {
    const entry = directory.subarray(at, at + DIRECTORY_ENTRY_BYTES);
    const nameBytes = Math.min(64, Math.max(2, entry.readUInt16LE(64))) - 2;
    entries.push({
      name: entry.toString('utf16le', 0, nameBytes),
      kind: entry.readUInt8(66),
      start: entry.readUInt32LE(116),
      size: entry.readUInt32LE(120),
    });
  }
  return entries;
}

function words(buffer: Buffer): Uint32Array {
  return Uint32Array.from({ length: Math.floor(buffer.length / 4) }, (_none, at) =>
    buffer.readUInt32LE(at * 4),
  );
}

function sizeOf(shift: number): number {
  if (shift !== 9 && shift !== 12) throw new CompoundFileFault('unknown size of sectors');
  return 2 ** shift;
}
