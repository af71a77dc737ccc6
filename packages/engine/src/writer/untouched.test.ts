import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  bodyStoryRoot,
  collectStoryParagraphs,
  type OoxmlNode,
  TreePackageStore,
} from '@docx-editor.dev/core/store';
import { describe, expect, it } from 'vitest';
import { rawEntries, strayChange, xmlOf } from '../../../../test/corpus/judge.js';
import { makeCorpus } from '../../../../test/corpus/make.js';
import { importDocx, type OoxmlPackage, openPackage, writeDocx } from './index.js';

const WORD = 'Zebra ';
const REAL = join(
  process.env.OFFICINA_CORPUS ?? join(import.meta.dirname, '../../../../../shared/corpus'),
  'docx',
);

/** Real files in which no word can be put, and why; anything else that falls short fails the suite. */
const NOT_EDITABLE: Record<string, string> = {
  'bug53475-password-is-solrcell.docx': 'protected by a password: refused at import',
  'Bug60341.docx': 'has no paragraph that takes text',
  'documentProtection_comments_no_password.docx': 'its protection allows comments only',
  'documentProtection_readonly_no_password.docx': 'its protection allows reading only',
  'protected_sample.docx': 'its protection allows reading only',
};

type Verdict =
  | { readonly kind: 'untouched' }
  | { readonly kind: 'not-editable' }
  | { readonly kind: 'touched'; readonly why: string };

describe('[UN1] [UN2] [UN9] one word changes one paragraph of one part', () => {
  it('holds for every document of the made corpus', { timeout: 120_000 }, () => {
    const verdicts = new Map(makeCorpus().map(({ name, bytes }) => [name, judge(bytes)]));
    expect(report('made corpus', verdicts)).toEqual([]);
    expect([...verdicts.values()].every((each) => each.kind === 'untouched')).toBe(true);
  });

  it.runIf(existsSync(REAL))('holds for every real file that can be edited', { timeout: 300_000 }, () => {
    const files = readdirSync(REAL).filter((name) => name.endsWith('.docx'));
    const verdicts = new Map(
      files.map((name) => [name, judge(new Uint8Array(readFileSync(join(REAL, name))))]),
    );
    expect(report('real files', verdicts)).toEqual([]);
    const notEditable = [...verdicts]
      .filter(([, each]) => each.kind === 'not-editable')
      .map(([name]) => name);
    expect(notEditable.filter((name) => NOT_EDITABLE[name] === undefined)).toEqual([]);
  });
});

function report(title: string, verdicts: ReadonlyMap<string, Verdict>): string[] {
  const untouched = [...verdicts.values()].filter((each) => each.kind === 'untouched').length;
  console.log(`untouched: ${untouched} of ${verdicts.size} files (${title})`);
  const touched: string[] = [];
  for (const [name, verdict] of verdicts) {
    if (verdict.kind === 'touched') touched.push(`${name}: ${verdict.why}`);
    if (verdict.kind === 'not-editable')
      console.log(`  ${name}: ${NOT_EDITABLE[name] ?? 'no word could be put in'}`);
  }
  for (const line of touched) console.log(`  ${line}`);
  return touched;
}

function judge(original: Uint8Array): Verdict {
  const imported = importDocx(original);
  if (!imported.ok) return { kind: 'not-editable' };
  const { base } = imported.value;
  const opened = openPackage(base);
  if (writeDocx({ original, base, current: opened }) !== original)
    return { kind: 'touched', why: 'a save without edits' };
  const current = withWord(opened);
  if (!current) return { kind: 'not-editable' };
  const saved = writeDocx({ original, base, current });
  return compare(rawEntries(original), rawEntries(saved), opened.mainDocumentPart.slice(1));
}

function compare(before: ReturnType<typeof rawEntries>, after: typeof before, main: string): Verdict {
  if (before.map((each) => each.name).join('\n') !== after.map((each) => each.name).join('\n')) {
    return { kind: 'touched', why: 'other entries or another order' };
  }
  for (const [index, entry] of before.entries()) {
    const saved = after[index] as (typeof after)[number];
    if (entry.name.replace(/^\//, '') === main) {
      const why = strayChange(xmlOf(entry), xmlOf(saved), WORD);
      if (why) return { kind: 'touched', why };
    } else if (saved.method !== entry.method || Buffer.compare(saved.compressed, entry.compressed) !== 0) {
      return { kind: 'touched', why: `${entry.name} changed` };
    }
  }
  return { kind: 'untouched' };
}

/** The document with a word at the start of the first paragraph that takes it. */
function withWord(pkg: OoxmlPackage): OoxmlPackage | null {
  const main = pkg.parts.get(pkg.mainDocumentPart);
  const body = main && bodyStoryRoot(main);
  if (!main || !body || body.kind === 'textValue') return null;
  const store = new TreePackageStore(pkg, main);
  const paragraphs: OoxmlNode[] = [];
  collectStoryParagraphs(body.children, paragraphs, 0);
  for (const { id } of paragraphs) {
    const done = store.transact({ kind: 'body' }, (edit) => {
      edit.apply({ op: 'insertText', paragraphId: id, offset: 0, text: WORD });
    });
    if (done.ok) return store.currentPackage();
  }
  return null;
}
