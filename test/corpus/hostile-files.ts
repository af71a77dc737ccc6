import { deflateSync } from 'node:zlib';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { Random } from '../simulation/random.js';
import { declaredZip, deflatedBlanks, deflatedParts } from './hostile-zip.js';
import { makeDocument } from './make.js';

/** A file that is made to hurt whoever reads it. */
export interface HostileFile {
  readonly name: string;
  /** The bytes, which may take a moment and a lot of memory to make. */
  make(): Uint8Array;
}

/** Honest files of the formats that our own builders do not write; they are cut and bent here. */
export interface HonestFiles {
  readonly doc: Uint8Array;
  readonly odt: Uint8Array;
  readonly rtf: Uint8Array;
  readonly pdf: Uint8Array;
}

const GIGABYTE_IN_MEGABYTES = 1024;
const MEGABYTE = 1024 * 1024;
const WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
const ODF =
  'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" ' +
  'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" ' +
  'xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2"';
const LAUGHS = `<!DOCTYPE x [<!ENTITY a "ha">${Array.from(
  { length: 12 },
  (_none, at) => `<!ENTITY ${letter(at + 1)} "${`&${letter(at)};`.repeat(10)}">`,
).join('')}]>`;

/** All of them, in an order that does not change. The same seed gives the same files. */
export function hostileFiles(honest: HonestFiles, seed: number): HostileFile[] {
  const random = new Random(seed);
  return [
    ...bombs(),
    ...depths(),
    ...circles(honest),
    ...entities(),
    ...pretenders(random),
    ...cutShort(honest),
    ...bent(honest, random),
  ];
}

function bombs(): HostileFile[] {
  const paragraph = [
    `<w:document ${WORD}><w:body><w:p><w:r><w:t>`,
    '</w:t></w:r></w:p></w:body></w:document>',
  ] as const;
  const blanks = deflatedBlanks(paragraph[0], GIGABYTE_IN_MEGABYTES, paragraph[1]);
  const odf = odfParts('');
  const content = odfContent('<text:p>BLANKS</text:p>').split('BLANKS') as [string, string];
  const odfBlanks = deflatedBlanks(content[0], GIGABYTE_IN_MEGABYTES, content[1]);
  const huge = GIGABYTE_IN_MEGABYTES * MEGABYTE;
  const docx = (declaredBytes: number) =>
    declaredZip([
      ...deflatedParts(without('word/document.xml')),
      { name: 'word/document.xml', deflated: blanks, declaredBytes },
    ]);
  const odt = (declaredBytes: number) =>
    declaredZip([
      ...deflatedParts(omit(odf, 'content.xml')),
      { name: 'content.xml', deflated: odfBlanks, declaredBytes },
    ]);
  const picture = {
    ...{ name: 'word/media/x.bin', deflated: deflatedBlanks('', 120, ''), declaredBytes: 120 * MEGABYTE },
  };
  const nested = zipSync({
    'a.zip': zipSync({ 'b.zip': declaredZip([{ name: 'c', deflated: blanks, declaredBytes: huge }]) }),
  });
  const flat = (name: string, before: string, megabytes: number, after: string): HostileFile => ({
    ...{
      name,
      make: () =>
        Buffer.concat([Buffer.from(before), Buffer.alloc(megabytes * MEGABYTE, ' '), Buffer.from(after)]),
    },
  });
  return [
    { name: 'a gigabyte of blanks.docx', make: () => docx(huge) },
    { name: 'a gigabyte of blanks that says it is little.docx', make: () => docx(1_000) },
    { name: 'a gigabyte of blanks.odt', make: () => odt(huge) },
    { name: 'a gigabyte of blanks that says it is little.odt', make: () => odt(1_000) },
    {
      name: 'a picture of 120 megabytes.docx',
      make: () => declaredZip([...deflatedParts(unzipSync(makeDocument('plain'))), picture]),
    },
    { name: 'archives in an archive.docx', make: () => withPart('word/embeddings/a.zip', nested) },
    { name: 'a zip of zips.docx', make: () => nested },
    {
      name: 'twenty thousand entries.docx',
      make: () =>
        zipSync(
          Object.fromEntries(Array.from({ length: 20_000 }, (_none, at) => [`e${at}`, new Uint8Array()])),
        ),
    },
    { name: 'a picture of 1.6 thousand million points.docx', make: () => withPicture(hugePng(40_000)) },
    {
      name: 'a picture of 1.6 thousand million points.html',
      make: () =>
        strToU8(
          `<p>x<img src="data:image/png;base64,${Buffer.from(hugePng(40_000)).toString('base64')}"></p>`,
        ),
    },
    flat('blanks.txt', 'a', 20, 'b'),
    flat('blanks.html', '<html><body><p>a', 20, 'b</p></body></html>'),
    flat('blanks in pre.html', '<html><body><pre>a', 20, 'b</pre></body></html>'),
    flat('blanks.rtf', '{\\rtf1 a', 4, 'b}'),
    { name: 'lines.txt', make: () => Buffer.alloc(MEGABYTE / 64, 'a\n') },
    {
      name: 'no end of attributes.docx',
      make: () =>
        withDocument(`<w:p ${Array.from({ length: 50_000 }, (_none, at) => `a${at}="1"`).join(' ')}/>`),
    },
    {
      name: 'spans and spans.html',
      make: () => strToU8(`<table><tr>${'<td colspan=1000 rowspan=65534>y'.repeat(500)}</table>`),
    },
    {
      name: 'styles by the thousand.html',
      make: () =>
        strToU8(
          `<style>${Array.from({ length: 20_000 }, (_none, at) => `.c${at}{color:red}`).join('')}</style>${'<p class="c1 c2">x'.repeat(5_000)}`,
        ),
    },
  ];
}

function depths(): HostileFile[] {
  const rows: HostileFile[] = [];
  const nest = (open: string, close: string, depth: number, inner: string) =>
    `${open.repeat(depth)}${inner}${close.repeat(depth)}`;
  for (const depth of [40, 200, 5_000, 20_000]) {
    // LibreOffice's time grows with the cube of these; more of them are ended by the watchdog after a minute and a half.
    const fields = Math.min(depth, 100 + depth / 100);
    const cell = ['<w:tbl><w:tr><w:tc>', '<w:p/></w:tc></w:tr></w:tbl>'] as const;
    rows.push(
      {
        name: `tables ${depth} deep.docx`,
        make: () => withDocument(`${nest(cell[0], cell[1], depth, '<w:p/>')}<w:p/>`),
      },
      {
        name: `controls ${depth} deep.docx`,
        make: () => withDocument(nest('<w:sdt><w:sdtContent>', '</w:sdtContent></w:sdt>', depth, '<w:p/>')),
      },
      {
        name: `tables ${depth} deep.html`,
        make: () => strToU8(nest('<table><tr><td>', '</td></tr></table>', depth, 'x')),
      },
      { name: `lists ${depth} deep.html`, make: () => strToU8(nest('<ul><li>', '', depth, 'x')) },
      { name: `groups ${depth} deep.rtf`, make: () => strToU8(`{\\rtf1 ${nest('{\\b ', '}', depth, 'x')}}`) },
      {
        name: `groups ${depth} deep and left open.rtf`,
        make: () => strToU8(`{\\rtf1 ${'{\\b '.repeat(depth)}x`),
      },
      {
        name: `tables ${depth} deep.odt`,
        make: () =>
          odt(
            nest(
              '<table:table><table:table-row><table:table-cell>',
              '</table:table-cell></table:table-row></table:table>',
              depth,
              '<text:p>x</text:p>',
            ),
          ),
      },
      {
        name: `sections ${depth} deep.odt`,
        make: () => odt(nest('<text:section>', '</text:section>', depth, '<text:p>x</text:p>')),
      },
      {
        name: `spans ${depth} deep.odt`,
        make: () => odt(`<text:p>${nest('<text:span>', '</text:span>', depth, 'x')}</text:p>`),
      },
      {
        name: `fields ${fields} deep.docx`,
        make: () =>
          withDocument(
            `<w:p>${nest('<w:r><w:fldChar w:fldCharType="begin"/></w:r>', '<w:r><w:fldChar w:fldCharType="end"/></w:r>', fields, '<w:r><w:t>x</w:t></w:r>')}</w:p>`,
          ),
      },
    );
  }
  return rows;
}

function circles({ pdf }: HonestFiles): HostileFile[] {
  const style = (id: string, basedOn: string) =>
    `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${id}"/><w:basedOn w:val="${basedOn}"/><w:next w:val="${basedOn}"/><w:link w:val="${basedOn}"/></w:style>`;
  const ring = Array.from({ length: 500 }, (_none, at) => style(`s${at}`, `s${(at + 1) % 500}`)).join('');
  const styled = '<w:p><w:pPr><w:pStyle w:val="s1"/></w:pPr><w:r><w:t>x</w:t></w:r></w:p>';
  const odfStyle = (name: string, parent: string) =>
    `<style:style style:name="${name}" style:family="paragraph" style:parent-style-name="${parent}"/>`;
  const text = Buffer.from(pdf).toString('latin1');
  const kids = text.replace(
    /\/Kids\s*\[\s*(\d+) 0 R/,
    (whole, _id) => `${whole} ${/(\d+) 0 obj\s*<<\s*\/Type\s*\/Pages/.exec(text)?.[1] ?? 1} 0 R`,
  );
  const again = text.replace(/startxref\s+(\d+)/, (whole, at) => `trailer<</Prev ${at}>>\n${whole}`);
  const rel = (target: string, type = 'aFChunk') =>
    `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="c" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}"/></Relationships>`;
  const chunk = `<w:altChunk xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="c"/><w:p/>`;
  const withRels = (target: string, type?: string) =>
    zipSync({
      ...unzipSync(withDocument(chunk)),
      'word/_rels/document.xml.rels': strToU8(rel(target, type)),
    });
  return [
    { name: 'styles in a ring.docx', make: () => withStyles(ring, styled) },
    { name: 'a style based on itself.docx', make: () => withStyles(style('s1', 's1'), styled) },
    { name: 'a chunk that is the document.docx', make: () => withRels('document.xml') },
    { name: 'a chunk that is the relations.docx', make: () => withRels('_rels/document.xml.rels') },
    { name: 'a document below itself.docx', make: () => withRels('document.xml', 'subDocument') },
    {
      name: 'styles in a ring.odt',
      make: () => odt('<text:p text:style-name="a">x</text:p>', odfStyle('a', 'b') + odfStyle('b', 'a')),
    },
    {
      name: 'a section that is the file.odt',
      make: () =>
        odt(
          '<text:section text:name="s"><text:section-source xlink:href="" xlink:type="simple"/><text:p>x</text:p></text:section>',
        ),
    },
    {
      name: 'styles in a ring.rtf',
      make: () =>
        strToU8('{\\rtf1{\\stylesheet{\\s1\\sbasedon2\\snext2 a;}{\\s2\\sbasedon1\\snext1 b;}}\\s1 x\\par}'),
    },
    { name: 'pages below themselves.pdf', make: () => Buffer.from(kids, 'latin1') },
    { name: 'tables before themselves.pdf', make: () => Buffer.from(again, 'latin1') },
    {
      name: 'rules in a ring.html',
      make: () =>
        strToU8(
          '<style>@import url("#"); a{b:var(--c);--c:var(--b);--b:var(--c)}</style><p id=a><a href="#a">x</a>',
        ),
    },
  ];
}

function entities(): HostileFile[] {
  const remote =
    '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY % b SYSTEM "http://127.0.0.1:9/x"> %b;]>';
  return [LAUGHS, remote].flatMap((doctype, at) => [
    {
      name: `entities ${at}.docx`,
      make: () =>
        withPart(
          'word/document.xml',
          strToU8(
            `${doctype}<w:document ${WORD}><w:body><w:p><w:r><w:t>&m;&a;</w:t></w:r></w:p></w:body></w:document>`,
          ),
        ),
    },
    {
      name: `entities in styles ${at}.docx`,
      make: () => withPart('word/styles.xml', strToU8(`${doctype}<w:styles ${WORD}>&m;&a;</w:styles>`)),
    },
    {
      name: `entities ${at}.odt`,
      make: () =>
        zipSync({
          ...odfParts(''),
          'content.xml': strToU8(`${doctype}${odfContent('<text:p>&m;&a;</text:p>')}`),
        }),
    },
    { name: `entities ${at}.html`, make: () => strToU8(`<html>${doctype}<body>&m;&a;</body></html>`) },
  ]);
}

/** Signatures of formats with noise behind them. */
function pretenders(random: Random): HostileFile[] {
  const signatures: Readonly<Record<string, Uint8Array>> = {
    'noise.docx': Buffer.from('PK\u0003\u0004'),
    'noise.doc': Buffer.from('d0cf11e0a1b11ae1', 'hex'),
    'noise.pdf': Buffer.from('%PDF-1.7\n'),
    'noise.rtf': Buffer.from('{\\rtf1 '),
    'noise.html': Buffer.from('<!doctype html><html>'),
    'noise.odt': Buffer.from('PK\u0003\u0004mimetypeapplication/vnd.oasis.opendocument.text'),
  };
  return Object.entries(signatures).flatMap(([name, head]) =>
    [100, 10_000, 300_000].map((length) => ({
      name: `${length} bytes of ${name}`,
      make: () => Buffer.concat([head, Uint8Array.from({ length }, () => random.below(256))]),
    })),
  );
}

function cutShort(honest: HonestFiles): HostileFile[] {
  const shares = { doc: 24, odt: 8, rtf: 8, pdf: 8 } as const;
  return (Object.keys(shares) as (keyof HonestFiles)[]).flatMap((format) =>
    Array.from({ length: shares[format] }, (_none, at): HostileFile => {
      const length = Math.floor((honest[format].length * (at + 1)) / (shares[format] + 1));
      return {
        name: `${length} bytes of a ${format}.${format}`,
        make: () => honest[format].subarray(0, length),
      };
    }),
  );
}

/** Bytes turned anywhere, more at the front, where the structures are. */
function bent(honest: HonestFiles, random: Random): HostileFile[] {
  const shares = { doc: 32, odt: 7, rtf: 9, pdf: 9 } as const;
  return (Object.keys(shares) as (keyof HonestFiles)[]).flatMap((format) =>
    Array.from({ length: shares[format] }, (_none, at): HostileFile => {
      const own = random.fork(at);
      const make = () => {
        const bytes = Buffer.from(honest[format]);
        const reach = at % 2 === 0 ? bytes.length : Math.min(bytes.length, 2_048);
        for (let turn = 0; turn <= at; turn += 1) bytes[8 + own.below(reach - 8)] = own.below(256);
        return bytes;
      };
      return { name: `a bent ${format} ${at}.${format}`, make };
    }),
  );
}

function letter(at: number): string {
  return String.fromCharCode(97 + at);
}

function without(name: string): Record<string, Uint8Array> {
  return omit(unzipSync(makeDocument('plain')), name);
}

function omit(parts: Record<string, Uint8Array>, name: string): Record<string, Uint8Array> {
  return Object.fromEntries(Object.entries(parts).filter(([each]) => each !== name));
}

function withPart(name: string, bytes: Uint8Array): Uint8Array {
  return zipSync({ ...unzipSync(makeDocument('plain')), [name]: bytes }, { level: 6 });
}

function withDocument(body: string): Uint8Array {
  return withPart('word/document.xml', strToU8(`<w:document ${WORD}><w:body>${body}</w:body></w:document>`));
}

function withStyles(styles: string, body: string): Uint8Array {
  const parts = unzipSync(withDocument(body));
  return zipSync({ ...parts, 'word/styles.xml': strToU8(`<w:styles ${WORD}>${styles}</w:styles>`) });
}

function withPicture(png: Uint8Array): Uint8Array {
  const parts = unzipSync(makeDocument('images'));
  const name =
    Object.keys(parts).find((each) => /^word\/media\/.*png$/.test(each)) ?? 'word/media/image1.png';
  return zipSync({ ...parts, [name]: png });
}

/** A black square, which deflates to a thousandth twice over. */
function hugePng(side: number): Uint8Array {
  const chunk = (name: string, content: Uint8Array) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(content.length);
    return Buffer.concat([length, Buffer.from(name), content, Buffer.alloc(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.writeUInt8(1, 8);
  const rows = deflateSync(Buffer.alloc((side / 8 + 1) * 64));
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]),
    ...[chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', new Uint8Array())],
  ]);
}

function odt(body: string, styles = ''): Uint8Array {
  return zipSync({ ...odfParts(styles), 'content.xml': strToU8(odfContent(body)) });
}

function odfContent(body: string): string {
  return `<office:document-content ${ODF}><office:body><office:text>${body}</office:text></office:body></office:document-content>`;
}

function odfParts(styles: string): Record<string, Uint8Array> {
  const manifest =
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/><manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/></manifest:manifest>';
  return {
    mimetype: strToU8('application/vnd.oasis.opendocument.text'),
    'styles.xml': strToU8(
      `<office:document-styles ${ODF}><office:styles>${styles}</office:styles></office:document-styles>`,
    ),
    'content.xml': strToU8(odfContent('<text:p/>')),
    'META-INF/manifest.xml': strToU8(manifest),
  };
}
