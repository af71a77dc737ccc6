import { bind, DECLARATION, docx, NS, type Part, WORD_TYPE } from './package-builder.js';
import { cell, line, p, run, table } from './prose.js';

const SIZE =
  '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1440" w:right="1440" w:bottom="1440" w:left="1440" w:header="708" w:footer="708" w:gutter="0"/>';

export function tables(): Uint8Array {
  const inner = table([[cell(line('inner a')), cell(line('inner b'))]], 2);
  return docx({
    body:
      line('Before the tables') +
      table(
        [
          [
            cell(line('spans two columns'), '<w:gridSpan w:val="2"/>'),
            cell(line('top'), '<w:vMerge w:val="restart"/>'),
          ],
          [cell(line('left')), cell(inner + line('after the inner table')), cell('<w:p/>', '<w:vMerge/>')],
          [cell(line('x')), cell(line('y')), cell('<w:p/>', '<w:vMerge w:val="continue"/>')],
        ],
        3,
      ) +
      line('Between') +
      table([[cell(`${table([[cell(`${table([[cell(line('three deep'))]], 1)}<w:p/>`)]], 1)}<w:p/>`)]], 1) +
      '<w:p/>',
  });
}

export function headersAndFooters(): Uint8Array {
  const variants = ['default', 'first', 'even'];
  const part = (kind: 'header' | 'footer', variant: string): Part => {
    const root = kind === 'header' ? 'hdr' : 'ftr';
    return {
      name: `word/${kind}-${variant}.xml`,
      content: `${DECLARATION}<w:${root} ${bind('w', 'r')}>${line(`The ${variant} ${kind}`)}</w:${root}>`,
      contentType: `${WORD_TYPE}.${kind}+xml`,
      relation: { id: `rId-${kind}-${variant}`, type: `${NS.r}/${kind}` },
    };
  };
  const references = (['header', 'footer'] as const).flatMap((kind) =>
    variants.map((variant) => `<w:${kind}Reference w:type="${variant}" r:id="rId-${kind}-${variant}"/>`),
  );
  return docx({
    body: line('Page one') + p('<w:r><w:br w:type="page"/></w:r>') + line('Page two'),
    section: `<w:sectPr>${references.join('')}${SIZE}<w:titlePg/></w:sectPr>`,
    settings: '<w:evenAndOddHeaders/>',
    parts: [...variants.map((each) => part('header', each)), ...variants.map((each) => part('footer', each))],
  });
}

export function sectionsAndColumns(): Uint8Array {
  const section = (more: string): string => `<w:sectPr>${SIZE}${more}</w:sectPr>`;
  return docx({
    body:
      line('One column') +
      p(run('ends here'), section('')) +
      line('Two columns with a line') +
      p(`${run('left')}<w:r><w:br w:type="column"/></w:r>${run('right')}`) +
      p(
        '',
        section('<w:type w:val="continuous"/>').replace(
          '</w:sectPr>',
          '<w:cols w:num="2" w:sep="1" w:space="720"/></w:sectPr>',
        ),
      ) +
      line('Landscape, unequal columns'),
    section:
      '<w:sectPr><w:type w:val="nextPage"/><w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/><w:pgMar w:top="720" w:right="720" w:bottom="720" w:left="720" w:header="708" w:footer="708" w:gutter="0"/><w:lnNumType w:countBy="5"/><w:cols w:num="2" w:equalWidth="0"><w:col w:w="4000" w:space="700"/><w:col w:w="9000"/></w:cols></w:sectPr>',
  });
}
