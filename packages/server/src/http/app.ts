import { METHODS } from 'node:http';
import type { Socket } from 'node:net';
import fastifySwagger from '@fastify/swagger';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyPluginAsync,
  type FastifyPluginCallback,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';

/** An answer that a face gives to a request which never reached one of its routes. */
export interface Refusal {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: unknown;
}

export interface AppDeps {
  logger?: FastifyBaseLogger;
  /** Addresses or CIDR ranges whose `X-Forwarded-*` headers are believed. */
  trustedProxies: readonly string[];
  /** The dialects and pages, each a plugin of its own. */
  faces: readonly (FastifyPluginAsync | FastifyPluginCallback)[];
  /** Says in the words of the dialect that owns `path` that the request cannot be read; undefined: none owns it. */
  refuse(path: string, reason: string): Refusal | undefined;
  /** Answers a path that nobody owns; by default in plain text or JSON. */
  notFound?: (request: FastifyRequest, reply: FastifyReply) => unknown;
}

/** Longer ids than any that we hand out or accept. */
const MAX_PARAM_LENGTH = 1024;
/** Bodies that are not streamed: forms without files. */
const BODY_LIMIT_BYTES = 2 * 1024 * 1024;
/** A large file on a slow line takes minutes; a request that trickles for ever takes a connection away. */
const REQUEST_TIMEOUT_MS = 15 * 60_000;

/** Makes the server's application; it listens nowhere yet. */
export async function createApp(deps: AppDeps): Promise<FastifyInstance> {
  const app = Fastify({
    ...(deps.logger ? { loggerInstance: deps.logger } : {}),
    // Request lines would put API keys into the log.
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: deps.trustedProxies.length > 0 ? [...deps.trustedProxies] : false,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: {
      ignoreTrailingSlash: true,
      ignoreDuplicateSlashes: true,
      maxParamLength: MAX_PARAM_LENGTH,
    },
    frameworkErrors: (error, request, reply) => sendBroken(deps, error, request, reply),
    clientErrorHandler: (error, socket) => refuseUnreadable(deps, error, socket),
  });
  learnMethods(app);
  await app.register(fastifySwagger, {
    hideUntagged: true,
    openapi: {
      openapi: '3.0.3',
      info: {
        title: 'Officina',
        version: '1',
        description: 'Documents, sessions and saves for web applications: the Office Integrator v1 API.',
      },
    },
  });
  app.setErrorHandler<FastifyError>((error, request, reply) => sendBroken(deps, error, request, reply));
  app.setNotFoundHandler((request, reply) => {
    if (deps.notFound) return deps.notFound(request, reply);
    return sendNotFound(request, reply);
  });
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  for (const face of deps.faces) await app.register(face as FastifyPluginCallback);
  return app;
}

/** So that a call with any method that Node can read reaches the dialect that knows how to refuse it. */
function learnMethods(app: FastifyInstance): void {
  const known = new Set<string>(app.supportedMethods);
  for (const method of METHODS) {
    // CONNECT never becomes a request in Node.
    if (!known.has(method) && method !== 'CONNECT') app.addHttpMethod(method, { hasBody: true });
  }
}

function sendBroken(deps: AppDeps, error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  const isOurs = error.statusCode === undefined || error.statusCode >= 500;
  if (isOurs) request.log.error({ err: error }, 'a request failed');
  const refusal = isOurs
    ? undefined
    : deps.refuse(pathOf(request), 'The address or a header of the request cannot be read.');
  if (refusal) return reply.code(refusal.status).headers(refusal.headers).send(refusal.body);
  const status = isOurs ? 500 : (error.statusCode ?? 400);
  return reply.code(status).send({ message: isOurs ? 'The server failed.' : error.message });
}

function sendNotFound(request: FastifyRequest, reply: FastifyReply) {
  reply.code(404);
  const path = pathOf(request);
  if (request.headers.accept?.includes('text/html')) {
    return reply.type('text/plain; charset=utf-8').send('There is nothing at this address.\n');
  }
  return reply.send({ message: `There is nothing at ${path}.` });
}

/** Answers bytes that are no HTTP request: an unknown method, broken headers, headers that are too large. */
function refuseUnreadable(deps: AppDeps, error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy(error);
    return;
  }
  // The path was not read; only API clients speak like this, and theirs is the root's dialect.
  const refusal = deps.refuse('/', `The request cannot be read (${error.code ?? error.message}).`);
  const body = JSON.stringify(refusal?.body ?? { message: 'The request cannot be read.' });
  socket.end(
    [
      'HTTP/1.1 400 Bad Request',
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '/';
}
