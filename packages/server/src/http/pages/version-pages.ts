import { AppError, type DocumentVersions } from '@officina/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { maySeeVersions, type VersionHistory } from '../../domain/saving/version-history.js';
import type { Session } from '../../domain/sessions/session.js';
import { attachment } from './attachment.js';
import { type PageProblem, sendProblem } from './error-page.js';
import {
  findLiving,
  nameWithoutExtension,
  orProblem,
  sendReader,
  sendUnlessKnown,
  sessionBase,
  type WriterPagesDeps,
} from './writer-pages.js';

export interface VersionPagesDeps extends WriterPagesDeps {
  versions: VersionHistory;
}

type VersionRequest = FastifyRequest<{ Params: { sessionId: string; number: string } }>;
type Found = Awaited<ReturnType<typeof findLiving>>;

/** The saved versions of a session's document: their list, a page that shows one, and its docx. Rules SA38 to SA40. */
export function addVersionPages(app: FastifyInstance, deps: VersionPagesDeps): void {
  const address = sessionBase('', ':sessionId');
  app.get(`${address}/versions`, (request: VersionRequest, reply) => sendList(deps, request, reply));
  app.get(`${address}/versions/:number`, (request: VersionRequest, reply) =>
    sendVersionPage(deps, request, reply),
  );
  app.get(`${address}/versions/:number/content`, (request: VersionRequest, reply) =>
    sendVersion(deps, request, reply, 'shown'),
  );
  app.get(`${address}/versions/:number/download`, (request: VersionRequest, reply) =>
    sendVersion(deps, request, reply, 'taken'),
  );
}

async function sendList(
  deps: VersionPagesDeps,
  request: VersionRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const found = await findPermitted(deps, request);
  if ('problem' in found) return sendProblem(reply, found.problem);
  const { session } = found.value;
  const [listed, key] = await Promise.all([deps.versions.list(session), deps.keys.find(session.apiKeyId)]);
  const answer: DocumentVersions = {
    versions: listed.map((version) => ({
      ...version,
      pagePath: versionPath(deps, session, version.number),
      downloadPath: downloadPath(deps, session, version.number),
    })),
    automatic: {
      onLeave: session.callback !== null && (key?.savesOnLeave ?? false),
      everyMinutes: session.callback === null ? null : (key?.saveIntervalMinutes ?? null),
    },
  };
  return reply
    .headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
    .type('application/json; charset=utf-8')
    .send(answer);
}

async function sendVersionPage(
  deps: VersionPagesDeps,
  request: VersionRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const found = await findPermitted(deps, request);
  if ('problem' in found) return sendProblem(reply, found.problem);
  const { session, document } = found.value;
  const number = numberIn(request);
  const version = await deps.versions.find(document.key, number);
  if (!version) return sendProblem(reply, 'version_unknown');
  return sendReader(deps, reply, found.value, {
    contentPath: `${versionPath(deps, session, number)}/content`,
    downloadPath: downloadPath(deps, session, number),
    version: { number, savedAt: version.savedAt },
  });
}

async function sendVersion(
  deps: VersionPagesDeps,
  request: VersionRequest,
  reply: FastifyReply,
  use: 'shown' | 'taken',
): Promise<FastifyReply> {
  const found = await findPermitted(deps, request);
  if ('problem' in found) return sendProblem(reply, found.problem);
  const { session, document } = found.value;
  if (use === 'taken' && !session.permissions['document.export']) {
    return sendProblem(reply, 'download_denied');
  }
  const number = numberIn(request);
  if (!(await deps.versions.find(document.key, number))) return sendProblem(reply, 'version_unknown');
  if (use === 'taken') {
    const name = `${nameWithoutExtension(document.name)} (version ${number}).docx`;
    reply.header('content-disposition', attachment(name));
  }
  // A version never changes; another life of the document has another key.
  return sendUnlessKnown(request, reply, `"${document.key}-v${number}"`, async () => {
    const bytes = await deps.versions.read(document.key, number);
    if (!bytes) throw new Error(`Version ${number} of ${document.key} went away while it was read.`);
    return bytes;
  });
}

function findPermitted(
  deps: VersionPagesDeps,
  request: VersionRequest,
): Promise<{ value: Found } | { problem: PageProblem }> {
  const { sessionId } = request.params;
  const find = async () => {
    const found = await findLiving(deps, sessionId);
    if (!maySeeVersions(found.session.permissions)) throw new AppError('permission_denied');
    return found;
  };
  return orProblem(deps, sessionId, find(), 'versions_denied');
}

function numberIn(request: VersionRequest): number {
  const { number } = request.params;
  return /^\d{1,15}$/.test(number) ? Number(number) : 0;
}

function versionPath(deps: VersionPagesDeps, session: Session, number: number): string {
  return `${sessionBase(deps.basePath, encodeURIComponent(session.id))}/versions/${number}`;
}

function downloadPath(deps: VersionPagesDeps, session: Session, number: number): string | null {
  return session.permissions['document.export'] ? `${versionPath(deps, session, number)}/download` : null;
}
