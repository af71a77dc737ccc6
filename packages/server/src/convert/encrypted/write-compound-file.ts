/** A stream, or a storage that holds others ([MS-CFB] 2.6). */
export type CompoundNode =
  | { name: string; bytes: Uint8Array }
  | { name: string; children: readonly CompoundNode[] };

const SECTOR = 512;
const MINI_SECTOR = 64;
/** Smaller streams live in the mini stream. */
const MINI_LIMIT = 4096;
const ENTRY = 128;
const NONE = 0xffffffff;
const END = 0xfffffffe;
const FAT = 0xfffffffd;
const LIST = 0xfffffffc;
const PER_SECTOR = SECTOR / 4;
const DIFAT_IN_HEADER = 109;

interface Entry {
  name: string;
  kind: 1 | 2 | 5;
  bytes: Uint8Array;
  left: number;
  right: number;
  child: number;
  start: number;
}

/** A compound file, version 3, of these nodes below its root. */
export function writeCompoundFile(children: readonly CompoundNode[]): Buffer {
  const entries: Entry[] = [entryOf('Root Entry', 5, new Uint8Array())];
  (entries[0] as Entry).child = addSiblings(entries, children);

  const fat: number[] = [];
  const sectors: Uint8Array[] = [];
  const store = (bytes: Uint8Array): number => {
    const count = Math.ceil(bytes.length / SECTOR);
    if (count === 0) return END;
    const first = fat.length;
    for (let at = 0; at < count; at += 1) fat.push(at === count - 1 ? END : first + at + 1);
    sectors.push(bytes, new Uint8Array(count * SECTOR - bytes.length));
    return first;
  };

  const miniFat: number[] = [];
  const miniParts: Uint8Array[] = [];
  for (const entry of entries) {
    if (entry.kind !== 2) continue;
    if (entry.bytes.length >= MINI_LIMIT) {
      entry.start = store(entry.bytes);
      continue;
    }
    const count = Math.ceil(entry.bytes.length / MINI_SECTOR);
    entry.start = count === 0 ? END : miniFat.length;
    for (let at = 0; at < count; at += 1) miniFat.push(at === count - 1 ? END : miniFat.length + 1);
    miniParts.push(entry.bytes, new Uint8Array(count * MINI_SECTOR - entry.bytes.length));
  }
  const root = entries[0] as Entry;
  root.bytes = Buffer.concat(miniParts);
  root.start = store(root.bytes);
  const miniFatStart = store(wordsOf(miniFat, PER_SECTOR));
  const directoryStart = store(directoryOf(entries));

  const { fatSectors, listSectors } = sectorsForFat(fat.length);
  const fatStart = fat.length;
  for (let at = 0; at < fatSectors; at += 1) fat.push(FAT);
  const listStart = fat.length;
  for (let at = 0; at < listSectors; at += 1) fat.push(LIST);
  const table = wordsOf(fat, PER_SECTOR);
  const header = headerOf({
    ...{ fatSectors, fatStart, listSectors, listStart, directoryStart, miniFatStart },
    miniFatSectors: Math.ceil(miniFat.length / PER_SECTOR),
  });
  return Buffer.concat([header, ...sectors, table, listOf(fatStart, fatSectors, listStart)]);
}

/** The table describes its own sectors too, and those of the list of its sectors that the header has no room for. */
function sectorsForFat(others: number): { fatSectors: number; listSectors: number } {
  let fatSectors = 1;
  for (;;) {
    const listSectors = Math.max(0, Math.ceil((fatSectors - DIFAT_IN_HEADER) / (PER_SECTOR - 1)));
    if (fatSectors * PER_SECTOR >= others + fatSectors + listSectors) return { fatSectors, listSectors };
    fatSectors += 1;
  }
}

/** Sectors that name the table's sectors beyond the header's 109, each ending with the number of the next ([MS-CFB] 2.5). */
function listOf(fatStart: number, fatSectors: number, listStart: number): Buffer {
  const words: number[] = [];
  for (let at = DIFAT_IN_HEADER; at < fatSectors; at += 1) {
    words.push(fatStart + at);
    if (words.length % PER_SECTOR === PER_SECTOR - 1) {
      words.push(at === fatSectors - 1 ? END : listStart + (words.length + 1) / PER_SECTOR);
    }
  }
  while (words.length % PER_SECTOR !== 0)
    words.push(words.length % PER_SECTOR === PER_SECTOR - 1 ? END : NONE);
  return wordsOf(words, PER_SECTOR);
}

function entryOf(name: string, kind: Entry['kind'], bytes: Uint8Array): Entry {
  return { name, kind, bytes, left: NONE, right: NONE, child: NONE, start: kind === 2 ? END : 0 };
}

/** A balanced tree of the siblings, in the order that the format asks for: by length, then by letters (2.6.4). */
function addSiblings(entries: Entry[], nodes: readonly CompoundNode[]): number {
  const sorted = [...nodes].sort((a, b) => {
    if (a.name.length !== b.name.length) return a.name.length - b.name.length;
    return a.name.toUpperCase() < b.name.toUpperCase() ? -1 : 1;
  });
  const build = (from: number, to: number): number => {
    if (from >= to) return NONE;
    const middle = (from + to) >> 1;
    const node = sorted[middle] as CompoundNode;
    const isStream = 'bytes' in node;
    const entry = entryOf(node.name, isStream ? 2 : 1, isStream ? node.bytes : new Uint8Array());
    const index = entries.push(entry) - 1;
    if (!isStream) entry.child = addSiblings(entries, node.children);
    entry.left = build(from, middle);
    entry.right = build(middle + 1, to);
    return index;
  };
  return build(0, sorted.length);
}

function directoryOf(entries: readonly Entry[]): Buffer {
  const count = Math.ceil((entries.length * ENTRY) / SECTOR) * (SECTOR / ENTRY);
  const directory = Buffer.alloc(count * ENTRY);
  for (let index = 0; index < count; index += 1) {
    const at = index * ENTRY;
    const entry = entries[index];
    for (const offset of [68, 72, 76]) directory.writeUInt32LE(NONE, at + offset);
    if (!entry) continue;
    directory.write(entry.name, at, 'utf16le');
    directory.writeUInt16LE((entry.name.length + 1) * 2, at + 64);
    directory.writeUInt8(entry.kind, at + 66);
    // Black: a tree without red nodes is always a legal one for readers that do not check its balance.
    directory.writeUInt8(1, at + 67);
    directory.writeUInt32LE(entry.left, at + 68);
    directory.writeUInt32LE(entry.right, at + 72);
    directory.writeUInt32LE(entry.child, at + 76);
    directory.writeUInt32LE(entry.start, at + 116);
    directory.writeUInt32LE(entry.bytes.length, at + 120);
  }
  return directory;
}

function headerOf(places: {
  fatSectors: number;
  fatStart: number;
  directoryStart: number;
  miniFatStart: number;
  miniFatSectors: number;
  listSectors: number;
  listStart: number;
}): Buffer {
  const header = Buffer.alloc(SECTOR);
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(header);
  header.writeUInt16LE(0x3e, 24);
  header.writeUInt16LE(3, 26);
  header.writeUInt16LE(0xfffe, 28);
  header.writeUInt16LE(9, 30);
  header.writeUInt16LE(6, 32);
  header.writeUInt32LE(places.fatSectors, 44);
  header.writeUInt32LE(places.directoryStart, 48);
  header.writeUInt32LE(MINI_LIMIT, 56);
  header.writeUInt32LE(places.miniFatStart, 60);
  header.writeUInt32LE(places.miniFatSectors, 64);
  header.writeUInt32LE(places.listSectors === 0 ? END : places.listStart, 68);
  header.writeUInt32LE(places.listSectors, 72);
  for (let at = 0; at < DIFAT_IN_HEADER; at += 1) {
    header.writeUInt32LE(at < places.fatSectors ? places.fatStart + at : NONE, 76 + at * 4);
  }
  return header;
}

function wordsOf(values: readonly number[], multiple: number): Buffer {
  const words = Buffer.alloc(Math.ceil(values.length / multiple) * multiple * 4, 0xff);
  for (const [at, value] of values.entries()) words.writeUInt32LE(value, at * 4);
  return words;
}
