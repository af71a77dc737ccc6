import type { OoxmlPackage } from '@docx-editor.dev/core/store';
import { decodeAs, decodeUtf8, escapeText, legalXmlText } from '../kit/index.js';
import { type BlankDefaults, composeDocx } from './blank.js';
import { documentText, type StoryText } from './text.js';

/** A document with one paragraph for each line. Bytes are read as UTF-16 with mark, UTF-8, else Windows-1252. */
export function importText(text: Uint8Array | string, defaults: BlankDefaults = {}): Uint8Array {
  const decoded = typeof text === 'string' ? text : decodeText(text);
  const lines = decoded.replace(/^\ufeff/, '').split(/\r\n|\n|\r|\u2028|\u2029/);
  // A file that ends with a line end has no empty paragraph after it.
  if (lines.length > 1 && lines.at(-1) === '') lines.pop();
  return composeDocx(lines.map(paragraph).join(''), defaults);
}

/** The text as one line for each paragraph: the body, then the notes, each group after an empty line. Ends with a line end. */
export function exportText(pkg: OoxmlPackage): string {
  const stories = documentText(pkg);
  const group = (test: (story: StoryText) => boolean): string[] =>
    stories.filter(test).flatMap((each) => each.paragraphs);
  const groups = [
    group((each) => each.story === 'body'),
    group((each) => each.story === 'textbox' && each.part === pkg.mainDocumentPart),
    group((each) => each.story === 'footnote').filter((line) => line.trim() !== ''),
    group((each) => each.story === 'endnote').filter((line) => line.trim() !== ''),
  ];
  return `${groups
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decodeAs('utf-16le', bytes) ?? '';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decodeAs('utf-16be', bytes) ?? '';
  return decodeUtf8(bytes) ?? decodeWindows1252(bytes);
}

/** By hand: some versions of Node read the label as Latin-1, which has control characters where the quotes should be. */
function decodeWindows1252(bytes: Uint8Array): string {
  const latin = decodeAs('iso-8859-1', bytes) ?? '';
  return latin.replace(
    /[\u0080-\u009f]/g,
    (character) => WINDOWS_1252[character.charCodeAt(0) - 0x80] ?? character,
  );
}

const WINDOWS_1252 = [...'€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'];

function paragraph(line: string): string {
  const content = line
    .split(/([\t\f])/)
    .map((piece) => {
      if (piece === '\t') return '<w:tab/>';
      if (piece === '\f') return '<w:br w:type="page"/>';
      const text = legalXmlText(piece);
      return text === '' ? '' : `<w:t xml:space="preserve">${escapeText(text)}</w:t>`;
    })
    .join('');
  return content === '' ? '<w:p/>' : `<w:p><w:r>${content}</w:r></w:p>`;
}
