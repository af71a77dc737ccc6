import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OfficeJob } from '../../packages/server/src/convert/office/office-runner.js';
import { makeCorpus } from '../corpus/make.js';
import type { OfficeJudge } from './office.js';

export type SubjectFormat = 'docx' | 'doc' | 'odt' | 'rtf' | 'html';

/** A file to be opened, edited and saved. */
export interface Subject {
  /** `made/plain.docx`, or `corpus/docx/x.docx` with ` → odt` behind it when LibreOffice made it of that one. */
  readonly name: string;
  readonly format: SubjectFormat;
  readonly isDerived: boolean;
  readonly bytes: Uint8Array;
  readonly password: string | null;
}

/** Passwords of the files that need one, by the part of the name that tells it. */
const PASSWORD_IN_NAME = /-password-is-(\w+)\./;

export function originals(corpus: string | null): Subject[] {
  const made = makeCorpus().map(
    ({ name, bytes }): Subject => ({
      ...{ name: `made/${name}.docx`, format: 'docx', isDerived: false, bytes, password: null },
    }),
  );
  if (corpus === null) return made;
  const real = (['docx', 'doc'] as const).flatMap((format) =>
    readdirSync(join(corpus, format))
      .filter((name) => name.endsWith(`.${format}`))
      .sort()
      .map(
        (name): Subject => ({
          ...{ name: `corpus/${format}/${name}`, format, isDerived: false },
          bytes: readFileSync(join(corpus, format, name)),
          password: PASSWORD_IN_NAME.exec(name)?.[1] ?? null,
        }),
      ),
  );
  return [...made, ...real];
}

/** The jobs by which LibreOffice makes the other formats of an original. */
const WRITERS: Readonly<
  Record<'odt' | 'rtf' | 'html', Pick<OfficeJob, 'target' | 'writeAs' | 'filterOptions'>>
> = {
  odt: { target: 'odt', writeAs: 'writer8' },
  rtf: { target: 'rtf', writeAs: 'Rich Text Format' },
  html: { target: 'html', writeAs: 'HTML (StarWriter)', filterOptions: 'EmbedImages' },
};

/** The same document as odt, rtf and html; what LibreOffice cannot write is left out. */
export async function derivedFrom(
  original: Subject,
  office: OfficeJudge,
  isKnownOnly: boolean,
): Promise<Subject[]> {
  const found: Subject[] = [];
  for (const format of ['odt', 'rtf', 'html'] as const) {
    const job = { ...readingOf(original), ...WRITERS[format] };
    if (isKnownOnly && !office.knows(JSON.stringify(job), original.bytes)) continue;
    const made = await office.make(job, original.bytes);
    if (!made.ok) continue;
    const bytes = format === 'html' ? withoutDates(made.bytes) : made.bytes;
    found.push({
      ...{ name: `${original.name} → ${format}`, format, isDerived: true, bytes, password: null },
    });
  }
  return found;
}

/** How LibreOffice is told to read a subject. A page is opened as text, not as what its editor of web pages shows. */
export function readingOf({
  format,
  password,
}: Pick<Subject, 'format' | 'password'>): Pick<OfficeJob, 'source' | 'readAs' | 'password'> {
  return {
    source: format,
    ...(format === 'html' ? { readAs: 'HTML (StarWriter)' } : {}),
    ...(password === null ? {} : { password }),
  };
}

/**
 * LibreOffice 7.4 breaks on the dates that it writes itself for a document without any: `content="00:00:00"`. Those of its own tag
 * (`sdfield`) it fills in anew on the day that it reads the page; they stay here as the words that they are.
 */
function withoutDates(html: Uint8Array): Uint8Array {
  return Buffer.from(
    Buffer.from(html)
      .toString('utf8')
      .replace(/<meta name="(?:created|changed)"[^>]*>/g, '')
      .replace(/<sdfield\s+type="?datetime"?[^>]*>([\s\S]*?)<\/sdfield>/gi, '$1'),
  );
}
