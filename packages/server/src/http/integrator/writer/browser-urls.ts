/** Where the Writer's calls and pages live. */
export const WRITER_BASE = '/writer/officeapi/v1';

/** Both forms of a resource's name: today's plural, and the singular that older clients still use. */
const DOCUMENTS = [`${WRITER_BASE}/documents`, `${WRITER_BASE}/document`] as const;
const SESSIONS = [`${WRITER_BASE}/sessions`, `${WRITER_BASE}/session`] as const;

/** Route patterns, every alias of each; `:sessionId` and `:documentId` are the parameters. */
export const PATTERNS = {
  documents: [...DOCUMENTS],
  document: DOCUMENTS.map((base) => `${base}/:documentId`),
  documentSessions: DOCUMENTS.map((base) => `${base}/:documentId/sessions`),
  preview: DOCUMENTS.map((base) => `${base}/preview`),
  convert: DOCUMENTS.map((base) => `${base}/convert`),
  session: SESSIONS.map((base) => `${base}/:sessionId`),
  /** Pages, opened by people: the editor and the viewer. */
  editorPage: DOCUMENTS.flatMap((base) => [`${base}/:sessionId/edit`, `${base}/:sessionId/open`]),
  viewerPage: DOCUMENTS.map((base) => `${base}/:sessionId/preview`),
  save: DOCUMENTS.map((base) => `${base}/:sessionId/save`),
} as const;

/** The addresses that are handed out, below `base`, which has no trailing slash. */
export function writerUrls(base: string) {
  const root = `${base}${WRITER_BASE}`;
  return {
    editor: (sessionId: string) => `${root}/documents/${encodeURIComponent(sessionId)}/edit`,
    viewer: (sessionId: string) => `${root}/documents/${encodeURIComponent(sessionId)}/preview`,
    save: (sessionId: string) => `${root}/documents/${encodeURIComponent(sessionId)}/save`,
    session: (sessionId: string) => `${root}/sessions/${encodeURIComponent(sessionId)}`,
    document: (documentId: string) => `${root}/documents/${encodeURIComponent(documentId)}`,
  };
}

export type WriterUrls = ReturnType<typeof writerUrls>;
