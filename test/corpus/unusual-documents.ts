import { strToU8 } from 'fflate';
import { bind, docx, docxFiles, NS, zipFiles } from './package-builder.js';
import { line, p, run } from './prose.js';

/** Elements and attributes of nobody's vocabulary, alternatives without fallback, wildcards in compatibility attributes. */
export function unknownElements(): Uint8Array {
  return docx({
    prefixes: ['mc', 'w14'],
    rootAttributes:
      ' xmlns:x="urn:example:extension" x:mode="odd" mc:Ignorable="w14 x" mc:PreserveAttributes="x:*" mc:ProcessContent="x:wrapper"',
    body:
      line('Before what is unknown') +
      `<w:p x:note="an &quot;odd&quot; one" w:rsidR="00AA11BB"><w:pPr><x:own deep="1"><x:er/></x:own></w:pPr>${run('Inside')}<x:inline>kept</x:inline></w:p>` +
      `<x:wrapper>${line('In a wrapper')}</x:wrapper>` +
      p(
        '<mc:AlternateContent><mc:Choice xmlns:q="urn:q" Requires="q"><q:new/></mc:Choice></mc:AlternateContent>',
      ) +
      p('<w:r><w:unheardOf w:val="1"/><w:t>After an unknown run child</w:t></w:r>') +
      `<w:p>${run('smart ')}<w:smartTag w:uri="urn:tags" w:element="place">${run('Rome')}</w:smartTag></w:p>`,
  });
}

/** Well-formed XML as only hand-written programs make it: comments, instructions, CDATA, quotes, blanks, entities, no declaration. */
export function oddSpelling(): Uint8Array {
  return docx({
    body: '',
    document:
      `\ufeff<?xml version='1.0' encoding='utf-8'?>\n<!-- made by hand -->\n<?app keep="this"?>\n<w:document\n  ${bind('w')}\n  ${bind('r')}>\n` +
      '  <w:body>\n    <!-- the first -->\n    <w:p w:rsidR=\'00112233\'   w:rsidP="00112233" >\n      <w:r>\n        <w:t>Spelt &#x6f;ddly &#38; <![CDATA[<raw>]]></w:t>\n      </w:r>\n    </w:p>\n' +
      '    <?between paragraphs?>\n    <w:p><w:r ><w:t xml:space="preserve"> second </w:t></w:r></w:p>\r\n    <w:p></w:p>\n    <w:p\n/>\n' +
      '    <w:sectPr ><w:pgSz w:w="12240" w:h="15840"></w:pgSz></w:sectPr>\n  </w:body>\n</w:document>\n<!-- the end -->\n',
  });
}

/** The vocabulary as default namespace in one place and under an unusual prefix in another. */
export function otherPrefixes(): Uint8Array {
  return docx({
    body: '',
    document:
      `<?xml version="1.0"?><document xmlns="${NS.w}" xmlns:ns0="${NS.w}"><body>` +
      `<p><r><t>In the default namespace</t></r></p><ns0:p ns0:rsidR="00112233"><ns0:r><ns0:t>under a prefix</ns0:t></ns0:r></ns0:p>` +
      `<q:p xmlns:q="${NS.w}"><q:r><q:rPr><q:b q:val="0"/></q:rPr><q:t>bound on the paragraph</q:t></q:r></q:p><sectPr/></body></document>`,
  });
}

/** A main part written in UTF-16, which XML allows. */
export function utf16(): Uint8Array {
  const text = `\ufeff<?xml version="1.0" encoding="UTF-16"?><w:document ${bind('w')}><w:body>${line('Sixteen bits: žluťoučký 漢字')}${line('second')}</w:body></w:document>`;
  const bytes = new Uint8Array(text.length * 2);
  for (let index = 0; index < text.length; index += 1) {
    bytes[index * 2] = text.charCodeAt(index) & 0xff;
    bytes[index * 2 + 1] = text.charCodeAt(index) >> 8;
  }
  return docx({ body: '', document: bytes });
}

/** Names with a leading "/", a folder entry, stored entries and another name for the main part. */
export function oddArchive(): Uint8Array {
  const files = docxFiles({
    body: line('In an odd archive') + line('second'),
    documentName: 'word/main.xml',
  });
  const named = files.map(([name, content]): [string, Uint8Array] => [
    name.startsWith('docProps') ? `/${name}` : name,
    content,
  ]);
  named.splice(2, 0, ['word/', new Uint8Array()]);
  named.push(['extra/readme.txt', strToU8('nobody knows this part')]);
  return zipFiles(named, new Set(['word/main.xml', 'word/styles.xml']));
}

/** Paragraph identities as they should not be: one twice, one zero, one not hexadecimal, and one good. */
export function brokenIdentities(): Uint8Array {
  const one = (identity: string, text: string): string =>
    `<w:p w14:paraId="${identity}" w14:textId="77777777">${run(text)}</w:p>`;
  return docx({
    prefixes: ['w14', 'mc'],
    rootAttributes: ' mc:Ignorable="w14"',
    body:
      one('0A0B0C0D', 'good') +
      one('0A0B0C0D', 'the same again') +
      one('00000000', 'zero') +
      one('nonsense', 'no number') +
      line('none'),
  });
}
