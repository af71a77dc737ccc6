import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { strFromU8, unzipSync } from 'fflate';

const run = promisify(execFile);

/** The body's text by nothing but the zip and the tags: independent of our engine. */
export function bodyText(docx: Uint8Array): string {
  const part = unzipSync(docx)['word/document.xml'];
  if (!part) throw new Error('The file holds no word/document.xml.');
  return [...strFromU8(part).matchAll(/<w:t(?: [^>]*)?>([^<]*)<\/w:t>|<\/w:p>/g)]
    .map((match) => match[1] ?? '\n')
    .join('');
}

/** The text that LibreOffice finds in the file, or undefined where there is no LibreOffice. */
export async function officeText(docx: Uint8Array): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'officina-office-'));
  try {
    await writeFile(join(folder, 'in.docx'), docx);
    const profile = `-env:UserInstallation=file://${folder}/profile`;
    await run('soffice', [
      profile,
      '--headless',
      '--convert-to',
      'txt:Text (encoded):UTF8',
      '--outdir',
      folder,
      join(folder, 'in.docx'),
    ]);
    return await readFile(join(folder, 'in.txt'), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
