import { docx } from './package-builder.js';
import { cell, line, p, random, run, sentence, table } from './prose.js';

/** About 300 pages. */
export function threeHundredPages(): Uint8Array {
  return longDocument(60);
}

/** Chapters of about five pages: 32 paragraphs each, in mixed formats. */
export function longDocument(chapters: number): Uint8Array {
  const next = random(300);
  const blocks: string[] = [];
  for (let chapter = 1; chapter <= chapters; chapter += 1) {
    blocks.push(line(`Chapter ${chapter}`, '<w:pStyle w:val="Heading1"/>'));
    for (let index = 0; index < 32; index += 1) {
      const sentences = Array.from({ length: 6 }, () => sentence(next, 8 + Math.floor(next() * 10)));
      const runs = sentences.map((text, at) =>
        run(`${text} `, at % 3 === 1 ? '<w:b/>' : at % 3 === 2 ? '<w:i/><w:color w:val="1F4E79"/>' : ''),
      );
      blocks.push(p(runs.join(''), '<w:spacing w:after="120"/><w:jc w:val="both"/>'));
    }
  }
  return docx({ body: blocks.join('') });
}

/** So many paragraphs of some forty words in mixed formats, and nothing else. */
export function manyParagraphs(count: number): Uint8Array {
  const next = random(120);
  const body = Array.from({ length: count }, () =>
    p(
      `${run(`${sentence(next, 14)} `)}${run(`${sentence(next, 12)} `, '<w:b/>')}${run(sentence(next, 14), '<w:i/>')}`,
    ),
  );
  return docx({ body: body.join('') });
}

/** One table of 1,000 rows and 12 columns. */
export function hugeTable(): Uint8Array {
  const next = random(12);
  const rows = Array.from({ length: 1000 }, (_, row) =>
    Array.from({ length: 12 }, (_, column) => cell(line(`${row}.${column} ${sentence(next, 2)}`))),
  );
  return docx({ body: `${line('A huge table') + table(rows, 12)}<w:p/>` });
}
