import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { normalizeParagraphIdentity } from '@docx-editor.dev/core/store';
import { strFromU8, strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { bigPicture, makeCorpus, makeDocument } from '../../../../test/corpus/make.js';
import { docx, docxFiles, zipFiles } from '../../../../test/corpus/package-builder.js';
import { png } from '../../../../test/corpus/png.js';
import { line } from '../../../../test/corpus/prose.js';
import { DEFAULT_PACKAGE_LIMITS, writeZip, type ZipPiece } from '../kit/index.js';
import { importDocx, openPackage, storyParts, vetDocx } from './index.js';

const HOSTILE = join(
  process.env.OFFICINA_CORPUS ?? join(import.meta.dirname, '../../../../../shared/corpus'),
  'hostile',
);

describe('importDocx', () => {
  it('gives the same base for the same bytes, with an identity on every paragraph that the core agrees with', {
    timeout: 120_000,
  }, () => {
    for (const { name, bytes } of makeCorpus()) {
      const imported = importDocx(bytes);
      if (!imported.ok) throw new Error(`${name}: ${imported.detail}`);
      const again = importDocx(bytes.slice());
      expect(again.ok && Buffer.compare(again.value.base, imported.value.base), name).toBe(0);
      const pkg = openPackage(imported.value.base);
      for (const story of storyParts(pkg)) {
        const part = pkg.parts.get(story.name);
        if (part) expect(normalizeParagraphIdentity(part), `${name} ${story.name}`).toBe(part);
      }
    }
  });

  it('keeps good identities and replaces doubtful ones in the base', () => {
    const imported = importDocx(makeDocument('broken-identities'));
    if (!imported.ok) throw new Error(imported.detail);
    const main = openPackage(imported.value.base).parts.get('/word/document.xml');
    const text = JSON.stringify(main?.root);
    const identities = [...text.matchAll(/"localName":"paraId"[^}]*"value":"([^"]*)"/g)].map(
      (match) => match[1],
    );
    expect(identities).toHaveLength(5);
    expect(new Set(identities).size).toBe(5);
    expect(identities[0]).toBe('0A0B0C0D');
    expect(identities.every((each) => /^[0-7][0-9A-F]{7}$/.test(each ?? '') && each !== '00000000')).toBe(
      true,
    );
  });

  it('tells what is in the file', () => {
    const facts = (name: Parameters<typeof makeDocument>[0]) => {
      const imported = importDocx(makeDocument(name));
      if (!imported.ok) throw new Error(imported.detail);
      return imported.value.facts;
    };
    expect(facts('plain')).toMatchObject({
      title: 'A document of the corpus',
      paragraphCount: 5,
      commentCount: 0,
      hasTrackedChanges: false,
      tracksChanges: false,
      hasMacros: false,
    });
    expect(facts('tracked-changes')).toMatchObject({ hasTrackedChanges: true, tracksChanges: true });
    expect(facts('comments').commentCount).toBe(3);
  });

  it('says how an odd file was read', () => {
    const warnings = (name: Parameters<typeof makeDocument>[0]): readonly string[] => {
      const imported = importDocx(makeDocument(name));
      return imported.ok ? imported.warnings : [imported.detail];
    };
    expect(warnings('odd-archive')).toEqual(['entry names written with a leading "/": docProps/core.xml']);
    expect(warnings('utf-16')).toEqual(['word/document.xml was written in utf-16le']);
    expect(warnings('plain')).toEqual([]);
  });

  it('vets what nobody is going to edit alike, whatever way its types are written', () => {
    const warnings = ['entry names written with a leading "/": docProps/core.xml'];
    expect(vetDocx(makeDocument('odd-archive'))).toEqual({ ok: true, warnings });
    expect(vetDocx(makeDocument('plain'))).toEqual({ ok: true, warnings: [] });
    const files = docxFiles({ body: line('x') }).map(([name, content]): [string, Uint8Array] => {
      const types = strFromU8(content).replace(
        /<Override PartName="\/word\/document.xml" ContentType="(.*?)"\/>/,
        '',
      );
      const main = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml';
      const byExtension = types.replace(/(<Default Extension="xml" ContentType=")[^"]*/, `$1${main}`);
      return [name, name === '[Content_Types].xml' ? strToU8(byExtension) : content];
    });
    expect(vetDocx(zipFiles(files)).ok).toBe(importDocx(zipFiles(files)).ok);
  });

  it('opens a document with a picture of 50 MB under the default limits', { timeout: 120_000 }, () => {
    const bytes = bigPicture(50);
    expect(bytes.length).toBeGreaterThan(50_000_000);
    expect(importDocx(bytes).ok).toBe(true);
  });
});

describe('importDocx refuses', () => {
  const plain = makeDocument('plain');
  const withDocument = (document: string): Uint8Array => docx({ body: '', document });
  const deep = `${'<w:sdt><w:sdtContent>'.repeat(200)}${line('x')}${'</w:sdtContent></w:sdt>'.repeat(200)}`;
  const cases: [string, Uint8Array, string][] = [
    ['no bytes at all', new Uint8Array(), 'not-a-document'],
    ['one byte', new Uint8Array([0x50]), 'not-a-document'],
    ['a picture', png(4, 4), 'not-a-document'],
    ['text', strToU8('just text'), 'not-a-document'],
    ['a zip of something else', zipSync({ 'a.txt': strToU8('a') }), 'not-a-document'],
    [
      'a spreadsheet',
      zipSync({ '[Content_Types].xml': strToU8('<Types/>'), 'xl/workbook.xml': strToU8('<x/>') }),
      'not-a-document',
    ],
    ['a truncated document', plain.slice(0, plain.length - 100), 'malformed'],
    ['half a document', plain.slice(0, plain.length / 2), 'malformed'],
    ['100,000 entries', crowd(100_000), 'too-large'],
    [
      'a bomb',
      zipFiles([...docxFiles({ body: line('x') }), ['word/media/zeros.png', new Uint8Array(20_000_000)]]),
      'too-large',
    ],
    ['a DOCTYPE', withDocument('<!DOCTYPE w:document [<!ENTITY a "b">]><w:document/>'), 'forbidden-content'],
    [
      'an external entity',
      withDocument('<?xml version="1.0"?><!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd"><x/>'),
      'forbidden-content',
    ],
    ['deep nesting', docx({ body: deep }), 'too-large'],
    ['broken XML', withDocument('<w:document><w:body>'), 'malformed'],
    [
      'a main part that is missing',
      zipFiles(docxFiles({ body: '' }).filter(([name]) => name !== 'word/document.xml')),
      'malformed|not-a-document',
    ],
    [
      'a name with ".."',
      zipFiles([...docxFiles({ body: line('x') }), ['../evil.xml', strToU8('<x/>')]]),
      'forbidden-content',
    ],
    [
      'a name with a backslash',
      zipFiles([...docxFiles({ body: line('x') }), ['word\\evil.xml', strToU8('<x/>')]]),
      'forbidden-content',
    ],
    [
      'a name twice',
      zipFiles([...docxFiles({ body: line('x') }), ['WORD/document.xml', strToU8('<x/>')]]),
      'forbidden-content',
    ],
  ];

  it.each(cases)('%s', (_, bytes, reason) => {
    const imported = importDocx(bytes);
    expect(imported.ok ? 'accepted' : imported.reason).toMatch(new RegExp(`^(${reason})$`));
    expect(vetDocx(bytes)).toEqual(imported);
    expect(imported.ok ? '' : imported.detail).not.toBe('');
  });

  it('more than the limits that the caller passes', () => {
    const imported = importDocx(plain, { ...DEFAULT_PACKAGE_LIMITS, maxFileBytes: 1000 });
    expect(imported).toMatchObject({ ok: false, reason: 'too-large' });
    const xml = { ...DEFAULT_PACKAGE_LIMITS.xml, maxPartBytes: 500 };
    expect(importDocx(plain, { ...DEFAULT_PACKAGE_LIMITS, xml })).toMatchObject({
      ok: false,
      reason: 'too-large',
    });
  });

  it.runIf(existsSync(HOSTILE))('every broken file of the real corpus, without throwing', () => {
    for (const name of readdirSync(HOSTILE)) {
      const imported = importDocx(new Uint8Array(readFileSync(join(HOSTILE, name))));
      console.log(`${name}: ${imported.ok ? 'accepted' : `${imported.reason}, ${imported.detail}`}`);
      expect(imported.ok, name).toBe(false);
      expect(vetDocx(new Uint8Array(readFileSync(join(HOSTILE, name)))).ok, name).toBe(false);
    }
  });

  it('or accepts, but never throws, when any stretch of bytes is damaged', () => {
    for (let at = 0; at < plain.length; at += 37) {
      const damaged = plain.slice();
      damaged.fill(0xaa, at, at + 5);
      expect(typeof importDocx(damaged).ok).toBe('boolean');
    }
  });
});

/** A document among many empty entries; stored, for compressing nothing takes the longest. */
function crowd(count: number): Uint8Array {
  const none = new Uint8Array();
  const files = docxFiles({ body: line('x') }).map(
    ([name, content]): ZipPiece => ({ kind: 'added', name, content }),
  );
  const empty = Array.from(
    { length: count },
    (_, index): ZipPiece => ({ kind: 'added', name: `x/${index}.png`, content: none }),
  );
  return writeZip([...files, ...empty]);
}
