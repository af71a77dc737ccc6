import { docx, NS, WORD_TYPE } from '../corpus/package-builder.js';
import { png } from '../corpus/png.js';
import { line, p, run } from '../corpus/prose.js';

/** A small document with at least one of everything that the rarer operations are about. */
export function workshop(): Uint8Array {
  return docx({
    prefixes: ['w14', 'wp', 'a', 'pic', 'm'],
    body: [
      line('Everybody works here.'),
      p(run('Name: ') + formField('FORMTEXT', TEXT_FIELD, 'nobody') + run(' and more')),
      p(run('Yes ') + formField('FORMCHECKBOX', CHECKBOX) + run(' or no')),
      p(run('One of ') + formField('FORMDROPDOWN', DROPDOWN) + run(' these')),
      p(run('Today ') + field('DATE', 'Monday') + run(' it rains')),
      p(run('A picture ') + picture(1) + run(' and another ') + picture(2)),
      p(run('If ') + EQUATION + run(' then') + EQUATION),
      GALLERY,
      TABLE,
      `<w:p><w:pPr><w:sectPr><w:headerReference w:type="default" r:id="rIdHeader"/>${PAGE}</w:sectPr></w:pPr>${run('The first section ends.')}</w:p>`,
      line('The second section begins.'),
    ].join(''),
    section: `<w:sectPr><w:footerReference w:type="default" r:id="rIdFooter"/>${PAGE}</w:sectPr>`,
    parts: [
      band('header', 'rIdHeader', 'hdr', 'A header'),
      band('footer', 'rIdFooter', 'ftr', 'A footer'),
      {
        name: 'word/media/image1.png',
        content: png(8, 8),
        relation: { id: 'rIdImage', type: `${NS.r}/image` },
      },
    ],
  });
}

const PAGE =
  '<w:pgSz w:w="12240" w:h="15840"/><w:pgMar w:top="1440" w:right="1440" w:bottom="1440" w:left="1440" w:header="720" w:footer="720" w:gutter="0"/>';

const TEXT_FIELD = '<w:textInput><w:default w:val="nobody"/></w:textInput>';
const CHECKBOX = '<w:checkBox><w:sizeAuto/><w:default w:val="0"/></w:checkBox>';
const DROPDOWN =
  '<w:ddList><w:listEntry w:val="red"/><w:listEntry w:val="green"/><w:listEntry w:val="blue"/></w:ddList>';

const EQUATION =
  '<m:oMath><m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>';

const GALLERY = `<w:sdt><w:sdtPr><w:docPartList><w:docPartGallery w:val="Quick Parts"/></w:docPartList></w:sdtPr><w:sdtContent>${line('A block to choose.')}</w:sdtContent></w:sdt>`;

const TABLE = `<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid><w:gridCol w:w="3000"/><w:gridCol w:w="3000"/></w:tblGrid>${[1, 2, 3].map((row) => `<w:tr>${[1, 2].map((cell) => `<w:tc><w:tcPr><w:tcW w:w="3000" w:type="dxa"/></w:tcPr>${line(`Cell ${row}.${cell}`)}</w:tc>`).join('')}</w:tr>`).join('')}</w:tbl>`;

function formField(code: string, content: string, result?: string): string {
  const begin = `<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:name w:val="${code}"/><w:enabled/><w:calcOnExit w:val="0"/>${content}</w:ffData></w:fldChar></w:r>`;
  const shown = result === undefined ? '' : `<w:r><w:fldChar w:fldCharType="separate"/></w:r>${run(result)}`;
  return `${begin}<w:r><w:instrText xml:space="preserve"> ${code} </w:instrText></w:r>${shown}<w:r><w:fldChar w:fldCharType="end"/></w:r>`;
}

function field(code: string, result: string): string {
  return `<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> ${code} </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>${run(result)}<w:r><w:fldChar w:fldCharType="end"/></w:r>`;
}

function picture(key: number): string {
  return (
    `<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="914400" cy="609600"/><wp:docPr id="${key}" name="Object ${key}"/>` +
    `<a:graphic><a:graphicData uri="${NS.pic}"><pic:pic><pic:nvPicPr><pic:cNvPr id="${key}" name="picture.png"/><pic:cNvPicPr/></pic:nvPicPr>` +
    '<pic:blipFill><a:blip r:embed="rIdImage"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>' +
    '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="914400" cy="609600"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
  );
}

function band(kind: 'header' | 'footer', id: string, root: string, words: string) {
  return {
    name: `word/${kind}1.xml`,
    content: `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:${root} xmlns:w="${NS.w}">${line(words)}</w:${root}>`,
    contentType: `${WORD_TYPE}.${kind}+xml`,
    relation: { id, type: `${NS.r}/${kind}` },
  };
}
