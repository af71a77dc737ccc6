import { join } from 'node:path';
import { createOfficina } from '@officina/client';
import { API_KEY, DoomedServer } from './doomed-server.js';
import { heavyDocument } from './heavy-document.js';
import { Stage, until } from './stage.js';
import type { TinyDisk } from './tiny-disk.js';

const CALLER = { timeoutMs: 10_000, retries: 0 };
const MEGABYTE = 1024 * 1024;
/** Enough for rows of the ledger, too little for the file. */
const ROOM_FOR_ROWS = MEGABYTE;
const FILE_BYTES = 3 * MEGABYTE;

export interface RoomLess {
  lost: readonly string[];
  /** How a save was answered while not even its row could be written. */
  refusedWith: number;
  /** What the person was told of a save whose file could not be written. */
  told: string;
}

/**
 * The disk fills up twice: to the last byte while people type and save, and so far that a save is accepted and its file
 * cannot be written. Each time there is room again nobody restarts the server.
 */
export async function runOutOfRoom(disk: TinyDisk, program: string): Promise<RoomLess> {
  const server = await DoomedServer.start({ program, folder: join(disk.folder, 'data') });
  const stage = await Stage.set(
    server,
    CALLER,
    {},
    { bytes: heavyDocument(FILE_BYTES), fileName: 'heavy.docx' },
  );
  const save = (force: boolean) =>
    createOfficina({ baseUrl: server.url, apiKey: API_KEY }).save(stage.session.sessionId, { force });
  try {
    const first = await stage.join(server);
    await stage.typeSafely(first);
    await stage.accept(server);
    await stage.settled(server);

    disk.fill(0);
    for (let n = 0; n < 10 && first.isOpen; n += 1) stage.type(first);
    await until('the room lets go of what it cannot keep', () => !first.isOpen);
    const refusedWith = await save(true).then(
      () => 200,
      (refusal: { status?: number }) => refusal.status ?? 0,
    );

    disk.free();
    const second = await stage.rejoin(server);
    await stage.typeSafely(second);

    disk.fill(ROOM_FOR_ROWS);
    await stage.accept(server);
    await until('the person hears of it', () => stage.heard.some(({ state }) => state === 'retrying'));
    const told = stage.heard.find(({ state }) => state === 'retrying');

    disk.free();
    await save(false);
    await stage.settled(server);
    return {
      lost: await stage.judge(server),
      refusedWith,
      told: told && 'reason' in told ? told.reason : '',
    };
  } finally {
    await stage.clear();
    await server.kill();
  }
}
