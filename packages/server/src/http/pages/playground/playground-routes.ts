import type { PlaygroundSetup } from '@officina/protocol';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { attachment } from '../attachment.js';
import type { CallbackReceiver } from './callback-receiver.js';
import { isLocalVisitor } from './key-rule.js';

export interface PlaygroundDeps {
  /** A living API key in clear, or null when the server knows none. */
  apiKey(): Promise<string | null>;
  /** Whether the visitor has signed in to the console. */
  isOperator(request: FastifyRequest): boolean;
  receiver: CallbackReceiver;
  publicUrl: string | null;
  /** Version of the server, to be shown. */
  version: string;
  /** Largest callback that is taken, in bytes. */
  maxUploadBytes: number;
}

type TokenRequest = FastifyRequest<{ Params: { token: string } }>;
type FileRequest = FastifyRequest<{ Params: { token: string; arrival: string } }>;

/** Keeps proxies from closing a stream in which nothing happens. */
const HEARTBEAT_MS = 20_000;

/**
 * The little that the playground needs besides the public API: the key, for those who may see it, and an application
 * that receives the saved files. Must be registered in a context of its own: it reads every body as bytes.
 */
export function addPlaygroundRoutes(app: FastifyInstance, deps: PlaygroundDeps): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const status = error.statusCode !== undefined && error.statusCode < 500 ? error.statusCode : 500;
    if (status === 500) request.log.error({ err: error }, 'the playground failed');
    return reply.code(status).send({ message: status === 500 ? 'The server failed.' : error.message });
  });

  // A POST, because browsers then name the page that asks.
  app.post('/playground/api/setup', async (request, reply) => {
    reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    if (!isLocalVisitor(request.raw, deps.publicUrl) && !deps.isOperator(request)) {
      return reply.code(403).send({ state: 'locked' } satisfies PlaygroundSetup);
    }
    const apiKey = await deps.apiKey();
    if (apiKey === null) return reply.code(503).send({ state: 'keyless' } satisfies PlaygroundSetup);
    const setup: PlaygroundSetup = {
      state: 'ready',
      apiKey,
      receiver: deps.receiver.open(),
      version: deps.version,
    };
    return setup;
  });

  app.route({
    method: ['POST', 'PUT'],
    url: '/playground/callback/:token',
    bodyLimit: deps.maxUploadBytes + 64 * 1024,
    handler: async (request: TokenRequest, reply: FastifyReply) => {
      const { token } = request.params;
      if (!deps.receiver.isToken(token))
        return reply.code(404).send({ message: 'There is no such receiver.' });
      const arrival = await deps.receiver.accept(token, {
        method: request.method,
        rawHeaders: request.raw.rawHeaders,
        mediaType: request.headers['content-type'] ?? '',
        body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
      });
      if (arrival.problem !== null) return reply.code(400).send({ message: arrival.problem });
      return { message: 'The playground has received the document' };
    },
  });

  app.get('/playground/api/receivers/:token/arrivals', (request: TokenRequest, reply) => {
    reply.header('cache-control', 'no-store');
    if (!deps.receiver.isToken(request.params.token)) return reply.code(404).send({ arrivals: [] });
    return reply.send({ arrivals: deps.receiver.list(request.params.token) });
  });

  app.get('/playground/api/receivers/:token/arrivals/:arrival/file', (request: FileRequest, reply) => {
    const { token, arrival } = request.params;
    const file = deps.receiver.isToken(token) ? deps.receiver.file(token, Number(arrival)) : undefined;
    if (!file) return reply.code(404).send({ message: 'This file is not kept any more.' });
    return reply
      .headers({
        'cache-control': 'private, no-store',
        'content-disposition': attachment(file.fileName),
        'content-security-policy': "default-src 'none'; sandbox",
        'x-content-type-options': 'nosniff',
      })
      .type(file.mediaType || 'application/octet-stream')
      .send(Buffer.from(file.bytes));
  });

  addEvents(app, deps.receiver);
}

/** Tells the page of each arrival as it happens (Server-Sent Events). */
function addEvents(app: FastifyInstance, receiver: CallbackReceiver): void {
  const streams = new Set<() => void>();
  app.addHook('preClose', async () => {
    for (const end of streams) end();
  });
  app.get('/playground/api/receivers/:token/events', (request: TokenRequest, reply) => {
    const { token } = request.params;
    if (!receiver.isToken(token)) return reply.code(404).send({ message: 'There is no such receiver.' });
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    });
    const tell = (arrival: unknown) => raw.write(`data: ${JSON.stringify(arrival)}\n\n`);
    raw.write(': listening\n\n');
    for (const arrival of receiver.list(token)) tell(arrival);
    const stopListening = receiver.listen(token, tell);
    const heartbeat = setInterval(() => raw.write(': still here\n\n'), HEARTBEAT_MS);
    const end = () => {
      clearInterval(heartbeat);
      stopListening();
      streams.delete(end);
      raw.end();
    };
    streams.add(end);
    raw.on('close', end);
  });
}
