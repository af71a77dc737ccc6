import { bind, DECLARATION, docx, NS, WORD_TYPE } from './package-builder.js';
import { line, p, run } from './prose.js';

export function plain(): Uint8Array {
  return docx({
    body:
      line('A plain heading', '<w:pStyle w:val="Heading1"/>') +
      p(
        run('The first paragraph has ') +
          run('bold', '<w:b/>') +
          run(' and ') +
          run('italic', '<w:i/>') +
          run(' words.'),
      ) +
      line('The second &amp; last, with &lt;brackets&gt; and a soft\u00adhyphen.') +
      p(
        `<w:r><w:t>Tab</w:t><w:tab/><w:t>break</w:t><w:br/><w:t>and a page</w:t><w:br w:type="page"/></w:r>`,
      ) +
      '<w:p/>',
  });
}

export function nestedLists(): Uint8Array {
  const level = (index: number, format: string, text: string): string =>
    `<w:lvl w:ilvl="${index}"><w:start w:val="1"/><w:numFmt w:val="${format}"/><w:lvlText w:val="${text}"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="${720 * (index + 1)}" w:hanging="360"/></w:pPr></w:lvl>`;
  const numbering =
    `${DECLARATION}<w:numbering ${bind('w')}>` +
    `<w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="multilevel"/>${level(0, 'decimal', '%1.')}${level(1, 'lowerLetter', '%2)')}${level(2, 'lowerRoman', '%3.')}</w:abstractNum>` +
    `<w:abstractNum w:abstractNumId="1"><w:multiLevelType w:val="hybridMultilevel"/>${level(0, 'bullet', '\u2022')}${level(1, 'bullet', 'o')}</w:abstractNum>` +
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>' +
    '<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num></w:numbering>';
  const item = (text: string, depth: number, list: number): string =>
    line(text, `<w:numPr><w:ilvl w:val="${depth}"/><w:numId w:val="${list}"/></w:numPr>`);
  return docx({
    body:
      item('One', 0, 1) +
      item('One, a', 1, 1) +
      item('One, a, i', 2, 1) +
      item('Two', 0, 1) +
      item('A bullet', 0, 2) +
      item('A bullet in a bullet', 1, 2) +
      item('Starts at five', 0, 3),
    parts: [
      {
        name: 'word/numbering.xml',
        content: numbering,
        contentType: `${WORD_TYPE}.numbering+xml`,
        relation: { id: 'rIdNumbering', type: `${NS.r}/numbering` },
      },
    ],
  });
}

export function notes(): Uint8Array {
  const part = (root: string, item: string): string => {
    const separators =
      `<w:${item} w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:${item}>` +
      `<w:${item} w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:${item}>`;
    const note = (id: number, text: string): string =>
      `<w:${item} w:id="${id}">${p(`<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:${item}Ref/></w:r>${run(` ${text}`)}`)}</w:${item}>`;
    return `${DECLARATION}<w:${root} ${bind('w', 'r')}>${separators}${note(1, 'The first note.')}${note(2, 'The second note.')}</w:${root}>`;
  };
  const mark = (kind: string, id: number): string =>
    `<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:${kind}Reference w:id="${id}"/></w:r>`;
  return docx({
    body:
      p(
        run('Text with a footnote') +
          mark('footnote', 1) +
          run(' and an endnote') +
          mark('endnote', 1) +
          run('.'),
      ) + p(run('More') + mark('footnote', 2) + mark('endnote', 2)),
    parts: ['footnote', 'endnote'].map((kind) => ({
      name: `word/${kind}s.xml`,
      content: part(`${kind}s`, kind),
      contentType: `${WORD_TYPE}.${kind}s+xml`,
      relation: { id: `rId${kind}`, type: `${NS.r}/${kind}s` },
    })),
  });
}

export function linksAndBookmarks(): Uint8Array {
  return docx({
    body:
      p(
        `${run('See ')}<w:hyperlink r:id="rIdWeb" w:history="1">${run('the web', '<w:u w:val="single"/>')}</w:hyperlink>${run(' or ')}<w:hyperlink w:anchor="target">${run('below')}</w:hyperlink>`,
      ) +
      p(`<w:bookmarkStart w:id="1" w:name="target"/>${run('The target')}<w:bookmarkEnd w:id="1"/>`) +
      `<w:bookmarkStart w:id="2" w:name="across"/>${line('Inside a bookmark')}${line('that spans paragraphs')}<w:bookmarkEnd w:id="2"/>`,
    relations: [
      {
        id: 'rIdWeb',
        type: `${NS.r}/hyperlink`,
        target: 'https://example.org/a?b=1&amp;c=2',
        mode: 'External',
      },
    ],
  });
}

export function rightToLeft(): Uint8Array {
  const rtl = '<w:rtl/><w:lang w:bidi="ar-SA"/>';
  return docx({
    body:
      p(run('هذا نص عربي مع أرقام ١٢٣', rtl), '<w:bidi/><w:jc w:val="start"/>') +
      p(run('עברית עם ', rtl) + run('English') + run(' באמצע', rtl), '<w:bidi/>') +
      p(run('Left to right with ') + run('שלום', rtl) + run(' inside.')) +
      '<w:tbl><w:tblPr><w:bidiVisual/><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid><w:gridCol w:w="2000"/><w:gridCol w:w="2000"/></w:tblGrid>' +
      `<w:tr><w:tc>${p(run('أول', rtl), '<w:bidi/>')}</w:tc><w:tc>${p(run('ثان', rtl), '<w:bidi/>')}</w:tc></w:tr></w:tbl>` +
      '<w:p/>',
  });
}

export function fields(): Uint8Array {
  const mark = (type: string, more = ''): string => `<w:r><w:fldChar w:fldCharType="${type}"${more}/></w:r>`;
  const complex = (code: string, result: string): string =>
    `${mark('begin')}<w:r><w:instrText xml:space="preserve"> ${code} </w:instrText></w:r>${mark('separate')}${run(result)}${mark('end')}`;
  const entry = (text: string, page: number): string =>
    p(
      `<w:hyperlink w:anchor="_Toc1">${run(text)}<w:r><w:tab/></w:r>${complex('PAGEREF _Toc1 \\h', String(page))}</w:hyperlink>`,
    );
  return docx({
    body:
      p(
        `${run('Before the fields, page ')}<w:fldSimple w:instr=" PAGE ">${run('1')}</w:fldSimple>${run(' of ')}${complex('NUMPAGES', '3')}`,
      ) +
      p(
        `${mark('begin', ' w:dirty="true"')}<w:r><w:instrText xml:space="preserve"> TOC \\o "1-3" \\h </w:instrText></w:r>${mark('separate')}${run('Contents')}`,
      ) +
      entry('A chapter', 1) +
      entry('Another', 2) +
      p(mark('end')) +
      p(
        `${run('Dear ')}<w:fldSimple w:instr=" MERGEFIELD First_Name ">${run('«First_Name»')}</w:fldSimple>${run(' ')}${complex('MERGEFIELD Last_Name \\* MERGEFORMAT', '«Last_Name»')}${run(',')}`,
      ) +
      p(complex('IF { PAGE } > 1 "more" "one"', 'one')) +
      `<w:bookmarkStart w:id="1" w:name="_Toc1"/>${line('A chapter', '<w:pStyle w:val="Heading1"/>')}<w:bookmarkEnd w:id="1"/>`,
  });
}

export function equations(): Uint8Array {
  const r = (text: string): string => `<m:r><m:t>${text}</m:t></m:r>`;
  return docx({
    prefixes: ['m'],
    body:
      line('An equation in the line and one of its own:') +
      p(
        `${run('If ')}<m:oMath><m:sSup><m:e>${r('x')}</m:e><m:sup>${r('2')}</m:sup></m:sSup>${r('=4')}</m:oMath>${run(' then')}`,
      ) +
      p(
        `<m:oMathPara><m:oMath><m:f><m:num>${r('a+b')}</m:num><m:den><m:rad><m:radPr><m:degHide m:val="1"/></m:radPr><m:deg/><m:e>${r('c')}</m:e></m:rad></m:den></m:f></m:oMath></m:oMathPara>`,
      ) +
      p(
        `<m:oMath><m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr><m:sub>${r('i=1')}</m:sub><m:sup>${r('n')}</m:sup><m:e>${r('i')}</m:e></m:nary></m:oMath>`,
      ),
  });
}
