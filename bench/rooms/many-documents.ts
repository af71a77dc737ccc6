import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuMs, residentMb, round } from '../_figures.js';
import { copyDocument } from './copied-documents.js';
import { pause } from './fan-out.js';
import { OfficinaPerson, startOfficina } from './officina-people.js';
import type { Footing, ServerProcess } from './server-process.js';
import { edit, editedYjs, untilSnapshot } from './stored-documents.js';
import { type PeerName, startPeer, YjsPerson } from './yjs-people.js';

export interface ManyDocumentsFigures {
  documents: number;
  /** By how much the server's memory grew, per document. */
  kbPerDocument: number;
  /** CPU of the server to open one, with one person in it who gets all of it. */
  cpuMsPerDocument: number;
}

const OPERATIONS = 10_000;
/** Opened before anything is measured: what a first opening loads and compiles is no document's. */
const WARM_UP = 40;
const AT_ONCE = 8;
const SETTLE_MS = 3_000;

export async function manyOfOurs(footing: Footing, documents: number): Promise<ManyDocumentsFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'officina-bench-'));
  try {
    const first = await startOfficina(footing, folder);
    const session = await edit(first.url, 'model', { people: 4, operations: OPERATIONS });
    await untilSnapshot(first.url, session, OPERATIONS);
    await first.stop();
    const sessions = copyDocument(folder, session, documents);
    return await measure(await startOfficina(footing, folder), documents, async (url, index) => {
      const person = new OfficinaPerson(sessions[index] ?? '', `person-of-${index}`);
      const { snapshot } = await person.join(url);
      if (snapshot) await (await fetch(`${url}${snapshot.url}`)).arrayBuffer();
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export async function manyOfPeer(
  name: PeerName,
  footing: Footing,
  documents: number,
): Promise<ManyDocumentsFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'officina-bench-'));
  try {
    const stored = join(folder, 'state.bin');
    await writeFile(stored, editedYjs({ people: 4, operations: OPERATIONS }));
    return await measure(await startPeer(name, footing, stored), documents, async (url, index) => {
      await new YjsPerson(name, `document-${index}`, 1_000 + index, 0).join(url);
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(
  server: ServerProcess,
  documents: number,
  open: (url: string, index: number) => Promise<void>,
): Promise<ManyDocumentsFigures> {
  try {
    await openAll(0, WARM_UP, (index) => open(server.url, index));
    await pause(SETTLE_MS);
    const mbBefore = residentMb(server.pid);
    const cpuBefore = cpuMs(server.pid);
    await openAll(WARM_UP, documents, (index) => open(server.url, index));
    const cpu = cpuMs(server.pid) - cpuBefore;
    await pause(SETTLE_MS);
    const opened = documents - WARM_UP;
    return {
      documents,
      kbPerDocument: round(((residentMb(server.pid) - mbBefore) * 1024) / opened),
      cpuMsPerDocument: round(cpu / opened, 2),
    };
  } finally {
    await server.stop();
  }
}

async function openAll(from: number, to: number, open: (index: number) => Promise<void>): Promise<void> {
  let next = from;
  const opener = async () => {
    for (let index = next++; index < to; index = next++) await open(index);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, opener));
}
