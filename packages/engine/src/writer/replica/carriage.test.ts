import { readFileSync } from 'node:fs';
import { TREE_DOC_OP_KINDS } from '@docx-editor.dev/core/store';
import { describe, expect, it } from 'vitest';
import { CARRIAGE } from './carriage.js';

const page = readFileSync(new URL('../../../../../docs/spec/operations.md', import.meta.url), 'utf8');

/** Kind → how the page says it is carried. */
function statedOnPage(): Record<string, string> {
  const stated: Record<string, string> = {};
  for (const line of page.split('\n')) {
    const row = /^\| (meaning|addressed|package|named|blocks|refused)[^|]*\| (`.*`) \|$/.exec(line);
    for (const kind of row?.[2]?.match(/\w+/g) ?? []) stated[kind] = row?.[1] as string;
  }
  return stated;
}

describe('the carriage table', () => {
  it('names every kind the core has at run time', () => {
    expect(Object.keys(CARRIAGE).sort()).toEqual([...TREE_DOC_OP_KINDS].sort());
  });

  it('says the same as the page about operations', () => {
    expect(statedOnPage()).toEqual(CARRIAGE);
  });
});
