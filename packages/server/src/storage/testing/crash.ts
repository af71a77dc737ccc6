import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { sampleOperations } from '../contract/samples.js';
import type { Storage } from '../index.js';

/** Runs the writer as a process, kills it after that many acknowledgements, and returns all that it said. */
export async function writeAndKill(
  args: readonly string[],
  acknowledgements: number,
): Promise<readonly string[]> {
  // Processes run built files.
  const here = fileURLToPath(new URL('./append-until-killed.js', import.meta.url));
  const file = here.replace('/packages/server/src/', '/packages/server/dist/');
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    if (said.length === acknowledgements) child.kill('SIGKILL');
  }
  expect(said.length, 'the writer was killed in the middle').toBeGreaterThanOrEqual(acknowledgements);
  return said;
}

/** Everything that was acknowledged is there, and every log is whole. */
export async function expectAllThere(storage: Storage, said: readonly string[]): Promise<void> {
  const acknowledged = new Map<string, number>();
  for (const line of said) {
    const [kind, name = '', value = ''] = line.split(' ');
    if (kind === 'log') acknowledged.set(name, Number(value));
    if (kind !== 'save') continue;
    expect(await storage.saves.find(name), name).toMatchObject({ state: 'accepted', blob: value });
    expect(await storage.blobs.get(value), value).toBeDefined();
  }
  for (const [document, sequence] of acknowledged) {
    await storage.leases.acquire(document, 'reader', Date.now(), 0);
    const head = await storage.log.readHead(document);
    expect(head.sequence).toBeGreaterThanOrEqual(sequence);
    expect(await storage.log.readAfter(document, 0)).toEqual(sampleOperations(1, head.sequence));
    expect(head.clients.get('client-1')).toBe(head.sequence);
  }
}
