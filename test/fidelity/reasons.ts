/** What a file can fall short of. */
export type Aspect = 'opens' | 'edit' | 'xml' | 'office' | 'pages' | 'second' | 'untouched' | 'txt' | 'html';

const NAMES_OF_THE_FILE =
  'A field names the file or its size, and LibreOffice fills it in anew with those of the copy that it was given.';
const OVER_THE_MARGINS =
  'LibreOffice lets the tables of a page stand over the margins where they are wider than the text; ours are fitted between them, so ' +
  'their cells have more lines.';
const NOTES_READ_BACK =
  'LibreOffice reads the notes of its own pages as notes again and sets them on paper as such, endnotes on a page of their own; ours keeps ' +
  'them as the text that they are, at the end.';

/** Why files fall short, found out one by one; a file that falls short without a reason fails the run. */
export const REASONS: readonly { file: RegExp; aspects: readonly Aspect[]; why: string }[] = [
  {
    file: /FldSimple\.docx|Word6_sections2\.doc/,
    aspects: ['xml', 'office'],
    why: NAMES_OF_THE_FILE,
  },
  { file: /(?:huge-table|bug59058)\.docx → html$/, aspects: ['pages'], why: OVER_THE_MARGINS },
  { file: /notes\.docx → html$/, aspects: ['pages'], why: NOTES_READ_BACK },
  {
    file: /rasp\.doc → html$/,
    aspects: ['pages'],
    why: 'LibreOffice leaves the height of lines out in cells, which the page names for every paragraph (115 %); ours keeps it, and the paragraph below the last table goes to a page of its own.',
  },
  {
    file: /drawing\.docx → html$/,
    aspects: ['pages'],
    why: 'Room below a paragraph and above the next: LibreOffice adds them when it reads a page, while browsers and documents of Word take the larger, as ours does.',
  },
  {
    file: /bug57031\.docx → html$/,
    aspects: ['pages'],
    why: 'LibreOffice puts the header and footer of its own page back on every sheet and leaves them room; in ours they stand once, as the text that they are.',
  },
  {
    file: /(?:Bug53380_1\.doc|60316\.docx) → html$/,
    aspects: ['pages'],
    why: 'LibreOffice lets text flow around the pictures and frames of its own page; in ours a picture stands in its line.',
  },
  {
    file: /bug65649\.docx → odt$/,
    aspects: ['pages'],
    why:
      'It is so in the docx that LibreOffice makes, before we touch it: that says “Body Text Indent” follows “Normal”, but LibreOffice reads it back as ' +
      'one that follows its own “Text body” and keeps two lines of a paragraph together. The heading of page 7 moves to page 8 as a whole.',
  },
  {
    file: /bug65649\.docx → rtf$/,
    aspects: ['pages'],
    why:
      'It is so in the docx that LibreOffice makes, before we touch it: it ends a section before “ЛОКАЛЬНАЯ СМЕТА № 3” and lets the next begin on a new page, ' +
      'where its own reading of the rtf goes on below.',
  },
  {
    file: /bug65649\.docx → html$/,
    aspects: ['pages'],
    why:
      'LibreOffice leaves half a centimetre below each of 14,000 paragraphs, though its page says 0 for all of them; told so at each, it has 168 pages. ' +
      'Ours leaves none there, but fits the tables between the margins, so their cells have more lines.',
  },
  {
    file: /MarkAuthorsTable\.doc → html$/,
    aspects: ['pages'],
    why:
      'LibreOffice sets lines of a page at 115 % of its own accord, and adds the room below a paragraph to that above the next. With `line-height: 100%` and the ' +
      'room above taken from the page it has 10, too.',
  },
  {
    file: /three-hundred-pages\.docx → html$/,
    aspects: ['pages'],
    why:
      'Two lines of a paragraph stay together where a page ends unless the style sheet says otherwise (CSS 2.2, 13.3.2), as in ours; LibreOffice lets single lines ' +
      'stand. Told `orphans: 2; widows: 2` it has 283, too.',
  },
  {
    file: /60329\.docx → odt$/,
    aspects: ['xml'],
    why: 'LibreOffice writes its odt before it has laid out the sheets, and leaves “Page 0 of 1” in it; in the docx that it makes of that the fields say 3 of 3.',
  },
  {
    file: /documentProtection_(?:comments|readonly)_no_password|protected_sample/,
    aspects: ['edit'],
    why: 'The document itself forbids edits, and nobody gets to put a word in.',
  },
  {
    file: /Bug60341\.docx/,
    aspects: ['edit'],
    why: 'The body of the file has no paragraph, so there is no place for a word until somebody makes one.',
  },
  {
    file: /60316\.docx$/,
    aspects: ['txt', 'html'],
    why: 'The two words stand in a text box of a footer; headers and footers belong to paper and are left out of txt and html.',
  },
  {
    file: /notes\.docx → html$/,
    aspects: ['office'],
    why: 'LibreOffice reads the numbers of notes on its own pages as notes again, and counts them anew; ours keeps them as the words they are.',
  },
  {
    file: /equations\.docx$/,
    aspects: ['txt', 'html'],
    why: 'The judge takes each letter and number of a formula for a word; in our texts and pages they stand together.',
  },
  {
    file: /WordWithAttachments\.docx$/,
    aspects: ['txt', 'html'],
    why: 'Words that are drawn along a line (VML text path) are an attribute of a shape; our texts and pages leave shapes out.',
  },
  {
    file: /text-boxes\.docx → html$/,
    aspects: ['xml', 'office'],
    why: 'LibreOffice writes one frame of its page as an image without an address; ours leaves its other words ([Frame2]) in its place.',
  },
  {
    file: /content-controls\.docx → html$/,
    aspects: ['xml'],
    why: 'LibreOffice leaves a control character between two words, its own mark of a choice; no XML may hold it, and the words meet.',
  },
  {
    file: /60316\.docx → (?:odt|rtf)$/,
    aspects: ['office'],
    why: 'Nothing is lost: LibreOffice writes the text box of the footer into its docx as a shape and as a frame, and reads both.',
  },
  {
    file: /(?:60329|FancyFoot|WordWithAttachments)\.docx → html$/,
    aspects: ['office'],
    why: 'LibreOffice writes the number of a sheet into its page by a tag of its own (`sdfield`) and counts anew when it reads it; in ours the number stays as it was.',
  },
  {
    file: /clusterfuzz.*\.doc$/,
    aspects: ['opens'],
    why: 'Made by a fuzzer; LibreOffice finds no document in it. Refused with a clear code.',
  },
];
