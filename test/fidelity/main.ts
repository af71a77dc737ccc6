import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError } from '@officina/protocol';
import { EncryptedDocxConverter } from '../../packages/server/src/convert/encrypted/encrypted-docx-converter.js';
import { createDocumentEngine } from '../../packages/server/src/convert/index.js';
import { findOffice, OfficeConverter } from '../../packages/server/src/convert/office/index.js';
import { systemClock, systemScheduler } from '../../packages/server/src/system-time.js';
import { type Measurement, measure } from './measure.js';
import { OfficeJudge, TIME_LIMIT_MS } from './office.js';
import { reportOf } from './report.js';
import { derivedFrom, originals, type Subject } from './subjects.js';

export interface FidelityOptions {
  root: string;
  /** Stands for the code under test: what was measured of other code is measured again. */
  code: string;
  /** The part of it that drives LibreOffice. */
  driver: string;
  /** Only files whose name contains this. */
  only: string | null;
  /** Only what was measured before: for the page of a run that was ended early. */
  isKnownOnly: boolean;
}

/** One for each core of a small machine; each file costs both LibreOffice and the engine. */
const AT_ONCE = 2;

/** Measures every file and gives what it found, in the order of the files. */
export async function measureAll({
  root,
  code,
  driver,
  only,
  isKnownOnly,
}: FidelityOptions): Promise<Measurement[]> {
  const beside = join(root, '..', 'shared', 'corpus');
  const corpus = process.env['OFFICINA_CORPUS'] ?? (existsSync(beside) ? beside : null);
  const search = findOffice(process.env['OFFICINA_SOFFICE'] ?? null, process.env['PATH'] ?? '');
  if (!search.found) throw new Error(`The judge is missing: ${search.missing} (${search.install}).`);
  const fonts = join(root, 'packages', 'web', 'dist', 'fonts');
  const version = String(spawnSync('soffice', ['--version']).stdout).trim();
  const office = new OfficeJudge(search, {
    ...{ folder: join(root, '.cache', 'fidelity'), fonts, version, workers: AT_ONCE },
  });
  const time = { clock: systemClock, scheduler: systemScheduler, maxUploadBytes: 100 * 1024 * 1024 };
  const limits = {
    importTimeMs: TIME_LIMIT_MS,
    replayTimeMs: TIME_LIMIT_MS,
    timeMs: TIME_LIMIT_MS,
    cpuMs: TIME_LIMIT_MS,
  };
  const converter = new OfficeConverter({ search, fonts, workers: AT_ONCE, limits, ...time });
  const product = new EncryptedDocxConverter(converter);
  const engine = createDocumentEngine({
    ...time,
    limits,
    foreignConverter: {
      formats: product.formats,
      // What the product's own worker made of a file is kept like all else that LibreOffice says, for as long as it is driven alike.
      async toDocx(bytes, format, password) {
        if (format === 'encrypted-docx') return product.toDocx(bytes, format, password);
        const made = await office.remember(
          `product ${driver} ${format} ${password ?? ''}`,
          bytes,
          async () => {
            try {
              return { ok: true, bytes: await product.toDocx(bytes, format, password) };
            } catch (error) {
              if (!(error instanceof AppError)) throw error;
              return { ok: false, why: JSON.stringify([error.code, error.message]) };
            }
          },
        );
        if (made.ok) return made.bytes;
        const [code, message] = JSON.parse(made.why) as [AppError['code'], string];
        throw new AppError(code, message);
      },
    },
  });
  const wanted = originals(corpus).filter(({ name }) => only === null || name.includes(only));
  const found = new Map<string, Measurement>();
  const measureOne = async (subject: Subject): Promise<void> => {
    const question = `measured ${code} ${subject.name}`;
    if (isKnownOnly && !office.knows(question, subject.bytes)) return;
    const measured = await office.remember(question, subject.bytes, async () => {
      const measurement = await measure(subject, { engine, office });
      return { ok: true, bytes: Buffer.from(JSON.stringify(measurement)) };
    });
    if (measured.ok) found.set(subject.name, JSON.parse(Buffer.from(measured.bytes).toString('utf8')));
    if (found.size % PROGRESS_EVERY === 0) console.log(`${found.size} files measured`);
  };
  const measureDerived = async (original: Subject): Promise<void> => {
    if (isKnownOnly && !found.has(original.name)) return;
    for (const subject of await derivedFrom(original, office, isKnownOnly)) await measureOne(subject);
  };
  try {
    // Small ones first, and what people have before what is made of it: a run that is ended early has measured the most.
    const inTurn = wanted.toSorted((a, b) => a.bytes.length - b.bytes.length);
    await eachOf(inTurn, measureOne);
    await eachOf(inTurn, measureDerived);
    console.log(`LibreOffice was asked ${office.asked} times, and ${office.remembered} answers were known.`);
    return wanted.flatMap(({ name }) =>
      [...found.values()].filter(({ subject }) => isOf(subject.name, name)),
    );
  } finally {
    office.close();
    converter.close();
    await engine.close();
  }
}

const PROGRESS_EVERY = 10;

/** All items, some at once, each in its turn. */
async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const lane = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

function isOf(name: string, original: string): boolean {
  return name === original || name.startsWith(`${original} → `);
}

/** Measures, writes `docs/fidelity.md` unless only some were wanted, and says whether every shortfall has its reason. */
export async function main(options: FidelityOptions): Promise<boolean> {
  const { root, only } = options;
  const version = String(spawnSync('soffice', ['--version']).stdout)
    .split(' ')
    .slice(0, 2)
    .join(' ');
  const measurements = await measureAll(options);
  const { page, summary, unexplained } = reportOf(measurements, version);
  const results = join(root, 'test-results', 'fidelity.jsonl');
  mkdirSync(dirname(results), { recursive: true });
  writeFileSync(results, `${measurements.map((each) => JSON.stringify(each)).join('\n')}\n`);
  if (only === null) writeFileSync(join(root, 'docs', 'fidelity.md'), page);
  for (const { name, aspect, detail } of unexplained)
    console.log(`without a reason: ${name}: ${aspect}: ${detail}`);
  console.log(`fidelity: ${summary}; ${unexplained.length} shortfalls without a reason`);
  return unexplained.length === 0;
}
