import {
  normalizeParagraphIdentity,
  type OoxmlPackage,
  type OoxmlPart,
  readOoxmlPackage,
  sha256Bytes,
  withPart,
} from '@docx-editor.dev/core/store';
import { strFromU8, strToU8, unzlibSync, zlibSync } from 'fflate';
import { CORE_VERSION } from './operation.js';
import { Overlay, type OverlayJson } from './overlay.js';

/** What a snapshot holds: the file the document started from, and everything that changed since, exactly. */
export interface Snapshot {
  readonly base: Uint8Array;
  readonly pkg: OoxmlPackage;
  readonly overlay: Overlay;
  readonly sequence: number;
  /** The newest message number executed per client. */
  readonly newest: readonly (readonly [string, number])[];
}

interface Changes {
  readonly format: 1;
  readonly core: string;
  readonly sequence: number;
  readonly newest: readonly (readonly [string, number])[];
  readonly overlay: OverlayJson;
  /** Trees with their node ids; parts whose tree is the base's are left out. */
  readonly parts: readonly OoxmlPart[];
  readonly removedParts: readonly string[];
  readonly bytes: readonly (readonly [string, number])[];
  readonly removedBytes: readonly string[];
  readonly relationships: readonly (readonly [string, unknown])[];
  readonly externalTargets: unknown;
  readonly contentTypes: unknown;
}

const MAGIC = 'officina-writer-snapshot';
const FAST = 3;

/** Reads docx bytes the way every replica does, with a `w14:paraId` on each paragraph that can carry one. */
export function openBase(base: Uint8Array): OoxmlPackage {
  const read = readOoxmlPackage(base);
  if (!read.ok) throw new Error(`The core refuses this docx: ${JSON.stringify({ ...read, ok: undefined })}`);
  return namedParagraphs(read.package);
}

/** The same package with an identity on each paragraph that can carry one. */
export function namedParagraphs(read: OoxmlPackage): OoxmlPackage {
  let pkg = read;
  for (const part of pkg.parts.values()) {
    const named = normalizeParagraphIdentity(part);
    if (named !== part) pkg = withPart(pkg, named);
  }
  return pkg;
}

export function encodeSnapshot(snapshot: Snapshot, start: OoxmlPackage): Uint8Array {
  const { pkg, overlay, sequence, base, newest } = snapshot;
  const blobs: Uint8Array[] = [];
  const bytes: (readonly [string, number])[] = [];
  for (const [name, content] of pkg.partBytes) {
    if (start.partBytes.get(name) === content) continue;
    bytes.push([name, content.length]);
    blobs.push(content);
  }
  const changes: Changes = {
    format: 1,
    core: CORE_VERSION,
    sequence,
    newest,
    overlay: overlay.toJson(),
    parts: [...pkg.parts.values()].filter((part) => start.parts.get(part.name)?.root !== part.root),
    removedParts: [...start.parts.keys()].filter((name) => !pkg.parts.has(name)),
    bytes,
    removedBytes: [...start.partBytes.keys()].filter((name) => !pkg.partBytes.has(name)),
    relationships: [...pkg.relationships],
    externalTargets: pkg.externalTargets,
    contentTypes: toPlain(pkg.contentTypes),
  };
  const packed = zlibSync(strToU8(JSON.stringify(changes)), { level: FAST });
  const head = strToU8(`${MAGIC} ${base.length} ${packed.length}\n`);
  return concat([head, base, packed, ...blobs]);
}

export function decodeSnapshot(bytes: Uint8Array): Snapshot & { readonly start: OoxmlPackage } {
  const line = bytes.indexOf(10);
  const [magic, baseLength, packedLength] = strFromU8(bytes.subarray(0, Math.max(line, 0))).split(' ');
  if (magic !== MAGIC) throw new Error('These bytes are not a snapshot of a Writer document.');
  const baseEnd = line + 1 + Number(baseLength);
  const packedEnd = baseEnd + Number(packedLength);
  const base = bytes.slice(line + 1, baseEnd);
  const changes = JSON.parse(strFromU8(unzlibSync(bytes.subarray(baseEnd, packedEnd)))) as Changes;
  if (changes.core !== CORE_VERSION)
    throw new Error(`This snapshot was made with core ${changes.core}; this replica runs ${CORE_VERSION}.`);
  const start = openBase(base);
  const parts = new Map(start.parts);
  for (const name of changes.removedParts) parts.delete(name);
  for (const part of changes.parts) parts.set(part.name, deepFreeze(part));
  const partBytes = new Map(start.partBytes);
  for (const name of changes.removedBytes) partBytes.delete(name);
  let at = packedEnd;
  for (const [name, length] of changes.bytes) {
    partBytes.set(name, bytes.slice(at, at + length));
    at += length;
  }
  const pkg = deepFreeze({
    ...start,
    parts,
    partBytes,
    relationships: new Map(changes.relationships as [string, never][]),
    externalTargets: changes.externalTargets as OoxmlPackage['externalTargets'],
    contentTypes: fromPlain(changes.contentTypes) as OoxmlPackage['contentTypes'],
  });
  return {
    base,
    start,
    pkg,
    overlay: Overlay.fromJson(changes.overlay),
    sequence: changes.sequence,
    newest: changes.newest,
  };
}

/** Maps and sets written as marked arrays, so that JSON carries them. */
function toPlain(value: unknown): unknown {
  if (value instanceof Map) return { $map: [...value].map(([k, v]) => [k, toPlain(v)]) };
  if (value instanceof Set) return { $set: [...value] };
  if (Array.isArray(value)) return value.map(toPlain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, toPlain(v)]));
}

function fromPlain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromPlain);
  if (typeof value !== 'object' || value === null) return value;
  if ('$map' in value)
    return new Map((value.$map as [unknown, unknown][]).map(([k, v]) => [k, fromPlain(v)]));
  if ('$set' in value) return new Set(value.$set as unknown[]);
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, fromPlain(v)]));
}

/** The core takes trees for immutable and skips what is frozen. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value) || value instanceof Uint8Array)
    return value;
  if (!(value instanceof Map)) for (const each of Object.values(value)) deepFreeze(each);
  return Object.freeze(value);
}

function concat(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** SHA-256, 64 hex digits. */
export function hexDigest(chunks: readonly Uint8Array[]): string {
  return sha256Bytes(concat(chunks)).replace(/^sha256:/, '');
}
