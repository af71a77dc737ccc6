import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SCHEMAS } from '../schemas/index.js';

const folder = mkdtempSync(join(tmpdir(), 'officina-xsd-'));
const written = new Set<string>();
let isMissing = false;

/** What xmllint says against the answer by its schema; empty when it is valid, or when xmllint is not here. */
export function validate(schema: string, xml: string): string {
  const file = join(folder, `${schema}.xsd`);
  if (!written.has(schema)) {
    writeFileSync(file, SCHEMAS[schema] ?? '');
    written.add(schema);
  }
  const run = spawnSync('xmllint', ['--noout', '--nonet', '--schema', file, '-'], {
    input: xml,
    encoding: 'utf8',
  });
  if (run.error) {
    if (!isMissing) console.warn('xmllint is not installed: answers were not validated.');
    isMissing = true;
    return '';
  }
  return run.status === 0 ? '' : `${run.stderr}\n${xml}`;
}
