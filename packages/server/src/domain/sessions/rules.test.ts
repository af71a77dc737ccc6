import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../../../', import.meta.url));

/** Numbers of the rules that test titles name, ranges included. */
function rulesInTitles(): Set<number> {
  const numbers = new Set<number>();
  for (const folder of ['packages/server/src', 'test']) {
    const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((name) => name.endsWith('.test.ts'))) {
      for (const [, ids = ''] of readFileSync(join(root, folder, file), 'utf8').matchAll(
        /\[(SE\d[^\]]*)\]/g,
      )) {
        for (const [, from = '', to = from] of ids.matchAll(/SE(\d+)(?:-SE(\d+))?/g)) {
          for (let number = Number(from); number <= Number(to); number += 1) numbers.add(number);
        }
      }
    }
  }
  return numbers;
}

describe('the rules of sessions', () => {
  const page = readFileSync(join(root, 'docs/spec/sessions.md'), 'utf8');
  const written = [...page.matchAll(/^- \*\*SE(\d+)\*\*/gm)].map((match) => Number(match[1]));

  it('are numbered without a gap', () => {
    expect(written).toEqual(written.map((_number, at) => at + 1));
    expect(written.length).toBeGreaterThan(30);
  });

  it('are each named by a test, and tests name no other', () => {
    expect([...rulesInTitles()].sort((a, b) => a - b)).toEqual(written);
  });
});
