import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { account } from './account.js';
import { runCli } from './officina.js';

let folder: string;
let printed: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'officina-account-'));
  vi.stubEnv('OFFICINA_DATA', folder);
  vi.stubEnv('DATABASE_URL', '');
  printed = [];
  for (const way of ['log', 'error'] as const) {
    vi.spyOn(console, way).mockImplementation((line) => void printed.push(String(line)));
  }
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

describe('the verb account', () => {
  it('adds, lists and changes the password of an account', async () => {
    expect(
      await runCli(['account', 'add', 'ann@example.org', '--name', 'Ann Muster', '--password', 'pw']),
    ).toBe(0);
    expect(await account(['add', 'bo@example.org', '--name', 'B', '--login', 'bo', '--password', 'pw'])).toBe(
      0,
    );
    expect(await account(['password', 'bo', '--password', 'other'])).toBe(0);
    printed = [];
    expect(await account(['list'])).toBe(0);
    expect(printed.map((line) => line.split('  ').slice(1))).toEqual([
      ['ann@example.org', '-', 'Ann Muster'],
      ['bo@example.org', 'bo', 'B'],
    ]);
  });

  it('says what is wrong: an address twice, an unknown one, and how it is used', async () => {
    const add = ['account', 'add', 'ann@example.org', '--name', 'Ann', '--password', 'pw'];
    await runCli(add);
    expect(await runCli(add)).toBe(1);
    expect(printed.at(-1)).toContain('already an account');
    expect(await account(['password', 'nobody', '--password', 'x'])).toBe(1);
    expect(await account(['add', 'ann@example.org'])).toBe(2);
    expect(await account([])).toBe(2);
    expect(printed.at(-1)).toContain('Usage: account add EMAIL --name NAME --password P');
  });
});
