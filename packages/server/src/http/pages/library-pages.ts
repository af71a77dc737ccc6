import { AppError, permissionsOnly } from '@officina/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Account } from '../../domain/accounts/account.js';
import type { Entrance } from '../../domain/library/editing.js';
import type { LibraryEntry } from '../../domain/library/library-document.js';
import { type PageProblem, sendProblem } from './error-page.js';
import { makeBoot, sendShell, type WriterPagesDeps } from './writer-pages.js';

/** What the pages ask of the library. */
export interface LibraryDoor {
  /** Whose browser asks; undefined when nobody is signed in. */
  accountOf(request: FastifyRequest): Promise<Account | undefined>;
  /** Refuses by AppError: document_unknown, permission_denied, busy. */
  enter(account: Account, documentId: string): Promise<Entrance>;
  /** A document that everybody may read. Refuses by AppError: document_unknown. */
  describePublic(documentId: string): Promise<LibraryEntry>;
}

export interface LibraryPagesDeps extends WriterPagesDeps {
  library: LibraryDoor;
}

type IdRequest = FastifyRequest<{ Params: { id: string } }>;

/** Never framed by anybody. */
const NOBODY = "'none'";

/** The pages that show one document of the library: its editor, and what everybody may read of a public one. */
export function addLibraryPages(app: FastifyInstance, deps: LibraryPagesDeps): void {
  app.get('/library/documents/:id', (request: IdRequest, reply) =>
    explain(reply, () => sendEditor(deps, request, reply)),
  );
  app.get('/library/public/:id', (request: IdRequest, reply) =>
    explain(reply, () => sendPublic(deps, request, reply)),
  );
}

async function sendEditor(
  deps: LibraryPagesDeps,
  request: IdRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { id } = request.params;
  const home = `${deps.basePath}/library`;
  const account = await deps.library.accountOf(request);
  if (!account) return reply.redirect(`${home}?open=${encodeURIComponent(id)}`, 303);
  const entrance = await deps.library.enter(account, id);
  if (entrance.to === 'public_page') return reply.redirect(`${home}/public/${encodeURIComponent(id)}`, 303);
  const { session, document } = await deps.sessions.open(entrance.session.id);
  const files = await deps.manifest.find('editor');
  if (!files) return sendProblem(reply, 'not_built', NOBODY);
  const boot = {
    ...makeBoot(deps, session, document),
    library: { documentId: id, homePath: home, apiPath: `${home}/api` },
  };
  return sendShell(deps, reply, { files, frameAncestors: NOBODY, boot });
}

async function sendPublic(
  deps: LibraryPagesDeps,
  request: IdRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { document } = await deps.library.describePublic(request.params.id);
  const files = await deps.manifest.find('viewer');
  if (!files) return sendProblem(reply, 'not_built', NOBODY);
  const home = `${deps.basePath}/library`;
  const base = `${home}/api/public/${encodeURIComponent(document.id)}`;
  const boot = {
    sessionId: `public-${document.id}`,
    documentName: document.name,
    roomPath: '',
    untouchedPath: null,
    person: { userId: '', displayName: '', color: '#5a6275' },
    permissions: READING,
    mode: 'preview' as const,
    interfaceLanguage: 'en',
    unit: 'mm' as const,
    view: 'pageview' as const,
    ui: { saveButton: false, chatPanel: false, fileMenu: false, darkMode: true },
    canSave: false,
    downloadPath: `${base}/download?format=docx`,
    contentPath: `${base}/content`,
    versionsPath: null,
    version: null,
    fontPath: `${deps.basePath}/fonts`,
    expiresAt: Number.MAX_SAFE_INTEGER,
    library: { documentId: document.id, homePath: home, apiPath: `${home}/api` },
  };
  return sendShell(deps, reply, { files, frameAncestors: NOBODY, boot });
}

const READING = permissionsOnly('document.export', 'document.print');

/** What a person may come upon becomes the page that explains it; everything else is ours and rises. */
async function explain(reply: FastifyReply, send: () => Promise<FastifyReply>): Promise<FastifyReply> {
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const problem = PROBLEMS[error.code];
    if (problem === undefined) throw error;
    return sendProblem(reply, problem, NOBODY);
  }
}

const PROBLEMS: Readonly<Partial<Record<string, PageProblem>>> = {
  document_unknown: 'document_unknown',
  permission_denied: 'document_denied',
  busy: 'busy',
};
