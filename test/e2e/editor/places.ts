import { bind, DECLARATION, docx, NS, WORD_TYPE } from '../../corpus/package-builder.js';
import { cell, line, p, run, table } from '../../corpus/prose.js';

/** One document with a place of every kind, each with words of its own to find it by. */
export function everyPlace(): Uint8Array {
  const level =
    '<w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/><w:lvlJc w:val="left"/>';
  const item = (text: string) => line(text, '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>');
  const separators = ['separator', 'continuationSeparator'].map(
    (kind, index) =>
      `<w:footnote w:type="${kind}" w:id="${index - 1}"><w:p><w:r><w:${kind}/></w:r></w:p></w:footnote>`,
  );
  const note = `<w:footnote w:id="1">${p(`<w:r><w:footnoteRef/></w:r>${run(' Notelet.')}`)}</w:footnote>`;
  return docx({
    body:
      ['Title', 'Paragraph here', 'Neighbour', 'Suggested', 'Commented', 'Undone']
        .map((text) => line(text))
        .join('') +
      ['First', 'Second', 'Third'].map(item).join('') +
      table(
        [
          [cell(line('Northwest')), cell(line('Northeast'))],
          [cell(line('Southwest')), cell(line('Southeast'))],
        ],
        2,
      ) +
      p(`${run('Noted')}<w:r><w:footnoteReference w:id="1"/></w:r>`) +
      line('Last'),
    section:
      '<w:sectPr><w:headerReference w:type="default" r:id="rIdHeader"/><w:pgSz w:w="11906" w:h="16838"/>' +
      '<w:pgMar w:top="1440" w:right="1440" w:bottom="1440" w:left="1440" w:header="708" w:footer="708" w:gutter="0"/></w:sectPr>',
    parts: [
      {
        name: 'word/numbering.xml',
        content: `${DECLARATION}<w:numbering ${bind('w')}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0">${level}</w:lvl><w:lvl w:ilvl="1">${level}</w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>`,
        contentType: `${WORD_TYPE}.numbering+xml`,
        relation: { id: 'rIdNumbering', type: `${NS.r}/numbering` },
      },
      {
        name: 'word/footnotes.xml',
        content: `${DECLARATION}<w:footnotes ${bind('w', 'r')}>${separators.join('')}${note}</w:footnotes>`,
        contentType: `${WORD_TYPE}.footnotes+xml`,
        relation: { id: 'rIdNotes', type: `${NS.r}/footnotes` },
      },
      {
        name: 'word/header1.xml',
        content: `${DECLARATION}<w:hdr ${bind('w', 'r')}>${line('Overhead')}</w:hdr>`,
        contentType: `${WORD_TYPE}.header+xml`,
        relation: { id: 'rIdHeader', type: `${NS.r}/header` },
      },
    ],
  });
}
