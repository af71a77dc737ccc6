import {
  addComment,
  bodyStoryRoot,
  canonicalOoxmlFingerprint,
  collectStoryParagraphs,
  type OoxmlNode,
  type OoxmlPart,
  paragraphTextOf,
  readOoxmlPackage,
  type TreeDocOp,
  TreePackageStore,
  writeOoxmlPackageKeepingRevisionIds,
} from '@docx-editor.dev/core/store';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { rawEntries, xmlOf } from '../../../../test/corpus/judge.js';
import { type CorpusName, makeCorpus, makeDocument } from '../../../../test/corpus/make.js';
import { random } from '../../../../test/corpus/prose.js';
import { importDocx, type OoxmlPackage, openPackage, writeDocx } from './index.js';
import { CoeditingClient } from './replica/index.js';

const SEED = 20260101;
const LARGE = new Set(['three-hundred-pages', 'huge-table']);

describe('writeDocx', () => {
  it(`[UN3] a saved file reads as the edited document, whatever was edited (seed ${SEED})`, {
    timeout: 120_000,
  }, () => {
    const wrong: string[] = [];
    for (const [index, { name, bytes }] of makeCorpus().entries()) {
      if (LARGE.has(name)) continue;
      for (let round = 0; round < 4; round += 1) {
        const opened = open(bytes);
        const script = edit(opened.store, random(SEED + index * 100 + round), 12);
        const saved = save(opened);
        const difference = firstDifference(opened.store.currentPackage(), reread(saved));
        if (difference) wrong.push(`${name}, round ${round}: ${difference}\n${script.join('\n')}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('[UN4] a snapshot that was written and read again saves to the same text as the living document', {
    timeout: 120_000,
  }, () => {
    for (const { name, bytes } of makeCorpus()) {
      if (LARGE.has(name)) continue;
      const opened = open(bytes);
      edit(opened.store, random(SEED), 6);
      const live = opened.store.currentPackage();
      const again = openPackage(writeOoxmlPackageKeepingRevisionIds(live));
      const fromLive = writeDocx({ original: bytes, base: opened.base, current: live });
      const fromSnapshot = writeDocx({ original: bytes, base: opened.base, current: again });
      expect(textsOf(fromSnapshot), name).toEqual(textsOf(fromLive));
    }
  });

  it('[UN9] building blocks stay as they are, though a replica gives their paragraphs identities', () => {
    const parts = unzipSync(makeDocument('plain'));
    const put = (name: string, before: string, more: string) => {
      const text = strFromU8(parts[name] ?? new Uint8Array());
      parts[name] = strToU8(text.replace(before, `${more}${before}`));
    };
    const word = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
    parts['word/glossary/document.xml'] = strToU8(
      `<w:glossaryDocument xmlns:w="${word}"><w:docParts><w:docPart><w:docPartBody><w:p w:rsidR="00112233" w:rsidP="00112233"><w:r><w:t>Block</w:t></w:r></w:p></w:docPartBody></w:docPart></w:docParts></w:glossaryDocument>`,
    );
    put(
      '[Content_Types].xml',
      '</Types>',
      '<Override PartName="/word/glossary/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.glossary+xml"/>',
    );
    put(
      'word/_rels/document.xml.rels',
      '</Relationships>',
      '<Relationship Id="rBlocks" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/glossaryDocument" Target="glossary/document.xml"/>',
    );
    const original = zipSync(parts);
    const { base } = open(original);
    const author = { id: 'user-1', name: 'Ada' };
    const replica = new CoeditingClient({ base }, { client: 'a', author, now: () => '2024-01-01T00:00:00Z' });

    const saved = writeDocx({ original, base, current: replica.package });

    expect(Buffer.compare(saved, original)).toBe(0);
  });

  it('[UN5] gives a new paragraph an identity only where the file knows identities', () => {
    for (const [name, expected] of [
      ['plain', 0],
      ['content-controls', 1],
    ] as const) {
      const opened = open(makeDocument(name));
      const [first] = paragraphs(opened.store);
      apply(opened.store, { op: 'splitParagraph', paragraphId: first?.id ?? '', offset: 3 });
      const document = textsOf(save(opened))['word/document.xml'] ?? '';
      expect(document.match(/w14:paraId=/g)?.length ?? 0, name).toBe(expected);
    }
  });

  it('[UN6] writes the identity of an old comment once a reply refers to it, and nothing else of it', () => {
    const opened = open(makeDocument('old-comments'));
    const [first] = paragraphs(opened.store);
    const added = addComment(opened.store.bodyStore(), {
      anchor: { paragraphId: first?.id ?? '', start: 0, end: 3 },
      author: 'Bob',
      text: 'A reply',
      replyToCommentId: '0',
    });
    expect(added.ok).toBe(true);
    opened.store.replacePackageShell(opened.store.bodyStore().package);
    const saved = textsOf(save(opened));
    const parent = /w15:paraIdParent="([0-9A-F]{8})"/.exec(saved['word/commentsExtended.xml'] ?? '')?.[1];
    expect(parent).toBeDefined();
    expect(saved['word/comments.xml']).toContain(`w14:paraId="${parent}"`);
    expect(saved['word/comments.xml']).toContain('Without identity');
    expect(saved['[Content_Types].xml']).toContain('commentsExtended');
    expect(saved['word/_rels/document.xml.rels']).toContain('commentsExtended.xml');
    expect(saved['word/document.xml']).not.toContain('paraId');
  });

  it('[UN7] adds a header with its relationship and type, and leaves the other entries as they lie in the zip', () => {
    const bytes = makeDocument('images');
    const opened = open(bytes);
    const done = opened.store.applyLifecycleOp({
      op: 'createHeaderFooter',
      sectionIndex: 0,
      kind: 'header',
      variant: 'default',
    });
    expect(done.ok).toBe(true);
    const saved = save(opened);
    const before = new Map(rawEntries(bytes).map((entry) => [entry.name, entry.compressed]));
    const changed = rawEntries(saved)
      .filter((entry) => Buffer.compare(entry.compressed, before.get(entry.name) ?? new Uint8Array()) !== 0)
      .map((entry) => entry.name);
    expect(changed).toEqual([
      '[Content_Types].xml',
      'word/document.xml',
      'word/_rels/document.xml.rels',
      'word/header1.xml',
    ]);
    expect(importDocx(saved).ok).toBe(true);
  });

  it('[UN8] keeps byte order mark, encoding declaration, comments and line ends around an edit', () => {
    for (const name of ['odd-spelling', 'utf-16'] satisfies CorpusName[]) {
      const bytes = makeDocument(name);
      const opened = open(bytes);
      const [first] = paragraphs(opened.store);
      apply(opened.store, { op: 'insertText', paragraphId: first?.id ?? '', offset: 0, text: 'New ' });
      const saved = save(opened);
      expect(importDocx(saved).ok, name).toBe(true);
      const before = textsOf(bytes)['word/document.xml'] ?? '';
      const after = textsOf(saved)['word/document.xml'] ?? '';
      if (name === 'utf-16') expect(after).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>/);
      else expect(after.slice(0, 200)).toBe(before.slice(0, 200));
      expect(after.slice(-100)).toBe(before.slice(-100));
    }
  });
});

interface Opened {
  readonly original: Uint8Array;
  readonly base: Uint8Array;
  readonly store: TreePackageStore;
}

function open(original: Uint8Array): Opened {
  const imported = importDocx(original);
  if (!imported.ok) throw new Error(imported.detail);
  const pkg = openPackage(imported.value.base);
  return { original, base: imported.value.base, store: new TreePackageStore(pkg, mainOf(pkg)) };
}

function save({ original, base, store }: Opened): Uint8Array {
  return writeDocx({ original, base, current: store.currentPackage() });
}

function mainOf(pkg: OoxmlPackage): OoxmlPart {
  const main = pkg.parts.get(pkg.mainDocumentPart);
  if (!main) throw new Error('no main part');
  return main;
}

function reread(saved: Uint8Array): OoxmlPackage {
  const imported = importDocx(saved);
  if (!imported.ok) throw new Error(imported.detail);
  return openPackage(imported.value.base);
}

function paragraphs(store: TreePackageStore): OoxmlNode[] {
  const body = bodyStoryRoot(mainOf(store.currentPackage()));
  const found: OoxmlNode[] = [];
  if (body && body.kind !== 'textValue') collectStoryParagraphs(body.children, found, 0);
  return found;
}

function apply(store: TreePackageStore, op: TreeDocOp): boolean {
  return store.transact({ kind: 'body' }, (step) => {
    step.apply(op);
  }).ok;
}

/** Makes some random edits and returns those that were accepted, as a script to read. */
function edit(store: TreePackageStore, next: () => number, count: number): string[] {
  const script: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const all = paragraphs(store);
    const at = Math.floor(next() * all.length);
    const id = all[at]?.id ?? '';
    const length = paragraphTextOf(mainOf(store.currentPackage()), id)?.length ?? 0;
    const start = Math.floor(next() * (length + 1));
    const end = Math.min(length, start + 1 + Math.floor(next() * 4));
    const ops: TreeDocOp[] = [
      { op: 'insertText', paragraphId: id, offset: start, text: ` w${index}<&> ` },
      { op: 'deleteText', paragraphId: id, start, end },
      { op: 'splitParagraph', paragraphId: id, offset: start },
      { op: 'joinParagraphs', firstId: id, secondId: all[at + 1]?.id ?? '' },
      { op: 'setRunProperties', paragraphId: id, start, end, properties: [{ localName: 'b' }] },
      { op: 'insertTable', beforeParagraphId: id, rows: 2, cols: 2, columnWidthTwips: 2000 },
      {
        op: 'insertText',
        paragraphId: id,
        offset: start,
        text: 'tracked',
        revision: { author: 'Eve', date: '2001-01-01T00:00:00Z' },
      },
    ];
    const op = ops[Math.floor(next() * ops.length)] as TreeDocOp;
    if (apply(store, op)) script.push(JSON.stringify(op));
  }
  return script;
}

/** The first part that reads differently, identities and compatibility lists apart: those are written by other rules. */
function firstDifference(left: OoxmlPackage, right: OoxmlPackage): string | null {
  const names = [...left.parts.keys()].sort();
  if (names.join() !== [...right.parts.keys()].sort().join()) return `parts ${names.join()}`;
  for (const name of names) {
    const a = fingerprint(left.parts.get(name));
    const b = fingerprint(right.parts.get(name));
    if (a === b) continue;
    let at = 0;
    while (a[at] === b[at]) at += 1;
    return `${name}: ${a.slice(Math.max(0, at - 60), at + 120)} ≠ ${b.slice(Math.max(0, at - 60), at + 120)}`;
  }
  return null;
}

function fingerprint(part: OoxmlPart | undefined): string {
  if (!part) return '';
  return canonicalOoxmlFingerprint(part)
    .replace(
      /,?\["http:\/\/schemas\.microsoft\.com\/office\/word\/2010\/wordml","(?:paraId|textId)","[^"]*"\]/g,
      '',
    )
    .replace(
      /,?\["http:\/\/schemas\.openxmlformats\.org\/markup-compatibility\/2006","Ignorable",(?:"[^"]*"|\[[^\]]*\])\]/g,
      '',
    )
    .replaceAll('[,', '[');
}

function textsOf(zip: Uint8Array): Record<string, string> {
  expect(readOoxmlPackage(zip).ok || importDocx(zip).ok).toBe(true);
  return Object.fromEntries(
    rawEntries(zip)
      .filter((each) => /(xml|rels)$/.test(each.name))
      .map((each) => [each.name, xmlOf(each)]),
  );
}
