import { AppError } from '@officina/protocol';
import type { PageExporter } from '../../packages/server/src/convert/create-document-engine.js';
import type {
  DocumentEngine,
  ImportedDocument,
} from '../../packages/server/src/domain/content/document-engine.js';
import { contentOf, rawEntries } from '../corpus/judge.js';
import { WORD, wordOperation } from './edit.js';
import { type OfficeJudge, pagesOf } from './office.js';
import { comparePage, type PageImports } from './page-import.js';
import { STORIES, type Story, type StoryTexts, storiesOfDocx, storiesOfOdt, textOfPage } from './stories.js';
import { readingOf, type Subject } from './subjects.js';
import { type Agreement, compareWords, sumOf, wordsOf } from './words.js';

export type StoryAgreements = Readonly<Partial<Record<Story, Agreement>>>;

/** What became of one file. */
export type Measurement = { readonly subject: Pick<Subject, 'name' | 'format' | 'isDerived'> } & (
  | { readonly opens: false; readonly why: string }
  | {
      readonly opens: true;
      /** Whether a word could be put in; the rest was measured without it where it could not. */
      readonly edited: boolean;
      /** Words of the source as its own XML has them, against those of our saved docx; null for formats without XML. */
      readonly byXml: StoryAgreements | null;
      /** Words that LibreOffice finds in the source, against those that it finds in our saved docx; null when it reads one of them not. */
      readonly byOffice: StoryAgreements | null;
      readonly officeRefusal: string | null;
      readonly pages: { readonly original: number; readonly ours: number } | null;
      /** What Word left in the file, where its word count shows that it counted this very text. */
      readonly pagesByWord: number | null;
      readonly secondSaveEqual: boolean;
      readonly untouched: boolean;
      /** Words of body, boxes and notes in our txt, and in our html; measured where the source is a docx. */
      readonly textOut: Agreement | null;
      readonly pageOut: Agreement | null;
      /** Our reading of a page beside LibreOffice's. */
      readonly pageImports: PageImports | null;
    }
);

export interface Laboratory {
  readonly engine: DocumentEngine & PageExporter;
  readonly office: OfficeJudge;
}

export async function measure(subject: Subject, { engine, office }: Laboratory): Promise<Measurement> {
  const label = { name: subject.name, format: subject.format, isDerived: subject.isDerived };
  let imported: ImportedDocument;
  try {
    imported = await engine.import(subject.bytes, {
      fileName: subject.format === 'html' ? 'page.html' : null,
      ...(subject.password === null ? {} : { password: subject.password }),
    });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { subject: label, opens: false, why: `${error.code}: ${error.message}` };
  }
  const { original, base } = imported;
  const operation = wordOperation(base);
  const operations = operation === null ? [] : [operation];
  const history = { ...NOTHING_ELSE, original, base, operations };
  const untouched = await engine.build({ ...history, operations: [] });
  const saved = await engine.build(history);
  const again = await engine.build(history);
  const reopened = await engine.import(saved.bytes, { fileName: null });
  const resaved = await engine.build({ ...NOTHING_ELSE, ...reopened, operations: [] });

  const truth = truthOf(subject, original);
  const found = withoutWord(storiesOfDocx(saved.bytes));
  const seen = await seenByOffice(subject, saved.bytes, office);
  const isDocx = subject.format === 'docx';
  // LibreOffice alone knows which part of a page of its own was a header or a note.
  const compare = subject.format === 'html' ? compareAll : compareStories;
  return {
    ...{ subject: label, opens: true, edited: saved.refusals.length === 0 && operation !== null },
    byXml: truth && compare(truth, found),
    byOffice: 'why' in seen ? null : compare(seen.source, withoutWord(seen.saved)),
    officeRefusal: 'why' in seen ? seen.why : null,
    pages: await countPages(subject, saved.bytes, office),
    pagesByWord: isDocx ? pagesByWord(original, truth?.body ?? '') : null,
    secondSaveEqual: sameBytes(saved.bytes, again.bytes) && sameBytes(saved.bytes, resaved.bytes),
    untouched: sameEntries(original, untouched.bytes),
    ...(isDocx ? await outputsOf(original, engine) : { textOut: null, pageOut: null }),
    pageImports: subject.format === 'html' ? await readPage(subject, original, office) : null,
  };
}

/** No snapshot, and no file that somebody put into the document beside the log. */
const NOTHING_ELSE = { snapshot: null, attachments: new Map<string, Uint8Array>() };

/** Story texts by the source's own XML; null where it has none. */
function truthOf({ format, bytes }: Subject, docx: Uint8Array): StoryTexts | null {
  switch (format) {
    case 'docx':
      return storiesOfDocx(docx);
    case 'odt':
      return storiesOfOdt(bytes);
    case 'html':
      return { ...NOTHING, body: textOfPage(Buffer.from(bytes).toString('utf8')) };
    case 'doc':
    case 'rtf':
      return null;
    default:
      return format satisfies never;
  }
}

const NOTHING = Object.fromEntries(STORIES.map((story) => [story, ''])) as Record<Story, string>;

async function seenByOffice(
  subject: Subject,
  saved: Uint8Array,
  office: OfficeJudge,
): Promise<{ source: StoryTexts; saved: StoryTexts } | { why: string }> {
  const writing = { target: 'odt', writeAs: 'writer8' };
  const source = await office.make({ ...readingOf(subject), ...writing }, subject.bytes);
  if (!source.ok) return { why: `the source: ${source.why}` };
  const ours = await office.make({ source: 'docx', ...writing }, saved);
  if (!ours.ok) return { why: `ours: ${ours.why}` };
  return { source: storiesOfOdt(source.bytes), saved: storiesOfOdt(ours.bytes) };
}

async function readPage(subject: Subject, docx: Uint8Array, office: OfficeJudge): Promise<PageImports> {
  const job = { ...readingOf(subject), target: 'docx', writeAs: 'MS Word 2007 XML' };
  const made = await office.make(job, subject.bytes);
  return comparePage(Buffer.from(subject.bytes).toString('utf8'), docx, made.ok ? made.bytes : null);
}

async function countPages(
  subject: Subject,
  saved: Uint8Array,
  office: OfficeJudge,
): Promise<{ original: number; ours: number } | null> {
  const writing = { target: 'pdf', writeAs: 'writer_pdf_Export' };
  const original = await office.make({ ...readingOf(subject), ...writing }, subject.bytes);
  const ours = await office.make({ source: 'docx', ...writing }, saved);
  return original.ok && ours.ok ? { original: pagesOf(original.bytes), ours: pagesOf(ours.bytes) } : null;
}

async function outputsOf(docx: Uint8Array, engine: PageExporter) {
  const stories = storiesOfDocx(docx);
  const wanted = wordsOf([stories.body, stories.textbox, stories.footnote, stories.endnote].join('\n'));
  const text = await engine.exportAs(docx, 'txt', '');
  const page = await engine.exportAs(docx, 'zip', '');
  const index = rawEntries(page.bytes).find((entry) => entry.name === 'index.html');
  const html = index ? contentOf(index).toString('utf8') : '';
  const seen = textOfPage(html.replace(NOTE_NUMBER, ''));
  return {
    textOut: compareWords(wanted, wordsOf(Buffer.from(text.bytes).toString('utf8'))),
    pageOut: compareWords(wanted, wordsOf(seen)),
  };
}

/** Stands right behind a word, and would become a part of it. */
const NOTE_NUMBER = /<sup><a id="\w+-ref-\d+"[^>]*>.*?<\/a><\/sup>/g;

function compareStories(wanted: StoryTexts, found: StoryTexts): StoryAgreements {
  const rows = STORIES.map(
    (story) => [story, compareWords(wordsOf(wanted[story]), wordsOf(found[story]))] as const,
  );
  return Object.fromEntries(rows.filter(([, each]) => each.wanted + each.found > 0));
}

/** A page has one story, whatever a document makes of it. */
function compareAll(wanted: StoryTexts, found: StoryTexts): StoryAgreements {
  const all = (texts: StoryTexts) => wordsOf(STORIES.map((story) => texts[story]).join('\n'));
  return { body: compareWords(all(wanted), all(found)) };
}

function withoutWord(texts: StoryTexts): StoryTexts {
  return { ...texts, body: texts.body.replace(WORD, '') };
}

export function totalOf(agreements: StoryAgreements | null): Agreement | null {
  return agreements === null ? null : sumOf(Object.values(agreements));
}

/** Most words that fit a page that anybody reads. */
const WORDS_PER_PAGE = 1_500;

/** `docProps/app.xml`, believed when Word wrote it and its own count of words is that of the text. */
function pagesByWord(docx: Uint8Array, body: string): number | null {
  const entry = rawEntries(docx).find((each) => each.name.endsWith('docProps/app.xml'));
  const xml = entry ? contentOf(entry).toString('utf8') : '';
  const numberOf = (name: string) =>
    Number(new RegExp(`<${name}>(\\d+)</${name}>`).exec(xml)?.[1] ?? Number.NaN);
  if (!/<Application>Microsoft (?:Office Word|Macintosh Word|Word)/.test(xml)) return null;
  const [pages, words] = [numberOf('Pages'), numberOf('Words')];
  const counted = body.split(/\s+/).filter((word) => word !== '').length;
  const isThisText = Math.abs(words - counted) <= Math.max(2, counted / 20);
  return isThisText && pages >= 1 && words <= pages * WORDS_PER_PAGE ? pages : null;
}

function sameEntries(a: Uint8Array, b: Uint8Array): boolean {
  const [before, after] = [rawEntries(a), rawEntries(b)];
  return (
    before.length === after.length &&
    before.every((entry, index) => {
      const other = after[index];
      return other?.name === entry.name && sameBytes(entry.compressed, other.compressed);
    })
  );
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
