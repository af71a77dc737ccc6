import { bind, DECLARATION, docx, NS, WORD_TYPE } from './package-builder.js';
import { cell, line, p, run } from './prose.js';

const BY = 'w:author="Ada" w:date="2001-02-03T04:05:06Z"';

export function comments(): Uint8Array {
  const comment = (id: number, identity: string, author: string, text: string): string =>
    `<w:comment w:id="${id}" w:author="${author}" w:date="2001-02-03T04:05:06Z" w:initials="${author.charAt(0)}"><w:p w14:paraId="${identity}" w14:textId="77777777"><w:r><w:annotationRef/></w:r>${run(text)}</w:p></w:comment>`;
  const anchor = (id: number, text: string): string =>
    `<w:commentRangeStart w:id="${id}"/>${run(text)}<w:commentRangeEnd w:id="${id}"/><w:r><w:commentReference w:id="${id}"/></w:r>`;
  return docx({
    body:
      p(run('A sentence with ') + anchor(0, 'a commented part') + anchor(1, '') + run(' in it.')) +
      p(anchor(2, 'A resolved one')),
    parts: [
      {
        name: 'word/comments.xml',
        content: `${DECLARATION}<w:comments ${bind('w', 'w14', 'mc')} mc:Ignorable="w14">${comment(0, '1A2B3C01', 'Ada', 'Is this so?')}${comment(1, '1A2B3C02', 'Bob', 'It is.')}${comment(2, '1A2B3C03', 'Ada', 'Done.')}</w:comments>`,
        contentType: `${WORD_TYPE}.comments+xml`,
        relation: { id: 'rIdComments', type: `${NS.r}/comments` },
      },
      {
        name: 'word/commentsExtended.xml',
        content: `${DECLARATION}<w15:commentsEx ${bind('w15')}><w15:commentEx w15:paraId="1A2B3C01" w15:done="0"/><w15:commentEx w15:paraId="1A2B3C02" w15:paraIdParent="1A2B3C01" w15:done="0"/><w15:commentEx w15:paraId="1A2B3C03" w15:done="1"/></w15:commentsEx>`,
        contentType: `${WORD_TYPE}.commentsExtended+xml`,
        relation: {
          id: 'rIdCommentsEx',
          type: 'http://schemas.microsoft.com/office/2011/relationships/commentsExtended',
        },
      },
    ],
  });
}

/** Comments of a program that knows no paragraph identities, so that a reply makes one necessary. */
export function oldComments(): Uint8Array {
  return docx({
    body: p(
      `<w:commentRangeStart w:id="0"/>${run('An old comment')}<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>`,
    ),
    parts: [
      {
        name: 'word/comments.xml',
        content: `${DECLARATION}<w:comments ${bind('w')}><w:comment w:id="0" w:author="Ada">${line('Without identity')}</w:comment></w:comments>`,
        contentType: `${WORD_TYPE}.comments+xml`,
        relation: { id: 'rIdComments', type: `${NS.r}/comments` },
      },
    ],
  });
}

export function trackedChanges(): Uint8Array {
  const inserted = (id: number, text: string): string => `<w:ins w:id="${id}" ${BY}>${run(text)}</w:ins>`;
  const deleted = (id: number, text: string): string =>
    `<w:del w:id="${id}" ${BY}><w:r><w:delText xml:space="preserve">${text}</w:delText></w:r></w:del>`;
  return docx({
    settings: '<w:trackRevisions/>',
    body:
      p(run('Kept ') + inserted(1, 'added ') + deleted(2, 'removed ') + run('kept.')) +
      p(run('Bold since'), `<w:rPr><w:ins w:id="3" ${BY}/></w:rPr>`) +
      p(
        `<w:r><w:rPr><w:b/><w:rPrChange w:id="4" ${BY}><w:rPr><w:i/></w:rPr></w:rPrChange></w:rPr><w:t>Was italic</w:t></w:r>`,
        `<w:jc w:val="center"/><w:pPrChange w:id="5" ${BY}><w:pPr/></w:pPrChange>`,
      ) +
      p(
        `<w:moveFromRangeStart w:id="6" ${BY} w:name="move1"/><w:moveFrom w:id="7" ${BY}>${run('Moved text')}</w:moveFrom><w:moveFromRangeEnd w:id="6"/>`,
      ) +
      p(
        `<w:moveToRangeStart w:id="8" ${BY} w:name="move1"/><w:moveTo w:id="9" ${BY}>${run('Moved text')}</w:moveTo><w:moveToRangeEnd w:id="8"/>`,
      ) +
      `<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w="2000"/></w:tblGrid><w:tr><w:trPr><w:ins w:id="10" ${BY}/></w:trPr>${cell(line('an inserted row'))}</w:tr></w:tbl>` +
      line('The end'),
  });
}

export function contentControls(): Uint8Array {
  const control = (id: number, kind: string, content: string): string =>
    `<w:sdt><w:sdtPr><w:alias w:val="Control ${id}"/><w:tag w:val="tag${id}"/><w:id w:val="${id}"/>${kind}</w:sdtPr><w:sdtContent>${content}</w:sdtContent></w:sdt>`;
  const items =
    '<w:listItem w:displayText="Red" w:value="r"/><w:listItem w:displayText="Green" w:value="g"/>';
  return docx({
    prefixes: ['w14', 'w15', 'mc'],
    rootAttributes: ' mc:Ignorable="w14 w15"',
    body:
      line('Before the controls') +
      p(run('Name: ') + control(1, '<w:text/>', run('Ada'))) +
      p(
        control(2, `<w:dropDownList>${items}</w:dropDownList>`, run('Red')) +
          control(3, `<w:comboBox>${items}</w:comboBox>`, run('Blue')),
      ) +
      p(
        control(
          4,
          '<w:date w:fullDate="2001-02-03T00:00:00Z"><w:dateFormat w:val="d.M.yyyy"/><w:lid w:val="en-GB"/><w:storeMappedDataAs w:val="dateTime"/><w:calendar w:val="gregorian"/></w:date>',
          run('3.2.2001'),
        ),
      ) +
      p(
        control(
          5,
          '<w14:checkbox><w14:checked w14:val="1"/><w14:checkedState w14:val="2612" w14:font="MS Gothic"/><w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox>',
          run('☒'),
        ) + run(' agreed'),
      ) +
      control(6, '<w:lock w:val="sdtContentLocked"/>', line('A locked block')) +
      control(7, '<w:richText/>', line('Rich text') + control(8, '<w:group/>', line('nested in it'))) +
      control(9, '<w15:repeatingSection/>', control(10, '<w15:repeatingSectionItem/>', line('An item'))) +
      control(
        11,
        '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/></w:docPartObj>',
        line('A building block'),
      ) +
      control(12, '<w:showingPlcHdr/><w:picture/>', line('A picture belongs here')) +
      line('After them'),
  });
}
