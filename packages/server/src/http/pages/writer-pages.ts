import { AppError, participantColor, type WriterBoot } from '@officina/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { DocumentContent } from '../../domain/content/document-content.js';
import type { Document, DocumentStore } from '../../domain/documents/document.js';
import type { ApiKeyStore } from '../../domain/keys/api-key.js';
import type { Session, SessionStore } from '../../domain/sessions/session.js';
import type { Clock } from '../../domain/time.js';
import { attachment } from './attachment.js';
import { type PageProblem, sendProblem } from './error-page.js';
import { makeNonce, sendPage, sessionFrameAncestors } from './page-reply.js';
import { addPasswordRoute, type PasswordPageDeps, sendPasswordPage } from './password-page.js';
import { renderShell } from './shell.js';
import type { WebManifest } from './web-manifest.js';

export interface WriterPagesDeps {
  /** Opens a session for its page. Refuses by AppError: session_unknown, session_expired. */
  sessions: { open(sessionId: string): Promise<{ session: Session; document: Document }> };
  sessionStore: Pick<SessionStore, 'find'>;
  documentStore: Pick<DocumentStore, 'find'>;
  keys: Pick<ApiKeyStore, 'find'>;
  content: Pick<DocumentContent, 'headSequence' | 'build'>;
  manifest: WebManifest;
  basePath: string;
  clock: Clock;
  unlock: PasswordPageDeps['unlock'];
}

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
/** A name may still have the extension of the file that it came from; the download is a docx. */
const SOURCE_EXTENSION = /\.(?:docx?|odt|rtf|txt|html?|sxw|zdoc|zfdoc|pdf)$/i;
const API = '/writer/officeapi/v1';
/** The plural is today's form; the singular and `/open` are what older clients still hold. */
const EDITOR_ADDRESSES = [
  'documents/:sessionId/edit',
  'documents/:sessionId/open',
  'document/:sessionId/edit',
  'document/:sessionId/open',
];
const VIEWER_ADDRESSES = ['documents/:sessionId/preview', 'document/:sessionId/preview'];

type SessionRequest = FastifyRequest<{ Params: { sessionId: string } }>;

/** The pages of a session, and the bytes that they show or hand out. The session's id is all that anybody needs. */
export function addWriterPages(app: FastifyInstance, deps: WriterPagesDeps): void {
  for (const address of EDITOR_ADDRESSES) {
    app.get(`${API}/${address}`, (request: SessionRequest, reply) =>
      sendSessionPage(deps, 'editor', request, reply),
    );
  }
  for (const address of VIEWER_ADDRESSES) {
    app.get(`${API}/${address}`, (request: SessionRequest, reply) =>
      sendSessionPage(deps, 'viewer', request, reply),
    );
  }
  addPasswordRoute(app, `${API}/documents/:sessionId/unlock`, {
    unlock: deps.unlock,
    showAgain: (request, reply, complaint) => sendSessionPage(deps, 'editor', request, reply, complaint),
  });
  app.get(`${API}/documents/:sessionId/content`, (request: SessionRequest, reply) =>
    sendContent(deps, request, reply),
  );
  app.get(`${API}/documents/:sessionId/download`, (request: SessionRequest, reply) =>
    sendDownload(deps, request, reply),
  );
}

async function sendSessionPage(
  deps: WriterPagesDeps,
  asked: 'editor' | 'viewer',
  request: SessionRequest,
  reply: FastifyReply,
  complaint: string | null = null,
): Promise<FastifyReply> {
  const opened = await orProblem(
    deps,
    request.params.sessionId,
    deps.sessions.open(request.params.sessionId),
  );
  if ('problem' in opened) return sendProblem(reply, opened.problem);
  const { session, document } = opened.value;

  // A session for reading has no editor, whichever of its addresses is opened.
  const page = session.mode === 'preview' ? 'viewer' : asked;
  const [files, key] = await Promise.all([deps.manifest.find(page), deps.keys.find(session.apiKeyId)]);
  const frameAncestors = sessionFrameAncestors(key?.allowedOrigins ?? []);
  if (document.locked) {
    const action = `${deps.basePath}${API}/documents/${encodeURIComponent(session.id)}/unlock`;
    return sendPasswordPage(reply, { title: document.name, action, complaint, frameAncestors });
  }
  if (!files) return sendProblem(reply, 'not_built', frameAncestors);

  const nonce = makeNonce();
  const html = renderShell({
    title: document.name,
    language: session.interfaceLanguage,
    nonce,
    basePath: deps.basePath,
    files,
    skeleton: 'document',
    boot: makeBoot(deps, session, document),
  });
  return sendPage(reply, { status: 200, html, nonce, frameAncestors });
}

function makeBoot(deps: WriterPagesDeps, session: Session, document: Document): WriterBoot {
  const base = `${deps.basePath}${API}/documents/${encodeURIComponent(session.id)}`;
  return {
    sessionId: session.id,
    documentName: document.name,
    roomPath: `${deps.basePath}/rooms/writer/${encodeURIComponent(session.id)}`,
    person: { ...session.user, color: participantColor(session.user.userId) },
    permissions: session.permissions,
    mode: session.mode,
    interfaceLanguage: session.interfaceLanguage,
    unit: session.unit,
    view: session.view,
    ui: session.ui,
    canSave: session.callback !== null,
    downloadPath: session.permissions['document.export'] ? `${base}/download` : null,
    contentPath: `${base}/content`,
    fontPath: `${deps.basePath}/fonts`,
    expiresAt: session.expiresAt,
  };
}

async function sendContent(deps: WriterPagesDeps, request: SessionRequest, reply: FastifyReply) {
  const found = await orProblem(deps, request.params.sessionId, findLiving(deps, request.params.sessionId));
  if ('problem' in found) return sendProblem(reply, found.problem);
  return sendDocx(deps, found.value.document, request, reply);
}

async function sendDownload(deps: WriterPagesDeps, request: SessionRequest, reply: FastifyReply) {
  const found = await orProblem(deps, request.params.sessionId, findLiving(deps, request.params.sessionId));
  if ('problem' in found) return sendProblem(reply, found.problem);
  const { session, document } = found.value;
  if (!session.permissions['document.export']) return sendProblem(reply, 'download_denied');
  reply.header('content-disposition', attachment(`${document.name.replace(SOURCE_EXTENSION, '')}.docx`));
  return sendDocx(deps, document, request, reply);
}

/** The document as it stands. What has not changed since the browser got it last is not built again. */
async function sendDocx(
  deps: WriterPagesDeps,
  document: Document,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const etagAt = (sequence: number) => `"${document.key}-${sequence}"`;
  reply.headers({
    'cache-control': 'private, no-cache',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    // Read and shown by our own pages only; opened by itself it can do nothing.
    'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
  });
  if (request.headers['if-none-match'] === etagAt(await deps.content.headSequence(document.key))) {
    return reply.code(304).header('etag', request.headers['if-none-match']).send();
  }
  const { bytes, sequence } = await deps.content.build(document.key);
  return reply
    .header('etag', etagAt(sequence))
    .type(DOCX)
    .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
}

/** The session and its document without counting as an opening of the page. */
async function findLiving(
  deps: WriterPagesDeps,
  sessionId: string,
): Promise<{ session: Session; document: Document }> {
  const session = await deps.sessionStore.find(sessionId);
  const document = session && (await deps.documentStore.find(session.documentKey));
  if (!session || !document || session.state === 'deleted') throw new AppError('session_unknown');
  if (session.state === 'expired' || session.expiresAt <= deps.clock()) throw new AppError('session_expired');
  if (document.locked) throw new AppError('permission_denied', 'The document waits for its password.');
  return { session, document };
}

/** Turns what a person may come upon into the page that explains it; everything else is ours and rises. */
async function orProblem<T>(
  deps: WriterPagesDeps,
  sessionId: string,
  work: Promise<T>,
): Promise<{ value: T } | { problem: PageProblem }> {
  try {
    return { value: await work };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === 'busy') return { problem: 'busy' };
    if (error.code === 'permission_denied') return { problem: 'download_denied' };
    if (error.code !== 'session_unknown' && error.code !== 'session_expired') throw error;
    const session = await deps.sessionStore.find(sessionId);
    if (session?.state === 'deleted') return { problem: 'session_ended' };
    return { problem: session ? 'session_expired' : 'session_unknown' };
  }
}
