import { AppError, ERROR_CODES, type ErrorCode, type Permissions } from '@officina/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Conversion } from '../../../domain/conversion/conversion.js';
import type { DocumentService } from '../../../domain/documents/document-service.js';
import type { ApiKey } from '../../../domain/keys/api-key.js';
import type { ApiKeys } from '../../../domain/keys/api-keys.js';
import type { Saves } from '../../../domain/saving/saves.js';
import type { SessionService } from '../../../domain/sessions/session-service.js';
import type { Clock } from '../../../domain/time.js';
import { type Form, readForm } from '../../kit/form.js';
import { publicUrlOf } from '../../kit/public-url.js';
import type { UploadBudget } from '../../kit/upload-budget.js';
import { API_KEY_PARAMETER, authenticate, queryApiKey } from '../authenticate.js';
import { presentError } from '../wire-errors.js';
import { PATTERNS, type WriterUrls, writerUrls } from './browser-urls.js';
import { CONVERTING_PARAMETERS, convertDocument, readConvertingForm, sendConverted } from './convert.js';
import * as present from './present.js';
import * as reference from './reference.js';
import { writeSessions } from './session-list.js';
import {
  EDITING_PARAMETERS,
  READING_PARAMETERS,
  readEditingForm,
  readReadingForm,
  withKey,
} from './wishes.js';

export interface WriterRoutesDeps {
  keys: ApiKeys;
  documents: DocumentService;
  conversion: Pick<Conversion, 'convert'>;
  sessions: SessionService;
  saves: Pick<Saves, 'request' | 'waitFor'>;
  publicUrl: string | null;
  /** What keys that are missing in a `permissions` object mean. */
  partialPermissions: Permissions;
  maxUploadBytes: number;
  uploads: UploadBudget;
  clock: Clock;
}

type DocumentRequest = FastifyRequest<{ Params: { documentId: string } }>;
type SessionRequest = FastifyRequest<{ Params: { sessionId: string } }>;

/** A caller of `…/save?wait=1` waits no longer than this for the outcome. */
const WAIT_MS = 30_000;

/** The Writer's documents and sessions. */
export function addWriterRoutes(app: FastifyInstance, deps: WriterRoutesDeps): void {
  const urlsFor = (request: FastifyRequest): WriterUrls => writerUrls(publicUrlOf(request, deps.publicUrl));

  const openDocument = async (request: FastifyRequest, reply: FastifyReply) =>
    withForm(deps, request, EDITING_PARAMETERS, async (form, authenticated) => {
      const wish = readEditingForm(form, deps.partialPermissions);
      const apiKey = await authenticated();
      const opened = await deps.documents.open(withKey(apiKey, wish));
      reply.headers(present.openingHeaders(opened));
      return present.presentOpened(opened, urlsFor(request));
    });

  const openPreview = async (request: FastifyRequest, reply: FastifyReply) =>
    withForm(deps, request, READING_PARAMETERS, async (form, authenticated) => {
      const wish = readReadingForm(form);
      const apiKey = await authenticated();
      const opened = await deps.documents.preview(withKey(apiKey, wish));
      reply.headers(present.openingHeaders(opened));
      return present.presentPreview(opened, urlsFor(request));
    });

  const convert = async (request: FastifyRequest, reply: FastifyReply) =>
    withForm(deps, request, CONVERTING_PARAMETERS, async (form, authenticated) => {
      const wish = readConvertingForm(form);
      const apiKey = await authenticated();
      const file = await deps.conversion.convert(withKey(apiKey, wish));
      return sendConverted(reply, file);
    });

  const listSessions = async (request: DocumentRequest, reply: FastifyReply) => {
    const { documentId } = request.params;
    const apiKey = await authenticate(deps.keys, queryApiKey(request));
    const overview = await deps.sessions.listForDocument(apiKey.id, documentId);
    reply.type('application/json; charset=utf-8');
    return writeSessions(overview, urlsFor(request));
  };

  const describeDocument = async (request: DocumentRequest) => {
    const { documentId } = request.params;
    const apiKey = await authenticate(deps.keys, queryApiKey(request));
    const summary = await deps.sessions.describeDocument(apiKey.id, documentId);
    return present.presentDocument(summary);
  };

  const deleteDocument = async (request: DocumentRequest) => {
    const { documentId } = request.params;
    const apiKey = await authenticate(deps.keys, queryApiKey(request));
    await deps.documents.remove(apiKey.id, documentId);
    return { document_deleted: true };
  };

  const describeSession = async (request: SessionRequest) => {
    const { sessionId } = request.params;
    const apiKey = await authenticate(deps.keys, queryApiKey(request));
    const view = await deps.sessions.describe(apiKey.id, sessionId);
    return present.presentSession(view, urlsFor(request));
  };

  const deleteSession = async (request: SessionRequest) => {
    const { sessionId } = request.params;
    const apiKey = await authenticate(deps.keys, queryApiKey(request));
    await deps.sessions.remove(apiKey.id, sessionId);
    return { session_deleted: true };
  };

  const save = async (request: SessionRequest, reply: FastifyReply) => {
    const { sessionId } = request.params;
    const query = request.query as Record<string, unknown>;
    // The session's id is the capability here, as it is for its page.
    const accepted = await deps.saves.request(sessionId, 'api', { force: isYes(query.force) });
    const progress =
      accepted.state === 'accepted' && isYes(query.wait)
        ? await deps.saves.waitFor(accepted.deliveryId, deps.clock() + WAIT_MS)
        : accepted;
    const answer = present.presentSave(progress);
    if (progress.state !== 'failed') return answer;
    const refusal = presentError(new AppError(errorCodeOf(progress.code), progress.reason));
    return reply
      .code(refusal.status)
      .headers(refusal.headers)
      .send({ ...answer, ...refusal.body });
  };

  for (const [at, url] of PATTERNS.documents.entries()) {
    app.post(url, { schema: reference.of(reference.openDocument, at) }, openDocument);
  }
  for (const [at, url] of PATTERNS.preview.entries()) {
    // The documented form of this call is the singular one.
    app.post(url, { schema: reference.of(reference.openPreview, 1 - at) }, openPreview);
  }
  for (const [at, url] of PATTERNS.convert.entries()) {
    app.post(url, { schema: reference.of(convertDocument, 1 - at) }, convert);
  }
  for (const [at, url] of PATTERNS.documentSessions.entries()) {
    app.get(url, { schema: reference.of(reference.listSessions, at) }, listSessions);
  }
  for (const [at, url] of PATTERNS.document.entries()) {
    app.get(url, { schema: reference.of(reference.describeDocument, at) }, describeDocument);
    app.delete(url, { schema: reference.of(reference.deleteDocument, at) }, deleteDocument);
  }
  for (const [at, url] of PATTERNS.session.entries()) {
    app.get(url, { schema: reference.of(reference.describeSession, at) }, describeSession);
    app.delete(url, { schema: reference.of(reference.deleteSession, at) }, deleteSession);
  }
  for (const [at, url] of PATTERNS.save.entries()) {
    app.get(url, { schema: reference.of(reference.save, at) }, save);
    app.post(url, { schema: reference.of(reference.save, at) }, save);
  }
}

/**
 * Reads the form and gives its memory back when the call is done. A key in the query is looked at before a body is
 * received, so that strangers cannot make the server hold files.
 */
async function withForm<T>(
  deps: WriterRoutesDeps,
  request: FastifyRequest,
  parameters: { files: readonly string[]; texts: readonly string[] },
  task: (form: Form, authenticated: () => Promise<ApiKey>) => Promise<T>,
): Promise<T> {
  const secret = queryApiKey(request);
  if (secret !== undefined) await authenticate(deps.keys, secret);
  const { form, dispose } = await readForm(request, {
    ...parameters,
    maxFileBytes: deps.maxUploadBytes,
    budget: deps.uploads,
  });
  try {
    return await task(form, () => authenticate(deps.keys, secret ?? form.texts.get(API_KEY_PARAMETER)));
  } finally {
    dispose();
  }
}

function isYes(value: unknown): boolean {
  return value === '1' || value === 'true';
}

/** Progress travels as text between nodes; a code that is not ours is the application's refusal. */
function errorCodeOf(code: string): ErrorCode {
  return code in ERROR_CODES ? (code as ErrorCode) : 'save_refused';
}
