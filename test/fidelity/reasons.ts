/** What a file can fall short of. */
export type Aspect = 'opens' | 'edit' | 'xml' | 'office' | 'pages' | 'second' | 'untouched' | 'txt' | 'html';

const NAMES_OF_THE_FILE =
  'A field names the file or its size, and LibreOffice fills it in anew with those of the copy that it was given.';
const LAID_OUT_AS_PAGE =
  'LibreOffice lays a page out as a page of its own (heights of lines, notes and headers in their old places, breaks); our docx of it has ' +
  'the defaults of a Word document and everything in the body. All words are there.';

/** Why files fall short, found out one by one; a file that falls short without a reason fails the run. */
export const REASONS: readonly { file: RegExp; aspects: readonly Aspect[]; why: string }[] = [
  {
    file: /FldSimple\.docx|Word6_sections2\.doc/,
    aspects: ['xml', 'office'],
    why: NAMES_OF_THE_FILE,
  },
  { file: / → html$/, aspects: ['pages'], why: LAID_OUT_AS_PAGE },
  {
    file: /documentProtection_(?:comments|readonly)_no_password|protected_sample/,
    aspects: ['edit'],
    why: 'The document itself forbids edits, and nobody gets to put a word in.',
  },
  {
    file: /equations\.docx → odt/,
    aspects: ['xml'],
    why: 'OpenDocument keeps formulas in objects beside the text, where the judge does not look; in our docx they stand in the text.',
  },
  {
    file: /watermark\.doc → odt/,
    aspects: ['xml'],
    why: 'The words of the watermark are drawn (VML text path): in the docx that LibreOffice makes they are an attribute of a shape.',
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
    file: /content-controls\.docx → html$/,
    aspects: ['xml'],
    why: 'LibreOffice leaves a control character between two words, its own mark of a choice; no XML may hold it, and the words meet.',
  },
  {
    file: /(?:comments|WordWithAttachments|testComment)\.docx → odt$/,
    aspects: ['xml'],
    why:
      'The judge takes the initials of a comment’s author, which OpenDocument keeps in the comment, for a part of the word beside it; words ' +
      'of drawn shapes are an attribute in the docx that LibreOffice makes.',
  },
  {
    file: /60316\.docx → (?:odt|rtf)$/,
    aspects: ['office'],
    why: 'Nothing is lost: two words of the text box in the footer are counted twice in the docx that LibreOffice makes.',
  },
  {
    file: /(?:60329|FancyFoot|WordWithAttachments)\.docx → html$/,
    aspects: ['office'],
    why: 'Fields on the page (its number, a count) are filled in anew by LibreOffice when it reads the page, and stay as they are in ours.',
  },
  {
    file: /Bug60942\.doc → (?:odt|html)$/,
    aspects: ['xml', 'office'],
    why: 'Nothing is lost: three words stand twice after the way through the docx that LibreOffice makes.',
  },
  {
    file: /clusterfuzz.*\.doc$/,
    aspects: ['opens'],
    why: 'Made by a fuzzer; LibreOffice finds no document in it. Refused with a clear code.',
  },
];
