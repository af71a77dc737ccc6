import type { MediaKind } from '@officina/engine/kit';

/** What a file's name makes of its content. */
export type Claim =
  | { verdict: 'fits' }
  /** A document all the same, of another format than the name says. */
  | { verdict: 'other-document'; warning: string }
  /** A document of another application, which nothing here opens. */
  | { verdict: 'mismatch'; detail: string };

/** Kinds of content that an extension stands for; one that is not here says nothing. */
const KINDS_OF_EXTENSION: Readonly<Record<string, readonly MediaKind[]>> = {
  ...spread(['docx', 'docm', 'dotx', 'dotm', 'zdoc', 'zfdoc'], ['docx', 'encrypted-docx']),
  ...spread(['doc', 'dot'], ['doc', 'encrypted-docx']),
  ...spread(['odt', 'ott'], ['odt']),
  ...spread(['sxw', 'stw'], ['sxw']),
  ...spread(['rtf'], ['rtf']),
  ...spread(['pdf'], ['pdf']),
  // What is text may stand in a page, and a page in a text.
  ...spread(['html', 'htm', 'xhtml', 'txt', 'text'], ['html', 'txt']),
};

const WORDS: Readonly<Partial<Record<MediaKind, string>>> = {
  docx: 'a docx',
  'encrypted-docx': 'a docx that is protected by a password',
  doc: 'a doc',
  odt: 'an odt',
  sxw: 'an sxw',
  rtf: 'an rtf',
  pdf: 'a pdf',
  html: 'a page (html)',
  xlsx: 'a spreadsheet (xlsx)',
  pptx: 'a presentation (pptx)',
};

const DOCUMENTS: ReadonlySet<MediaKind> = new Set<MediaKind>([
  ...(['docx', 'encrypted-docx', 'doc', 'odt', 'sxw', 'rtf', 'pdf', 'html'] as const),
]);
/** Documents of other applications. All else that is no document of ours is of no format that can be opened. */
const OTHER_APPLICATIONS: ReadonlySet<MediaKind> = new Set<MediaKind>(['xlsx', 'pptx']);

/** Holds the extension of a name against the content. Rule FO4. */
export function claimOf(fileName: string | null, kind: MediaKind): Claim {
  const extension = /\.([a-z]{2,5})$/i.exec(fileName ?? '')?.[1]?.toLowerCase() ?? '';
  const kinds = KINDS_OF_EXTENSION[extension];
  if (!kinds || kinds.includes(kind)) return { verdict: 'fits' };
  if (DOCUMENTS.has(kind)) {
    const warning = `The name ends with .${extension}, but the file is ${WORDS[kind]}; it was opened as what it is.`;
    return { verdict: 'other-document', warning };
  }
  if (!OTHER_APPLICATIONS.has(kind)) return { verdict: 'fits' };
  return {
    verdict: 'mismatch',
    detail: `its name ends with .${extension}, but it is ${WORDS[kind]}`,
  };
}

function spread(
  extensions: readonly string[],
  kinds: readonly MediaKind[],
): Record<string, readonly MediaKind[]> {
  return Object.fromEntries(extensions.map((extension) => [extension, kinds]));
}
