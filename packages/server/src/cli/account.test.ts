import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { importText } from '@officina/engine/writer';
import { describe, expect, it, vi } from 'vitest';
import { sampleLibraryDocument, sampleVersion } from '../storage/contract/library-samples.js';
import { openStorage } from '../storage/index.js';
import { account } from './account.js';
import { runCli } from './officina.js';
import { setCliStage } from './testing/cli-stage.js';

const stage = setCliStage();

describe('the verb account', () => {
  it('adds, lists and changes the password of an account', async () => {
    expect(
      await runCli(['account', 'add', 'ann@example.org', '--name', 'Ann Muster', '--password', 'pw']),
    ).toBe(0);
    expect(await account(['add', 'bo@example.org', '--name', 'B', '--login', 'bo', '--password', 'pw'])).toBe(
      0,
    );
    expect(await account(['confirm', 'bo'])).toBe(0);
    expect(await account(['confirm', 'nobody'])).toBe(1);
    expect(await account(['password', 'bo', '--password', 'other'])).toBe(0);
    stage.printed = [];
    expect(await account(['list'])).toBe(0);
    expect(stage.printed.map((line) => line.split('  ').slice(1))).toEqual([
      ['ann@example.org', '-', 'Ann Muster'],
      ['bo@example.org', 'bo', 'B'],
    ]);
  });

  it('says what is wrong: an address twice, an unknown one, and how it is used', async () => {
    const add = ['account', 'add', 'ann@example.org', '--name', 'Ann', '--password', 'pw'];
    await runCli(add);
    expect(await runCli(add)).toBe(1);
    expect(stage.printed.at(-1)).toContain('already an account');
    expect(await account(['password', 'nobody', '--password', 'x'])).toBe(1);
    expect(await account(['add', 'ann@example.org'])).toBe(2);
    expect(await account([])).toBe(2);
    expect(stage.printed.at(-1)).toContain('Usage: account add EMAIL --name NAME --password P');
  });

  it('[LI90] exports a whole account and imports it elsewhere, where it gets a password of its own', async () => {
    await account(['add', 'ann@example.org', '--name', 'Ann', '--password', 'pw']);
    const file = join(stage.folder, 'ann.zip');
    const { dataFolder, databaseUrl, blobBucket } = {
      dataFolder: stage.folder,
      databaseUrl: null,
      blobBucket: null,
    };
    const home = await openStorage({ dataFolder, databaseUrl, blobBucket });
    const owner = await home.accounts.findByName('ann');
    const docx = importText(new TextEncoder().encode('A plan.'));
    const { sha256 } = await home.blobs.put(docx);
    const id = '7100000000101';
    await home.library.add(
      sampleLibraryDocument({ id, ownerId: owner?.account.id ?? '', modifiedBy: owner?.account.id ?? '' }),
      sampleVersion({ documentId: id, blob: sha256, createdBy: owner?.account.id ?? '' }),
    );
    await home.close();
    expect(await account(['export', 'ann', file])).toBe(0);
    expect(stage.printed.at(-1)).toContain('holds the 1 documents of ann@example.org');
    expect((await stat(file)).mode & 0o777).toBe(0o600);

    const elsewhere = join(stage.folder, 'elsewhere');
    vi.stubEnv('OFFICINA_DATA', elsewhere);
    expect(await account(['import', file])).toBe(1);
    expect(stage.printed.at(-1)).toContain('--password');
    expect(await account(['import', file, '--password', 'new'])).toBe(0);
    expect(stage.printed.at(-1)).toBe('ann@example.org has 1 documents more; 0 were there already.');
    const there = await openStorage({ dataFolder: elsewhere, databaseUrl, blobBucket });
    expect(await there.search.listMissing(10)).toEqual([]);
    await there.close();
    expect(await account(['import', file])).toBe(0);
    expect(stage.printed.at(-1)).toBe('ann@example.org has 0 documents more; 1 were there already.');
    expect(await runCli(['account', 'import', join(stage.folder, 'nothing.zip')])).toBe(1);
    expect(await runCli(['account', 'export', 'nobody', file])).toBe(1);
  }, 60_000);
});
