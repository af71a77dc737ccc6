import { describe, expect, it } from 'vitest';
import { makeDocument } from '../../../../../test/corpus/make.js';
import { systemClock, systemScheduler } from '../../system-time.js';
import { findOffice, OfficeConverter } from '../office/index.js';
import { readCompoundFile } from './compound-file.js';
import { encryptPackage } from './encrypt-package.js';
import { EncryptedDocxConverter } from './encrypted-docx-converter.js';
import { writeCompoundFile } from './write-compound-file.js';

const search = findOffice(process.env['OFFICINA_SOFFICE'] ?? null, process.env['PATH'] ?? '');

describe('protecting a docx', () => {
  const docx = makeDocument('plain');

  it('[FO22] is undone by its password alone', async () => {
    const locked = await encryptPackage(docx, 'sesame ✓');
    const reader = new EncryptedDocxConverter();
    expect(Buffer.compare(await reader.toDocx(locked, 'encrypted-docx', 'sesame ✓'), docx)).toBe(0);
    await expect(reader.toDocx(locked, 'encrypted-docx', 'open')).rejects.toMatchObject({
      code: 'password_wrong',
    });
  });

  it.runIf(search.found)(
    '[FO22] is opened by LibreOffice',
    async () => {
      const office = new OfficeConverter({
        ...{ search, fonts: null, clock: systemClock, scheduler: systemScheduler },
        ...{ maxUploadBytes: 1024 * 1024 * 100, workers: 1 },
      });
      const locked = await encryptPackage(docx, 'sesame');
      // Under a name that our own reader does not take, so that LibreOffice has to.
      expect((await office.toDocx(locked, 'doc', 'sesame')).length).toBeGreaterThan(1_000);
      await expect(office.toDocx(locked, 'doc', 'open')).rejects.toMatchObject({ code: 'password_wrong' });
      await expect(office.toDocx(locked, 'doc', null)).rejects.toMatchObject({ code: 'password_required' });
      office.close();
    },
    60_000,
  );

  it('[FO22] files of any size are laid out so that they can be read', () => {
    for (const size of [0, 1, 63, 64, 4095, 4096, 100_000, 8_000_000, 20_000_000]) {
      const bytes = Buffer.alloc(size, size % 251);
      const file = writeCompoundFile([
        { name: 'A', bytes },
        { name: 'B', children: [{ name: 'C', bytes }] },
      ]);
      expect(Buffer.compare(readCompoundFile(file).get('A') ?? Buffer.alloc(1), bytes), String(size)).toBe(0);
    }
  });
});
