import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const TIME_LIMIT_MS = 180_000;

/** Why LibreOffice, a reader that is not ours, cannot open a document; null when it can. */
export function whyOfficeFails(docx: Uint8Array): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'officina-monkey-'));
  try {
    writeFileSync(join(folder, 'result.docx'), docx);
    const profile = `-env:UserInstallation=file://${join(folder, 'profile')}`;
    const target = ['--convert-to', 'txt:Text (encoded):UTF8', '--outdir', folder];
    const run = spawnSync('soffice', ['--headless', profile, ...target, join(folder, 'result.docx')], {
      timeout: TIME_LIMIT_MS,
      encoding: 'utf8',
    });
    if (run.error) return run.error.message;
    return existsSync(join(folder, 'result.txt')) ? null : `${run.stdout} ${run.stderr}`.trim().slice(0, 300);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
