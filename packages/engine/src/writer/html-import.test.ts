import { describe, expect, it } from 'vitest';
import {
  DEFAULT_PACKAGE_LIMITS,
  DEFAULT_XML_LIMITS,
  decodeUtf8,
  inflateEntry,
  readZipDirectory,
  vetXml,
} from '../kit/index.js';
import { importHtml } from './html-import.js';
import { importDocx } from './import.js';
import { openPackage } from './package.js';
import { exportText } from './plain-text.js';

const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

function read(html: string) {
  const { docx, warnings } = importHtml(html);
  const imported = importDocx(docx);
  if (!imported.ok) throw new Error(imported.detail);
  const archive = readZipDirectory(docx, DEFAULT_PACKAGE_LIMITS);
  const part = (name: string): string => {
    const entry = archive.entries.find((each) => each.name === name);
    if (!entry) return '';
    const xml = decodeUtf8(inflateEntry(archive, entry)) ?? '';
    vetXml(xml, DEFAULT_XML_LIMITS);
    return xml;
  };
  const body = part('word/document.xml').replace(/^[\s\S]*<w:body>|<w:sectPr[\s\S]*$/g, '');
  return { body, part, warnings, text: exportText(openPackage(imported.value.base)), archive };
}

describe('html in', () => {
  it('[FO10] collapses blanks as a browser does', () => {
    const { text } = read('<p>  one\n two <b> three</b> </p>\n<p>four</p> five <div> six</div>');
    expect(text).toBe('one two three\nfour\nfive\nsix\n');
  });

  it('[FO10] keeps headings, emphasis, colours, sizes and alignment', () => {
    const { body } = read(
      '<h2 style="text-align:center">T</h2><p><b><i>a</i></b><u>b</u><s>c</s><span style="color:#f00;font-size:14pt;font-family:Georgia, serif">d</span>x<sup>2</sup></p>',
    );
    expect(body).toContain('<w:pStyle w:val="Heading2"/><w:jc w:val="center"/>');
    expect(body).toContain('<w:b/><w:bCs/><w:i/><w:iCs/>');
    expect(body).toContain('<w:u w:val="single"/>');
    expect(body).toContain('<w:strike/>');
    expect(body).toContain('w:ascii="Georgia"');
    expect(body).toContain('<w:color w:val="FF0000"/><w:sz w:val="28"/>');
    expect(body).toContain('<w:vertAlign w:val="superscript"/>');
  });

  it('[FO10] takes the rules of the page’s own style sheet over', () => {
    const { body } = read(
      '<style>p.x { font-weight: bold } .y { color: rgb(0, 128, 0) }</style><p class="x">a<span class="y">b</span></p>',
    );
    expect(body.match(/<w:b\/>/g)).toHaveLength(2);
    expect(body).toContain('<w:color w:val="008000"/>');
  });

  it('[FO10] keeps the room around paragraphs, the height of lines and the paper that the page names', () => {
    const { body, part } = read(
      '<style>@page { size: 210mm 297mm; margin: 2cm 1in } p { line-height: 115%; margin: 6pt 0 }</style>' +
        '<p style="margin-bottom: 0; text-indent: -18pt; margin-left: 36pt">a</p><div style="line-height: 20pt">b</div>',
    );
    expect(body).toContain('<w:spacing w:before="120" w:after="0" w:line="276" w:lineRule="auto"/>');
    expect(body).toContain('<w:ind w:left="720" w:hanging="360"/>');
    expect(body).toContain('<w:spacing w:before="0" w:after="0" w:line="400" w:lineRule="atLeast"/>');
    expect(part('word/document.xml')).toContain(
      '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1440" w:bottom="1134" w:left="1440"',
    );
  });

  it('[FO10] gives text the font and the room that browsers give it', () => {
    const { body, part } = read('<p>a</p><div>b</div>');
    expect(part('word/styles.xml')).toContain('w:ascii="Times New Roman"');
    expect(part('word/styles.xml')).toContain('<w:spacing w:after="240" w:line="240" w:lineRule="auto"/>');
    expect(body).toMatch(/^<w:p><w:r>.*<w:spacing w:before="0" w:after="0"\/>/);
  });

  it('[FO10] takes no length that would break a document', () => {
    const { part, body } = read(
      '<style>@page { size: 0 9e9px; margin: 900in }</style><p style="margin: 1e9px -5in; line-height: 99999; text-indent: 5000in">a</p>',
    );
    expect(part('word/document.xml')).toContain('<w:pgSz w:w="12240" w:h="15840"/><w:pgMar w:top="6336"');
    expect(body).toContain('<w:ind w:firstLine="7200"/>');
    expect(body).not.toContain('w:line=');
  });

  it('[FO11] keeps nested lists with their kinds and starts', () => {
    const { body, part } = read(
      '<ul><li>a<ol start="3"><li>b</li><li>c<p>below</p></li></ol></li><li>d</li></ul>',
    );
    expect(
      [...body.matchAll(/<w:ilvl w:val="(\d)"\/><w:numId w:val="(\d)"\/>/g)].map((m) => `${m[1]}${m[2]}`),
    ).toEqual(['01', '12', '12', '01']);
    expect(part('word/numbering.xml')).toContain('<w:lvlOverride w:ilvl="1"><w:startOverride w:val="3"/>');
  });

  it('[FO12] keeps tables with spans, nested ones too', () => {
    const { body, text } = read(
      '<table border=1><tr><th rowspan=2>a<td colspan=2>b<tr><td>c<td><table><tr><td>d</table></table>after',
    );
    expect(body.match(/<w:tbl>/g)).toHaveLength(2);
    expect(body).toContain('<w:gridSpan w:val="2"/>');
    expect(body).toContain('<w:vMerge w:val="restart"/>');
    expect(body).toContain('<w:vMerge/>');
    expect(text.replace(/\n+/g, ' ').trim()).toBe('a b c d after');
  });

  it('[FO12] draws the lines of cells that the page draws, and keeps the room within them', () => {
    const { body } = read(
      '<table cellpadding=4><tr><td style="border: 1px solid #f00; border-left: none; padding: 0 6pt">a<td><p>b</table><table><tr><td>c</table>',
    );
    expect(body).toContain(
      '<w:tcBorders><w:top w:val="single" w:sz="6" w:space="0" w:color="FF0000"/><w:left w:val="nil"/>',
    );
    expect(body).toContain('<w:tblCellMar><w:top w:w="60" w:type="dxa"/>');
    expect(body).toContain('<w:tcMar><w:top w:w="0" w:type="dxa"/><w:left w:w="120" w:type="dxa"/>');
    expect(body).not.toContain('TableGrid');
    expect(body).not.toContain('</w:tbl><w:tbl>');
  });

  it('[FO13] takes pictures that the page holds and names those that it does not', () => {
    const { body, warnings, archive } = read(
      `<p><img src="data:image/png;base64,${PIXEL}" width=20 alt="dot"> <img src="http://x.example/a.png" alt="far"></p>`,
    );
    expect(archive.entries.map((entry) => entry.name)).toContain('word/media/image1.png');
    expect(body).toContain('<wp:extent cx="190500" cy="190500"/>');
    expect(body).toContain('[far]');
    expect(warnings).toHaveLength(1);
  });

  it('[FO13] drops what runs, fetches or hides', () => {
    const { body, part, text } = read(
      '<script>evil()</script><iframe src="http://a.example"></iframe><p onclick="x()">a<a href="javascript:alert(1)">b</a><a href="https://ok.example/?a=1&amp;b=$&amp;">c</a><span hidden>no</span><style>p{color:red}</style></p><img src="file:///etc/passwd"><object data="x">o</object>',
    );
    expect(text).toBe('abc\n');
    expect(body).not.toMatch(/javascript|evil|passwd|onclick/);
    expect(part('word/_rels/document.xml.rels')).toContain('https://ok.example/?a=1&amp;b=$&amp;');
    expect(part('word/_rels/document.xml.rels').match(/External/g)).toHaveLength(1);
  });

  it('[FO10] keeps preformatted lines, breaks, rules and places that links lead to', () => {
    const { body, text } = read(
      '<pre>\n a\n\tb\n</pre><p>c<br>d<br></p><p><br></p><hr><a href="#end">go</a><p id="end">e</p>',
    );
    expect(text).toBe(' a\n\tb\nc\nd\n\n\ngo\ne\n');
    expect(body).toContain('<w:pBdr>');
    expect(body).toContain('<w:hyperlink w:anchor="h1_end">');
    expect(body).toContain('<w:bookmarkStart w:id="1" w:name="h1_end"/>');
  });

  it('[FO10] reads bytes in the encoding that they declare', () => {
    const latin = Uint8Array.from('<meta charset="iso-8859-1"><p>\u00e9</p>', (c) => c.charCodeAt(0));
    expect(importHtml(latin).docx).toEqual(importHtml('<meta charset="iso-8859-1"><p>é</p>').docx);
  });

  it('[FO10] leaves controls out that no document may hold', () => {
    expect(read('<!DOCTYPE html><p>Red\u0001, \u0004Blue').text).toContain('Red, Blue');
  });

  it('[FO14] survives depth, breadth and nonsense', () => {
    const deep = read(`${'<div><b>'.repeat(20_000)}x`);
    expect(deep.text).toBe('x\n');
    const table = read(`<table><tr>${'<td colspan=999 rowspan=9999>y'.repeat(100)}</table>`);
    expect(table.text).toContain('y');
    expect(read('').text).toBe('\n');
    expect(read('<p>\u0000\u0008a\ud800</p>').text).toContain('a');
  });
});
