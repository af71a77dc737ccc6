import { type DefaultTreeAdapterMap, parse } from 'parse5';
import { type SaxesAttributeNS, SaxesParser } from 'saxes';
import { contentOf, rawEntries, xmlOf } from '../corpus/judge.js';
import { DateFields, TODAY } from './date-fields.js';

/** The stories of a document, and the text of each. The judge shares nothing with the engine but the rules of XML. */
export const STORIES = ['body', 'header', 'footer', 'footnote', 'endnote', 'textbox', 'comment'] as const;
export type Story = (typeof STORIES)[number];
export type StoryTexts = Readonly<Record<Story, string>>;

const WORD_NAMESPACE =
  /^http:\/\/(?:schemas\.openxmlformats\.org\/wordprocessingml\/2006|purl\.oclc\.org\/ooxml\/wordprocessingml)\/main$/;
const STORY_OF_ROOT: Partial<Record<string, Story>> = {
  document: 'body',
  hdr: 'header',
  ftr: 'footer',
  footnotes: 'footnote',
  endnotes: 'endnote',
  comments: 'comment',
};

/** Texts gathered paragraph by paragraph. */
class Gathering {
  readonly #paragraphs = Object.fromEntries(STORIES.map((story) => [story, [] as string[]])) as Record<
    Story,
    string[]
  >;

  add(story: Story, paragraph: string): void {
    if (paragraph.trim() !== '') this.#paragraphs[story].push(paragraph);
  }

  /** Sections repeat their headers and footers as often as a program likes, so each different line counts once. */
  texts(): StoryTexts {
    const texts = Object.entries(this.#paragraphs).map(([story, lines]) => {
      const counted = story === 'header' || story === 'footer' ? [...new Set(lines)] : lines;
      return [story, counted.join('\n')];
    });
    return Object.fromEntries(texts) as StoryTexts;
  }
}

/** Text as it reads now: what was deleted under review, and the second branch of an alternative, do not count. */
export function storiesOfDocx(docx: Uint8Array): StoryTexts {
  const gathering = new Gathering();
  for (const entry of rawEntries(docx)) {
    if (!/\.xml$/i.test(entry.name) || /glossary/i.test(entry.name)) continue;
    readWordPart(xmlOf(entry), gathering);
  }
  return gathering.texts();
}

const SILENT_IN_WORD = new Set(['del', 'moveFrom', 'Fallback', 'rt', 'instrText', 'pPr', 'rPr', 'sdtPr']);
const GAPS_IN_WORD = new Set(['tab', 'br', 'cr', 'ptab']);

function readWordPart(xml: string, gathering: Gathering): void {
  const parser = new SaxesParser({ xmlns: true });
  const open: { story: Story; text: string }[] = [];
  const boxes: true[] = [];
  let story: Story | undefined;
  let isRoot = true;
  let silent = 0;
  let inText = false;
  let inInstruction = false;
  let isFormula = false;
  const fields = new DateFields();
  parser.on('error', (cause) => {
    throw cause;
  });
  parser.on('opentag', ({ uri, local, attributes }) => {
    if (isRoot) {
      isRoot = false;
      story = WORD_NAMESPACE.test(uri) ? STORY_OF_ROOT[local] : undefined;
    }
    if (story === undefined) return;
    if (SILENT_IN_WORD.has(local)) silent += 1;
    if (local === 'txbxContent') boxes.push(true);
    if (local === 'p' && WORD_NAMESPACE.test(uri))
      open.push({ story: boxes.length > 0 ? 'textbox' : story, text: '' });
    inText = local === 't' && silent === 0 && !uri.includes('drawingml');
    isFormula = inText && /\/math$/.test(uri);
    // Words that are drawn along a line stand in an attribute.
    if (local === 'textpath' && silent === 0) gathering.add('textbox', attributes['string']?.value ?? '');
    const last = open.at(-1);
    inInstruction = local === 'instrText';
    const beginsDate =
      (local === 'fldChar' && fields.mark(attributeOf(attributes, 'fldCharType'))) ||
      (local === 'fldSimple' && fields.beginSimple(attributeOf(attributes, 'instr') ?? ''));
    if (last && silent === 0 && beginsDate) last.text += TODAY;
    if (last && silent === 0 && GAPS_IN_WORD.has(local)) last.text += ' ';
    if (last && silent === 0 && local === 'noBreakHyphen') last.text += '-';
  });
  const addText = (text: string): void => {
    const last = open.at(-1);
    if (inInstruction) fields.instruct(text);
    if (inText && last && !fields.isInside) last.text += isFormula ? ` ${text} ` : text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', ({ uri, local }) => {
    if (story === undefined) return;
    inText = false;
    inInstruction = false;
    if (local === 'fldSimple') fields.endSimple();
    if (local === 'txbxContent') boxes.pop();
    if (local === 'p' && WORD_NAMESPACE.test(uri)) {
      const done = open.pop();
      if (done && silent === 0) gathering.add(done.story, done.text);
    }
    if (SILENT_IN_WORD.has(local)) silent -= 1;
  });
  parser.write(xml).close();
}

function attributeOf(attributes: Record<string, SaxesAttributeNS>, name: string): string | undefined {
  return Object.values(attributes).find(({ local }) => local === name)?.value;
}

/**
 * OpenDocument 1.2 part 1: paragraphs in `content.xml`, headers and footers in the master pages of `styles.xml`. Formulas are objects
 * beside them and count as body.
 */
export function storiesOfOdt(odt: Uint8Array): StoryTexts {
  const gathering = new Gathering();
  for (const entry of rawEntries(odt)) {
    if (entry.name === 'content.xml' || entry.name === 'styles.xml')
      readOdtPart(contentOf(entry).toString('utf8'), gathering);
    else if (/^Object \d+\/content\.xml$/.test(entry.name))
      gathering.add('body', textOfFormula(contentOf(entry).toString('utf8')));
  }
  return gathering.texts();
}

const MATHML = 'http://www.w3.org/1998/Math/MathML';

/** Its tokens one by one; nothing for objects that are no formula. */
function textOfFormula(xml: string): string {
  const parser = new SaxesParser({ xmlns: true });
  const tokens: string[] = [];
  let inToken = false;
  parser.on('error', (cause) => {
    throw cause;
  });
  parser.on('opentag', ({ uri, local }) => {
    inToken = uri === MATHML && /^m(?:i|n|o|text)$/.test(local);
  });
  parser.on('text', (text) => {
    if (inToken) tokens.push(text);
  });
  parser.on('closetag', () => {
    inToken = false;
  });
  parser.write(xml).close();
  return tokens.join(' ');
}

/** By the last word of the namespace; a field that shows a date or the title of a document is text. */
const SILENT_IN_ODT = new Set([
  ...['text:tracked-changes', 'text:note-citation', 'text:ruby-text', 'text:sequence-decls'],
  ...[
    'text:index-title-template',
    '1.1/:creator',
    '1.1/:date',
    'meta:creator-initials',
    'text:sender-initials',
  ],
  ...['office:automatic-styles', 'office:styles', 'office:forms', 'office:meta'],
  ...['svg-compatible:desc', 'svg-compatible:title'],
]);
const GAPS_IN_ODT = new Set(['s', 'tab', 'line-break']);
const BOXES_IN_ODT = new Set(['text-box', 'custom-shape']);

function readOdtPart(xml: string, gathering: Gathering): void {
  const parser = new SaxesParser({ xmlns: true });
  const stories: Story[] = [];
  const open: { story: Story; text: string }[] = [];
  let silent = 0;
  let inDate = false;
  const storyOf = (local: string, noteClass: string | undefined): Story | undefined => {
    if (local === 'text') return 'body';
    if (/^header(-left|-first)?$/.test(local)) return 'header';
    if (/^footer(-left|-first)?$/.test(local)) return 'footer';
    if (local === 'note') return noteClass === 'endnote' ? 'endnote' : 'footnote';
    if (local === 'annotation') return 'comment';
    return BOXES_IN_ODT.has(local) ? 'textbox' : undefined;
  };
  parser.on('error', (cause) => {
    throw cause;
  });
  const isSilent = (uri: string, local: string) =>
    SILENT_IN_ODT.has(`${/([^:/]+|1\.1\/)(?::1\.0)?$/.exec(uri)?.[1]}:${local}`);
  parser.on('opentag', ({ uri, local, attributes }) => {
    const story = storyOf(local, attributeOf(attributes, 'note-class'));
    if (story) stories.push(story);
    if (isSilent(uri, local)) silent += 1;
    const place = stories.at(-1);
    if ((local === 'p' || local === 'h') && place) open.push({ story: place, text: '' });
    const last = open.at(-1);
    if (last && GAPS_IN_ODT.has(local)) last.text += ' ';
    if (isDateInOdt(uri, local) && attributeOf(attributes, 'fixed') !== 'true') {
      inDate = true;
      if (last) last.text += TODAY;
    }
  });
  parser.on('text', (text) => {
    const last = open.at(-1);
    if (silent === 0 && !inDate && last) last.text += text;
  });
  parser.on('closetag', ({ uri, local }) => {
    if (isDateInOdt(uri, local)) inDate = false;
    if (local === 'p' || local === 'h') {
      const done = open.pop();
      if (done && silent === 0) gathering.add(done.story, done.text);
    }
    if (isSilent(uri, local)) silent -= 1;
    if (storyOf(local, undefined)) stories.pop();
  });
  parser.write(xml).close();
}

function isDateInOdt(uri: string, local: string): boolean {
  return /:text:1\.0$/.test(uri) && (local === 'date' || local === 'time');
}

const UNSEEN_ON_PAGES = new Set(['head', 'script', 'style', 'template', 'title', 'select', 'textarea']);
const LINES_OF_PAGES =
  /^(?:address|article|aside|blockquote|br|center|dd|div|dl|dt|footer|h[1-6]|header|hr|li|main|nav|ol|p|pre|section|table|td|th|tr|ul)$/;

/** All that a page says; it has one story. */
export function textOfPage(html: string): string {
  const parts: string[] = [];
  const visit = (node: DefaultTreeAdapterMap['node']): void => {
    if ('value' in node && node.nodeName === '#text') parts.push(node.value);
    if (!('childNodes' in node) || UNSEEN_ON_PAGES.has(node.nodeName)) return;
    const isLine = LINES_OF_PAGES.test(node.nodeName);
    if (isLine) parts.push(' ');
    for (const child of node.childNodes) visit(child);
    if (isLine) parts.push(' ');
  };
  visit(parse(html));
  return parts.join('');
}
