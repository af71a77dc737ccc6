import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';

const root = await mkdtemp(join(tmpdir(), 'officina-synced-'));

afterAll(async () => {
  await rm(root, { recursive: true });
});

const ACKNOWLEDGEMENTS = 30;

/** Killing a process proves nothing about the disk, because the kernel keeps what was only written: so its calls are watched. */
it('[ST7] an acknowledgement follows the sync of the write-ahead log', async () => {
  const trace = join(root, 'trace');
  const writer = fileURLToPath(new URL('../testing/append-one-by-one.js', import.meta.url)).replace(
    '/packages/server/src/',
    '/packages/server/dist/',
  );
  const calls = 'trace=fsync,fdatasync,pwrite64,write';
  const program = [process.execPath, writer, root, String(ACKNOWLEDGEMENTS)];
  const { status, error } = spawnSync('strace', ['-f', '-y', '-e', calls, '-o', trace, ...program]);
  if (error !== undefined || status !== 0) {
    console.warn('strace does not work here: the order of syncs was not checked.');
    return;
  }
  const faults: string[] = [];
  let acknowledged = 0;
  let isSynced = true;
  for (const line of (await readFile(trace, 'utf8')).split('\n')) {
    if (/pwrite64\(.*-wal>/.test(line)) isSynced = false;
    // A call that is interrupted in the trace ends on a line of its own.
    else if (/sync\(.*-wal>\) += 0|sync resumed>\) += 0/.test(line)) isSynced = true;
    else if (/write\(1<.*acknowledged/.test(line)) {
      acknowledged += 1;
      if (!isSynced) faults.push(line);
    }
  }
  expect(acknowledged).toBe(ACKNOWLEDGEMENTS);
  expect(faults).toEqual([]);
}, 120_000);
