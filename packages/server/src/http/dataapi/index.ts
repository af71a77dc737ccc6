import { Readable } from 'node:stream';
import multipart from '@fastify/multipart';
import { AppError } from '@officina/protocol';
import type {
  FastifyError,
  FastifyInstance,
  FastifyPluginAsync,
  FastifyReply,
  FastifyRequest,
} from 'fastify';
import type { Account } from '../../domain/accounts/account.js';
import type { Clock } from '../../domain/time.js';
import { UnreadableBody } from '../kit/form.js';
import { type Address, dialectOf, foldPath, readAddress } from './address.js';
import { type Doors, requireCaller, requireKey } from './authenticate.js';
import { type Answer, type CallContext, findCall, type Services } from './call.js';
import { sendDownload } from './download.js';
import { writeList } from './list-writer.js';
import { addLoginRoutes } from './login-routes.js';
import {
  type BodyRules,
  type Parameters,
  readQuery,
  type TextParameter,
  withParameters,
} from './parameters.js';
import { READ_CALLS } from './read-calls.js';
import { addSchemaRoutes } from './schema-routes.js';
import { MalformedRequest, presentError } from './wire-errors.js';
import { type Dialect, writeAnswer } from './wire-value.js';
import { WRITE_CALLS } from './write-calls.js';

export interface DataApiOptions {
  /** `/login` by GET puts passwords into other people's logs; some old clients know nothing else. */
  allowsLoginByGet: boolean;
  /** Real statuses on every refusal, not on downloads only. */
  hasRealStatuses: boolean;
  /** 1401, or 4834 as the sister services have it. */
  ticketErrorCode: number;
}

export const DATA_API_DEFAULTS: DataApiOptions = {
  allowsLoginByGet: true,
  hasRealStatuses: false,
  ticketErrorCode: 1401,
};

export interface DataApiDeps extends Services, Doors, BodyRules {
  clock: Clock;
  options: DataApiOptions;
}

const CALLS = [...READ_CALLS, ...WRITE_CALLS];
const CONTENT_TYPES: Readonly<Record<Dialect, string>> = {
  xml: 'text/xml;charset=UTF-8',
  json: 'application/json;charset=UTF-8',
};

/** The XML and JSON Data API over the library: calls below `/api/private` and `/api/public`, logins and schemas. */
export function dataApiFace(deps: DataApiDeps): FastifyPluginAsync {
  return async (app) => {
    await prepareScope(app, deps);
    addLoginRoutes(app, deps);
    addSchemaRoutes(app);
    // The router tells cases apart; the first word counts whatever its case too.
    app.all('/:root(^[Aa][Pp][Ii]$)/*', { schema: { hide: true } }, async (request, reply) => {
      const uri = foldPath(request.url);
      const address = readAddress(uri);
      if (address.kind === 'foreign') return reply.callNotFound();
      reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
      try {
        return await answer(deps, request, reply, uri, address);
      } catch (error) {
        return sendError(deps, request, reply, address, uri, error);
      }
    });
  };
}

/** Answers in the dialect a request that cannot be read, if the dialect owns its path. */
export function refuseBrokenCall(
  options: DataApiOptions,
  path: string,
  reason: string,
): { status: number; headers: Record<string, string>; body: string } | undefined {
  const uri = foldPath(path);
  const address = readAddress(uri);
  if (address.kind === 'foreign' || !/^\/api\//i.test(uri)) return undefined;
  const dialect = dialectOf(address);
  const { status, body } = presentError(dialect, uri, new MalformedRequest(reason), {
    hasRealStatus: options.hasRealStatuses || address.kind === 'download',
    ticketErrorCode: options.ticketErrorCode,
  });
  return { status, headers: { 'content-type': CONTENT_TYPES[dialect] }, body };
}

/** Bodies are read by the form reader; a text body that is no form is told apart from none. */
async function prepareScope(app: FastifyInstance, deps: DataApiDeps): Promise<void> {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, body),
  );
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body.length > 0 ? new UnreadableBody() : undefined),
  );
  await app.register(multipart, { throwFileSizeLimit: false });
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const uri = foldPath(request.url);
    const isTheirs = error.statusCode !== undefined && error.statusCode < 500;
    const refusal = isTheirs ? new MalformedRequest(`The request cannot be read: ${error.message}.`) : error;
    return sendError(deps, request, reply, readAddress(uri), uri, refusal);
  });
}

async function answer(
  deps: DataApiDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  uri: string,
  address: Exclude<Address, { kind: 'foreign' }>,
): Promise<FastifyReply> {
  const isPost = request.method === 'POST';
  if (!isPost && request.method !== 'GET' && request.method !== 'HEAD') throw new AppError('method_invalid');
  if (address.kind === 'nothing') throw new AppError('method_invalid');
  const { reach } = address;
  if (address.kind === 'download') {
    return await withCaller(deps, request, reach, [], (parameters, callerId) =>
      sendDownload(reply, deps.library, address, parameters, callerId),
    );
  }
  const found = findCall(CALLS, reach, address.word, address.rest);
  if (!found) throw new AppError('method_invalid');
  const { call } = found;
  if (call.method === 'write' && !isPost) {
    throw new AppError('method_invalid', 'This call changes something and is made by POST.');
  }
  const { dialect } = address;
  return await withCaller(deps, request, reach, call.files ?? [], async (parameters, callerId, caller) => {
    const context: CallContext = {
      services: deps,
      parameters,
      argument: decode(found.argument),
      dialect,
      view: { callerId, now: deps.clock() },
    };
    if (call.reach !== 'private') return send(reply, dialect, uri, await call.answer(context));
    if (!caller) throw new AppError('credentials_invalid');
    return send(reply, dialect, uri, await call.answer({ ...context, caller }));
  });
}

/** Who calls is settled before a body with files is received, as far as the query says it. */
async function withCaller<T>(
  deps: DataApiDeps,
  request: FastifyRequest,
  reach: 'private' | 'public',
  files: readonly string[],
  task: (parameters: Parameters, callerId: string | null, caller: Account | null) => Promise<T>,
): Promise<T> {
  if (reach === 'public') {
    return await withParameters(request, files, deps, (parameters) => task(parameters, null, null));
  }
  const query = readQuery(request);
  const inQuery = (name: TextParameter) => query.get(name);
  const hasKey = query.has('apikey');
  if (hasKey) await requireKey(deps, inQuery);
  const hasTicket = query.has('ticket') || query.has('authtoken');
  const early = hasKey && hasTicket ? await requireCaller(deps, inQuery) : null;
  return await withParameters(request, files, deps, async (parameters) => {
    const read = (name: TextParameter) => query.get(name) ?? parameters.text(name);
    if (!hasKey) await requireKey(deps, read);
    const caller = early ?? (await requireCaller(deps, read));
    return await task(parameters, caller.id, caller);
  });
}

function send(reply: FastifyReply, dialect: Dialect, uri: string, result: Answer): FastifyReply {
  reply.type(CONTENT_TYPES[dialect]);
  if (result.kind === 'fields') return reply.send(writeAnswer(dialect, uri, result.fields));
  const { container, entries, write } = result;
  return reply.send(Readable.from(writeList(dialect, uri, container, entries, write)));
}

function sendError(
  { options }: DataApiDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  address: Address,
  uri: string,
  error: unknown,
): FastifyReply {
  const dialect = dialectOf(address);
  const hasRealStatus = options.hasRealStatuses || address.kind === 'download';
  const { status, headers, body } = presentError(dialect, uri, toRefusal(request, error), {
    hasRealStatus,
    ticketErrorCode: options.ticketErrorCode,
  });
  return reply.code(status).headers(headers).type(CONTENT_TYPES[dialect]).send(body);
}

/** Our own faults are logged, not told. */
function toRefusal(request: FastifyRequest, error: unknown): AppError | MalformedRequest {
  const isRefusal = error instanceof MalformedRequest || error instanceof AppError;
  if (isRefusal && !(error instanceof AppError && error.code === 'internal')) return error;
  request.log.error({ err: error }, 'a call of the Data API failed');
  return new AppError('internal');
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new MalformedRequest('The path has a "%" that begins no character.');
  }
}
