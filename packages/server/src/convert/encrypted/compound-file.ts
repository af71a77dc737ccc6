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

/**
 * Streams of a compound file by their names, storages left out ([MS-CFB] 2.2 to 2.6). Every chain of sectors is
 * followed with a bound, so a file that runs in circles is refused. Refuses by `CompoundFileFault`.
 */
export function readCompoundFile(bytes: Uint8Array): ReadonlyMap<string, Buffer> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < HEADER_BYTES || !file.subarray(0, 8).equals(SIGNATURE))
    throw new CompoundFileFault('no header');
  const sectorBytes = sizeOf(file.readUInt16LE(30));
  const sectors = new Sectors(file, sectorBytes);
  const fat = readFat(file, sectors);
  const directory = sectors.chain(file.readUInt32LE(48), fat);
  const miniFat = words(sectors.chain(file.readUInt32LE(60), fat));
  const miniBytes = 2 ** file.readUInt16LE(32);
  if (miniBytes !== 64) throw new CompoundFileFault('unknown size of mini sectors');

  const entries = entriesOf(directory);
  const root = entries.find((entry) => entry.kind === ROOT);
  const mini = new Sectors(
    root ? sectors.chain(root.start, fat).subarray(0, root.size) : Buffer.alloc(0),
    64,
    0,
  );
  const streams = new Map<string, Buffer>();
  for (const { name, kind, start, size } of entries) {
    if (kind !== STREAM) continue;
    const content = size < MINI_LIMIT ? mini.chain(start, miniFat) : sectors.chain(start, fat);
    if (content.length < size) throw new CompoundFileFault(`the stream ${name} is cut short`);
    streams.set(name, content.subarray(0, size));
  }
  return streams;
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
  chain(start: number, next: readonly number[]): Buffer {
    const parts: Buffer[] = [];
    for (let number = start; number < LAST_SECTOR; number = next[number] ?? LAST_SECTOR) {
      if (parts.length > next.length) throw new CompoundFileFault('a chain of sectors runs in circles');
      parts.push(this.get(number));
    }
    return Buffer.concat(parts);
  }
}

/** The table of sectors, whose own sectors are listed in the header and in a chain of further lists. */
function readFat(file: Buffer, sectors: Sectors): number[] {
  const numbers = words(file.subarray(76, HEADER_BYTES));
  let more = file.readUInt32LE(68);
  for (let count = file.readUInt32LE(72); count > 0 && more < LAST_SECTOR; count -= 1) {
    const list = words(sectors.get(more));
    more = list.pop() ?? LAST_SECTOR;
    numbers.push(...list);
    if (numbers.length > file.length / 4) throw new CompoundFileFault('the list of sectors is too long');
  }
  const used = numbers.filter((number) => number < LAST_SECTOR);
  return used.flatMap((number) => words(sectors.get(number)));
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

function words(buffer: Buffer): number[] {
  return Array.from({ length: Math.floor(buffer.length / 4) }, (_none, at) => buffer.readUInt32LE(at * 4));
}

function sizeOf(shift: number): number {
  if (shift !== 9 && shift !== 12) throw new CompoundFileFault('unknown size of sectors');
  return 2 ** shift;
}
