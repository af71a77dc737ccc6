import { AppError, type DocumentVersions, type VersionName } from '@officina/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { DocumentComparer } from '../../domain/content/document-comparer.js';
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
  comparer: DocumentComparer;
}

type VersionRequest = FastifyRequest<{ Params: { sessionId: string; name: string } }>;
type ChangesRequest = FastifyRequest<{
  Params: { sessionId: string; name: string };
  Querystring: { to?: string };
}>;
type Found = Awaited<ReturnType<typeof findLiving>>;

/**
 * The versions of a session's document, and its states in between: their list, a page that shows one, and its docx.
 * Rules SA38 to SA46.
 */
export function addVersionPages(app: FastifyInstance, deps: VersionPagesDeps): void {
  const address = sessionBase('', ':sessionId');
  app.get(`${address}/versions`, (request: VersionRequest, reply) => sendList(deps, request, reply));
  app.get(`${address}/versions/:name`, (request: VersionRequest, reply) =>
    sendVersionPage(deps, request, reply),
  );
  app.get(`${address}/versions/:name/content`, (request: VersionRequest, reply) =>
    sendVersion(deps, request, reply, 'shown'),
  );
  app.get(`${address}/versions/:name/changes`, (request: ChangesRequest, reply) =>
    sendChanges(deps, request, reply),
  );
  app.get(`${address}/versions/:name/download`, (request: VersionRequest, reply) =>
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
  const { session, document } = found.value;
  const [listed, states, key] = await Promise.all([
    deps.versions.list(session),
    deps.versions.listStates(document),
    deps.keys.find(session.apiKeyId),
  ]);
  const placed = <T extends object>(value: T, name: VersionName) => ({
    ...value,
    pagePath: versionPath(deps, session, name),
    downloadPath: downloadPath(deps, session, name),
  });
  const answer: DocumentVersions = {
    versions: listed.map((version) => placed(version, { version: version.number })),
    states: states.map((state) => placed(state, { sequence: state.sequence })),
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
  const name = nameIn(request);
  const version = name && (await deps.versions.find(document.key, name));
  if (!version) return sendProblem(reply, 'version_unknown');
  return sendReader(deps, reply, found.value, {
    contentPath: `${versionPath(deps, session, name)}/content`,
    downloadPath: downloadPath(deps, session, name),
    version: { number: version.version, savedAt: version.at },
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
  const name = nameIn(request);
  const version = name && (await deps.versions.find(document.key, name));
  if (!version) return sendProblem(reply, 'version_unknown');
  if (use === 'taken') {
    const title = nameWithoutExtension(document.name);
    const when = new Date(version.at).toISOString().slice(0, 16).replace('T', ' ').replace(':', '.');
    const which = version.version === null ? `as of ${when} UTC` : `version ${version.version}`;
    reply.header('content-disposition', attachment(`${title} (${which}).docx`));
  }
  // A version never changes; another life of the document has another key.
  return sendUnlessKnown(request, reply, `"${document.key}-v${partOf(name)}"`, async () => {
    const bytes = await deps.versions.read(document.key, name);
    if (!bytes) throw new Error(`Version ${partOf(name)} of ${document.key} went away while it was read.`);
    return bytes;
  });
}

/** How a version became another one, or the document as it stands (`to=now`). Rule SA47. */
async function sendChanges(
  deps: VersionPagesDeps,
  request: ChangesRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const found = await findPermitted(deps, request);
  if ('problem' in found) return sendProblem(reply, found.problem);
  const { session, document } = found.value;
  const read = async (part: string) => {
    if (part === 'now') return (await deps.content.build(document.key)).bytes;
    const name = nameOf(part);
    const version = name && (await deps.versions.find(document.key, name));
    return version && deps.versions.read(document.key, name);
  };
  const compared = await orProblem(
    deps,
    session.id,
    (async () => {
      const { to = 'now' } = request.query;
      const [before, after] = await Promise.all([read(request.params.name), read(to)]);
      return before && after && deps.comparer.compare(before, after);
    })(),
  );
  if ('problem' in compared) return sendProblem(reply, compared.problem);
  if (!compared.value) return sendProblem(reply, 'version_unknown');
  return reply
    .headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
    .type('application/json; charset=utf-8')
    .send(Buffer.from(compared.value));
}

function findPermitted(
  deps: VersionPagesDeps,
  request: VersionRequest | ChangesRequest,
): Promise<{ value: Found } | { problem: PageProblem }> {
  const { sessionId } = request.params;
  const find = async () => {
    const found = await findLiving(deps, sessionId);
    if (!maySeeVersions(found.session.permissions)) throw new AppError('permission_denied');
    return found;
  };
  return orProblem(deps, sessionId, find(), 'versions_denied');
}

/** What the address names: `12` is a version, `at-345` the state at that place of the log. */
function nameIn(request: VersionRequest): VersionName | undefined {
  return nameOf(request.params.name);
}

function nameOf(part: string): VersionName | undefined {
  const [, isPlace, digits] = /^(at-)?(\d{1,15})$/.exec(part) ?? [];
  if (digits === undefined) return undefined;
  return isPlace === undefined ? { version: Number(digits) } : { sequence: Number(digits) };
}

function partOf(name: VersionName): string {
  return 'version' in name ? String(name.version) : `at-${name.sequence}`;
}

function versionPath(deps: VersionPagesDeps, session: Session, name: VersionName): string {
  return `${sessionBase(deps.basePath, encodeURIComponent(session.id))}/versions/${partOf(name)}`;
}

function downloadPath(deps: VersionPagesDeps, session: Session, name: VersionName): string | null {
  return session.permissions['document.export'] ? `${versionPath(deps, session, name)}/download` : null;
}
