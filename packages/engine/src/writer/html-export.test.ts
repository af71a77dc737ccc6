import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { makeDocument } from '../../../../test/corpus/make.js';
import { exportHtml } from './html-export.js';
import { importHtml } from './html-import.js';
import { importDocx } from './import.js';
import { openPackage } from './package.js';
import { exportText } from './plain-text.js';
import { documentText } from './text.js';

/** Larger ones take seconds each and show nothing new. */
const LARGE_BYTES = 100_000;
/** Hidden text is no part of a page that everybody may read the source of. */
const HIDES_TEXT: ReadonlySet<string> = new Set(['bug59058.docx']);
const CORPUS =
  process.env['OFFICINA_CORPUS'] ?? fileURLToPath(new URL('../../../../../shared/corpus', import.meta.url));

function open(docx: Uint8Array) {
  const imported = importDocx(docx);
  return imported.ok ? openPackage(imported.value.base) : null;
}

function page(html: string): string {
  const pkg = open(importHtml(html).docx);
  if (!pkg) throw new Error('the import makes no document');
  return exportHtml(pkg, 'x')
    .html.replace(/^[\s\S]*<body>|<\/body>[\s\S]*$/g, '')
    .trim();
}

const words = (text: string): string[] => text.match(/[\p{L}\p{N}]+/gu) ?? [];

describe('html out', () => {
  it('[FO15] gives headings, emphasis, links and lists their elements', () => {
    const html = page(
      '<h1>A</h1><p><b>b</b> <i>c</i> <a href="https://x.example/">d</a></p><ul><li>e<ol type="a" start="2"><li>f</li></ol></li><li>g</li></ul><p>h</p>',
    );
    expect(html).toMatch(/<h1 class="s-Heading1">A<\/h1>/);
    expect(html).toContain('<b>b</b>');
    expect(html).toMatch(/<a href="https:\/\/x.example\/">.*d.*<\/a>/);
    expect(html.replace(/\n/g, '').replace(/ class="[^"]*"/g, '')).toContain(
      '<ul><li><p>e</p><ol start="2" style="list-style-type:lower-alpha"><li><p>f</p></li></ol></li><li><p>g</p></li></ul><p>h</p>',
    );
  });

  it('[FO15] gives tables their spans', () => {
    const html = page('<table border=1><tr><td rowspan=2>a<td colspan=2>b<tr><td>c<td>d</table>');
    expect(html).toContain('<table border="1">');
    expect(html).toMatch(/<td rowspan="2">/);
    expect(html).toMatch(/<td colspan="2">/);
    expect(html.match(/<td/g)).toHaveLength(4);
  });

  it('[FO16] lays pictures beside the page', () => {
    const pkg = open(makeDocument('images'));
    const { html, pictures } = pkg ? exportHtml(pkg, 'x') : { html: '', pictures: [] };
    expect(pictures.length).toBeGreaterThan(0);
    for (const { name, bytes } of pictures) {
      expect(html).toContain(`src="${name}"`);
      expect(bytes.length).toBeGreaterThan(0);
    }
  });

  it('[FO15] lets no text break out of the page', () => {
    const html = page(
      '<p>&lt;script&gt;x&lt;/script&gt; <span style="font-family:\'a&quot;>b\'">y</span></p>',
    );
    expect(html).toContain('&lt;script&gt;x&lt;/script&gt;');
    expect(html).not.toMatch(/<script|">b/);
  });

  it('[FO15] a page of ours read again says the same', () => {
    const first =
      '<h2>Plan</h2><p>One <b>two</b></p><ol><li>a</li><li>b</li></ol><table border=1><tr><td>c</td></tr></table>';
    const docx = importHtml(first).docx;
    const pkg = open(docx);
    const again = pkg && open(importHtml(exportHtml(pkg, 'x').html).docx);
    expect(again && words(exportText(again))).toEqual(pkg && words(exportText(pkg)));
  });
});

const files = (() => {
  try {
    return readdirSync(join(CORPUS, 'docx')).filter(
      (name) => name.endsWith('.docx') && statSync(join(CORPUS, 'docx', name)).size < LARGE_BYTES,
    );
  } catch {
    return [];
  }
})();

/** Stands right behind a word, and would become a part of it. */
const NOTE_NUMBER = /<sup><a id="\w+-ref-\d+"[^>]*>.*?<\/a><\/sup>/g;

describe.runIf(files.length > 0)('html out of documents of other programs', () => {
  it('[FO17] a formula reads as what it is made of, also in a text', () => {
    const pkg = open(makeDocument('equations'));
    const text = pkg ? exportText(pkg) : '';
    expect(text).toContain('x2');
  });

  it('[FO17] keeps every word of body and text boxes, and reads back without a fault', () => {
    const lost: string[] = [];
    for (const name of files) {
      const pkg = open(readFileSync(join(CORPUS, 'docx', name)));
      if (!pkg) continue;
      const { html } = exportHtml(pkg, name);
      const again = open(importHtml(html.replace(NOTE_NUMBER, '')).docx);
      const wanted = documentText(pkg)
        .filter(
          ({ story, part }) => story === 'body' || (story === 'textbox' && part === pkg.mainDocumentPart),
        )
        .flatMap(({ paragraphs }) => paragraphs.flatMap(words));
      const left = new Map<string, number>();
      for (const word of again ? words(exportText(again)) : []) left.set(word, (left.get(word) ?? 0) + 1);
      const missing = wanted.filter((word) => {
        const count = left.get(word) ?? 0;
        left.set(word, count - 1);
        return count <= 0;
      });
      if (missing.length > 0 && !HIDES_TEXT.has(name))
        lost.push(`${name}: ${missing.length} of ${wanted.length}: ${missing.slice(0, 5).join(' ')}`);
    }
    expect(lost).toEqual([]);
  }, 120_000);
});
