import { type Measurement, totalOf } from './measure.js';
import { SHAPES } from './page-import.js';
import type { Aspect } from './reasons.js';
import { type Shortfall, shortfallsOf } from './shortfalls.js';
import { STORIES } from './stories.js';
import { type Agreement, f1Of, sumOf } from './words.js';

type Opened = Extract<Measurement, { opens: true }>;

export interface Report {
  readonly page: string;
  /** The figures in one line. */
  readonly summary: string;
  readonly unexplained: readonly Shortfall[];
}

/** `docs/fidelity.md`: the figures, what falls short and why, and every file. */
export function reportOf(measurements: readonly Measurement[], office: string): Report {
  const shortfalls = measurements.flatMap(shortfallsOf);
  const total = figuresOf(measurements);
  const summary =
    `${measurements.length} files, ${total.crashed} crashes or hangs, text F1 ${percent(total.xml, 3)} ` +
    `(by LibreOffice ${percent(total.office, 3)}), same page count ${percent(total.samePages)}, ` +
    `second save equal ${percent(total.second)}, untouched ${percent(total.untouched)}`;
  const page = [
    HEAD.replace('OFFICE', office),
    '## Figures',
    `${summary}.`,
    figureTable(measurements),
    '## Text by story',
    STORY_WORDS,
    storyTable(measurements),
    '## Our reading of pages beside LibreOffice’s',
    PAGE_WORDS,
    pageTable(measurements),
    '## Pages as Word counted them',
    wordWords(measurements),
    '## What falls short, and why',
    shortTable(shortfalls),
    '## Every file',
    EVERY_WORDS,
    fileTable(measurements),
  ].join('\n\n');
  return { page: `${page}\n`, summary, unexplained: shortfalls.filter(({ reason }) => reason === null) };
}

const HEAD = `# Fidelity

What a document keeps on its way through this server. Written by \`npm run fidelity\`; the judge was OFFICE.

Every document of the project’s own corpus (\`made/\`) and of a folder of files of other programs (\`corpus/\`, from the tests of
Apache POI) is opened, gets one word, is saved, and is held against its source. Each goes through it again as odt, rtf and html, as
LibreOffice writes them. The judge of text reads zip and XML by its own means and shares no code with the engine. Page counts are those
of LibreOffice’s PDF of the source and of what we saved. What a field says of the
day or the hour (DATE, TIME) counts as one word that is always the same, since LibreOffice fills it in anew whenever it opens a file.`;

const STORY_WORDS =
  'Words of the source by its own XML (docx, odt; html as one story), against those of the docx that we saved. doc and rtf have no XML: ' +
  'for them LibreOffice’s reading of both is compared.';

const PAGE_WORDS =
  'The same pages read by our own code and by LibreOffice, both as docx: words against those on the page, and things counted by their ' +
  'tags. LibreOffice turns what it cannot place into styles or frames, so a count of its own below that of the page is not always a loss.';

const EVERY_WORDS =
  'For each format: F1 of the text in percent · pages of the source → pages of ours. `–` where the format could not be made or judged.';

interface Figures {
  crashed: number;
  opened: number;
  xml: number;
  office: number;
  samePages: number;
  second: number;
  untouched: number;
}

function figuresOf(measurements: readonly Measurement[]): Figures {
  const opened = measurements.filter((each): each is Opened => each.opens);
  const paged = opened.flatMap(({ pages }) => (pages ? [pages] : []));
  const f1 = (pick: (each: Opened) => Agreement | null) =>
    f1Of(sumOf(opened.flatMap((each) => pick(each) ?? [])));
  const share = (test: (each: Opened) => boolean) => opened.filter(test).length / Math.max(1, opened.length);
  return {
    crashed: measurements.filter((each) => !each.opens && /crash|broke|longer|memory/i.test(each.why)).length,
    opened: opened.length,
    xml: f1(({ byXml }) => totalOf(byXml)),
    office: f1(({ byOffice }) => totalOf(byOffice)),
    samePages: paged.filter(({ original, ours }) => original === ours).length / Math.max(1, paged.length),
    second: share(({ secondSaveEqual }) => secondSaveEqual),
    untouched: share(({ untouched }) => untouched),
  };
}

const GROUPS: readonly { title: string; test: (measurement: Measurement) => boolean }[] = [
  { title: 'made docx', test: ({ subject }) => !subject.isDerived && subject.name.startsWith('made/') },
  {
    title: 'corpus docx',
    test: ({ subject }) => !subject.isDerived && subject.name.startsWith('corpus/docx/'),
  },
  {
    title: 'corpus doc',
    test: ({ subject }) => !subject.isDerived && subject.name.startsWith('corpus/doc/'),
  },
  { title: 'odt of these', test: ({ subject }) => subject.isDerived && subject.format === 'odt' },
  { title: 'rtf of these', test: ({ subject }) => subject.isDerived && subject.format === 'rtf' },
  { title: 'html of these', test: ({ subject }) => subject.isDerived && subject.format === 'html' },
];

function figureTable(measurements: readonly Measurement[]): string {
  const rows = GROUPS.map(({ title, test }) => {
    const group = measurements.filter(test);
    const figures = figuresOf(group);
    const isWithoutXml = title === 'corpus doc' || title.startsWith('rtf');
    return [
      title,
      String(group.length),
      String(figures.opened),
      isWithoutXml ? '–' : percent(figures.xml, 3),
      percent(figures.office, 3),
      percent(figures.samePages),
      percent(figures.second),
      percent(figures.untouched),
    ];
  });
  return table(
    ['', 'files', 'open', 'text F1', 'by LibreOffice', 'same pages', 'second save equal', 'untouched'],
    rows,
  );
}

function storyTable(measurements: readonly Measurement[]): string {
  const rows = GROUPS.map(({ title, test }) => {
    const opened = measurements.filter(test).filter((each): each is Opened => each.opens);
    const cells = STORIES.map((story) => {
      const agreements = opened.flatMap((each) => (each.byXml ?? each.byOffice)?.[story] ?? []);
      return agreements.length === 0 ? '–' : percent(f1Of(sumOf(agreements)), 2);
    });
    return [title, ...cells];
  });
  return table(['', ...STORIES], rows);
}

function pageTable(measurements: readonly Measurement[]): string {
  const pages = measurements.flatMap((each) => (each.opens && each.pageImports ? [each.pageImports] : []));
  const both = pages.flatMap((each) => (each.office ? [{ ...each, office: each.office }] : []));
  const words = (pick: (each: (typeof both)[number]) => Agreement) => sumOf(both.map(pick));
  const [ours, office] = [words((each) => each.ours.words), words((each) => each.office.words)];
  const rows = SHAPES.map((shape) => {
    const sum = (pick: (each: (typeof both)[number]) => number) =>
      String(both.reduce((all, each) => all + pick(each), 0));
    return [
      shape,
      sum((each) => each.page[shape]),
      sum((each) => each.ours.shapes[shape]),
      sum((each) => each.office.shapes[shape]),
    ];
  });
  return table(
    [`${both.length} pages`, 'on the page', 'ours', 'LibreOffice'],
    [
      ['words', String(ours.wanted), String(ours.shared), String(office.shared)],
      [
        'words that the page does not have',
        '',
        String(ours.found - ours.shared),
        String(office.found - office.shared),
      ],
      ['text F1', '', percent(f1Of(ours), 3), percent(f1Of(office), 3)],
      ...rows,
    ],
  );
}

function wordWords(measurements: readonly Measurement[]): string {
  const counted = measurements.flatMap((each) =>
    each.opens && each.pagesByWord !== null && each.pages
      ? [{ name: each.subject.name, word: each.pagesByWord, ...each.pages }]
      : [],
  );
  const others = counted.filter(({ word, ours }) => word !== ours);
  const list = others.map(
    ({ name, word, original, ours }) => `\`${name}\` ${word} (LibreOffice ${original}, ours ${ours})`,
  );
  return (
    `Word left a page count in ${counted.length} files whose word count shows that it was made of this very text. What we saved has the ` +
    `same count in ${counted.length - others.length} of them, as LibreOffice pages it.` +
    (list.length === 0 ? '' : ` The others: ${list.join(', ')}.`)
  );
}

const ASPECT_WORDS: Readonly<Record<Aspect, string>> = {
  opens: 'does not open',
  edit: 'takes no word',
  xml: 'text',
  office: 'text by LibreOffice',
  pages: 'pages',
  second: 'second save',
  untouched: 'untouched',
  txt: 'our txt',
  html: 'our html',
};

function shortTable(shortfalls: readonly Shortfall[]): string {
  const rows = shortfalls.map(({ name, aspect, detail, reason }) => [
    `\`${name}\``,
    ASPECT_WORDS[aspect],
    detail.replaceAll('|', '\\|').replace(/\s+/g, ' '),
    reason ?? '**not looked into**',
  ]);
  return table(['file', 'in', 'what', 'why'], rows);
}

function fileTable(measurements: readonly Measurement[]): string {
  const byOriginal = new Map<string, Measurement[]>();
  for (const each of measurements) {
    const [name = ''] = each.subject.name.split(' → ');
    byOriginal.set(name, [...(byOriginal.get(name) ?? []), each]);
  }
  const rows = [...byOriginal].map(([name, group]) => {
    const cell = (test: (each: Measurement) => boolean) => cellOf(group.find(test));
    return [
      `\`${name}\``,
      cell(({ subject }) => !subject.isDerived),
      ...(['odt', 'rtf', 'html'] as const).map((format) =>
        cell(({ subject }) => subject.isDerived && subject.format === format),
      ),
    ];
  });
  return table(['file', 'itself', 'as odt', 'as rtf', 'as html'], rows);
}

function cellOf(measurement: Measurement | undefined): string {
  if (!measurement) return '–';
  if (!measurement.opens) return 'refused';
  const total = totalOf(measurement.byXml ?? measurement.byOffice);
  const { pages } = measurement;
  const text = total ? percent(f1Of(total), 1) : '–';
  return `${text} · ${pages ? `${pages.original} → ${pages.ours}` : '–'}`;
}

/** Never rounded up to the whole: 99.96 is not 100. */
function percent(share: number, digits = 1): string {
  const factor = 10 ** digits;
  const cut = Math.floor(share * 100 * factor + 1e-9) / factor;
  return `${cut === 100 ? '100' : cut.toFixed(digits)} %`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
