import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuMs, round } from '../_figures.js';
import { OfficinaPerson, openSession, startOfficina } from './officina-people.js';
import type { Footing, ServerProcess } from './server-process.js';
import { edit, editedYjs, untilSnapshot } from './stored-documents.js';
import { type PeerName, startPeer, YjsPerson } from './yjs-people.js';

export interface LateJoinFigures {
  operations: number;
  /** First person into a document that nobody has open. */
  firstMs: number;
  firstCpuMs: number;
  /** Fifty more at once: until the last one has everything. */
  lastOf50Ms: number;
  cpuMsOf50: number;
  /** What one of them gets. */
  bytes: number;
}

const EDITS = { people: 64, operations: 250_000 };
const JOINING = 50;

/** Our document with that much behind it; made once, opened by as many servers as there are repeats. */
export async function storeOurs(footing: Footing): Promise<{ folder: string; sessions: readonly string[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'officina-bench-'));
  const server = await startOfficina(footing, folder);
  const session = await edit(server.url, 'model', EDITS);
  await untilSnapshot(server.url, session, EDITS.operations);
  const sessions: string[] = [];
  for (let index = 0; index <= JOINING; index += 1)
    sessions.push(await openSession(server.url, 'model', 1_000 + index));
  await server.stop();
  return { folder, sessions };
}

export async function joinOurs(
  footing: Footing,
  { folder, sessions }: { folder: string; sessions: readonly string[] },
  repeat: number,
): Promise<LateJoinFigures> {
  return measure(await startOfficina(footing, folder), async (url, index) => {
    const person = new OfficinaPerson(sessions[index] ?? '', `late-${repeat}-person-${index}`);
    const { snapshot } = await person.join(url);
    const opened = snapshot ? await (await fetch(`${url}${snapshot.url}`)).arrayBuffer() : undefined;
    return person.bytes + (opened?.byteLength ?? 0);
  });
}

export async function joinPeer(name: PeerName, footing: Footing): Promise<LateJoinFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'officina-bench-'));
  try {
    const stored = join(folder, 'state.bin');
    await writeFile(stored, editedYjs(EDITS));
    return await measure(await startPeer(name, footing, stored), async (url, index) => {
      return (await new YjsPerson(name, 'model', 1_000 + index, 0).join(url)).byteLength;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(
  server: ServerProcess,
  join: (url: string, index: number) => Promise<number>,
): Promise<LateJoinFigures> {
  try {
    const cpuBefore = cpuMs(server.pid);
    const started = performance.now();
    const bytes = await join(server.url, 0);
    const firstMs = performance.now() - started;
    const firstCpuMs = cpuMs(server.pid) - cpuBefore;
    const startedAll = performance.now();
    await Promise.all(Array.from({ length: JOINING }, (_, index) => join(server.url, index + 1)));
    return {
      operations: EDITS.operations,
      firstMs: round(firstMs),
      firstCpuMs: round(firstCpuMs),
      lastOf50Ms: round(performance.now() - startedAll),
      cpuMsOf50: round(cpuMs(server.pid) - cpuBefore - firstCpuMs),
      bytes,
    };
  } finally {
    await server.stop();
  }
}

export async function forget({ folder }: { folder: string }): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}
