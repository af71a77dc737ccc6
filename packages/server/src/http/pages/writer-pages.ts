import { AppError, participantColor, type WriterBoot } from '@officina/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { DocumentContent } from '../../domain/content/document-content.js';
import type { Document, DocumentStore } from '../../domain/documents/document.js';
import type { ApiKeyStore } from '../../domain/keys/api-key.js';
import { maySeeVersions } from '../../domain/saving/version-history.js';
import type { Session, SessionStore } from '../../domain/sessions/session.js';
import type { Clock } from '../../domain/time.js';
import { attachment } from './attachment.js';
import { type PageProblem, sendProblem } from './error-page.js';
import { makeNonce, sendPage, sessionFrameAncestors } from './page-reply.js';
import { addPasswordRoute, type PasswordPageDeps, sendPasswordPage } from './password-page.js';
import { renderShell } from './shell.js';
import type { EntryFiles, WebManifest } from './web-manifest.js';

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
    clock: deps.clock,
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
  const frameAncestors = sessionFrameAncestors(key);
  if (document.locked) {
    const action = `${deps.basePath}${API}/documents/${encodeURIComponent(session.id)}/unlock`;
    return sendPasswordPage(reply, { title: document.name, action, complaint, frameAncestors });
  }
  if (!files) return sendProblem(reply, 'not_built', frameAncestors);

  const boot = makeBoot(deps, session, document);
  // Whoever opens a document that nobody has edited sees its first words before the editor itself has come.
  const isUntouched = page === 'editor' && (await deps.content.headSequence(document.key)) === 0;
  const untouchedPath = isUntouched ? `${boot.roomPath}/snapshot?sequence=0` : null;
  return sendShell(deps, reply, { files, frameAncestors, boot: { ...boot, untouchedPath } });
}

/** The viewer on something other than the document as it stands. */
export async function sendReader(
  deps: WriterPagesDeps,
  reply: FastifyReply,
  { session, document }: { session: Session; document: Document },
  change: Pick<WriterBoot, 'contentPath' | 'downloadPath' | 'version'>,
): Promise<FastifyReply> {
  const [files, key] = await Promise.all([deps.manifest.find('viewer'), deps.keys.find(session.apiKeyId)]);
  const frameAncestors = sessionFrameAncestors(key);
  if (!files) return sendProblem(reply, 'not_built', frameAncestors);
  const boot = { ...makeBoot(deps, session, document), ...change };
  return sendShell(deps, reply, { files, frameAncestors, boot });
}

/** The editor or viewer, told what it starts from. */
export function sendShell(
  { basePath }: Pick<WriterPagesDeps, 'basePath'>,
  reply: FastifyReply,
  { files, frameAncestors, boot }: { files: EntryFiles; frameAncestors: string; boot: WriterBoot },
): FastifyReply {
  const nonce = makeNonce();
  const { documentName: title, interfaceLanguage: language } = boot;
  const html = renderShell({ title, language, nonce, basePath, files, skeleton: 'document', boot });
  return sendPage(reply, { status: 200, html, nonce, frameAncestors });
}

/** Path of everything of a session, without a slash at its end. */
export function sessionBase(basePath: string, sessionId: string): string {
  return `${basePath}${API}/documents/${sessionId}`;
}

/** What the page of a session starts from. */
export function makeBoot(deps: WriterPagesDeps, session: Session, document: Document): WriterBoot {
  const base = sessionBase(deps.basePath, encodeURIComponent(session.id));
  return {
    sessionId: session.id,
    documentName: document.name,
    roomPath: `${deps.basePath}/rooms/writer/${encodeURIComponent(session.id)}`,
    untouchedPath: null,
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
    versionsPath: maySeeVersions(session.permissions) ? `${base}/versions` : null,
    version: null,
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
  reply.header('content-disposition', attachment(`${nameWithoutExtension(document.name)}.docx`));
  return sendDocx(deps, document, request, reply);
}

export function nameWithoutExtension(name: string): string {
  return name.replace(SOURCE_EXTENSION, '');
}

/** The document as it stands. What has not changed since the browser got it last is not built again. */
async function sendDocx(
  deps: WriterPagesDeps,
  document: Document,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const etag = `"${document.key}-${await deps.content.headSequence(document.key)}"`;
  return sendUnlessKnown(request, reply, etag, async () => (await deps.content.build(document.key)).bytes);
}

/** A docx for our own pages, built only for who has not got it under this tag. */
export async function sendUnlessKnown(
  request: FastifyRequest,
  reply: FastifyReply,
  etag: string,
  build: () => Promise<Uint8Array>,
): Promise<FastifyReply> {
  reply.headers({
    'cache-control': 'private, no-cache',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    // Read and shown by our own pages only; opened by itself it can do nothing.
    'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
  });
  reply.header('etag', etag);
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  const bytes = await build();
  return reply.type(DOCX).send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
}

/** The session and its document without counting as an opening of the page. */
export async function findLiving(
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
export async function orProblem<T>(
  deps: WriterPagesDeps,
  sessionId: string,
  work: Promise<T>,
  denied: PageProblem = 'download_denied',
): Promise<{ value: T } | { problem: PageProblem }> {
  try {
    return { value: await work };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === 'busy') return { problem: 'busy' };
    if (error.code === 'permission_denied') return { problem: denied };
    if (error.code !== 'session_unknown' && error.code !== 'session_expired') throw error;
    const session = await deps.sessionStore.find(sessionId);
    if (session?.state === 'deleted') return { problem: 'session_ended' };
    return { problem: session ? 'session_expired' : 'session_unknown' };
  }
}
