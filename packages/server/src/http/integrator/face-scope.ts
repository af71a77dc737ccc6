import type { Readable } from 'node:stream';
import multipart from '@fastify/multipart';
import { AppError } from '@officina/protocol';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { UnreadableBody } from '../kit/form.js';
import { presentError } from './wire-errors.js';

/**
 * Prepares a plugin's scope for the dialect: bodies are read by our own form reader, schemas only describe (the wire's
 * error codes depend on the raw values), answers are sent as they are, and every error is a flat object.
 */
export async function prepareScope(app: FastifyInstance): Promise<void> {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, body),
  );
  app.addContentTypeParser('*', (_request, payload, done) => readAway(payload, done));
  await app.register(multipart, { throwFileSizeLimit: false });
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  app.setErrorHandler<FastifyError | AppError>((error, request, reply) =>
    sendError(request, reply, toAppError(error)),
  );
}

/** The form reader refuses such a body with the dialect's own code; an empty one is no body at all. */
function readAway(payload: Readable, done: (error: Error | null, body?: unknown) => void): void {
  let size = 0;
  payload.on('data', (chunk: Buffer) => {
    size += chunk.length;
  });
  payload.on('end', () => done(null, size > 0 ? new UnreadableBody() : undefined));
  payload.on('error', (error) => done(error));
}

/** Sends the error in the dialect; our own faults are logged, not told. */
export function sendError(request: FastifyRequest, reply: FastifyReply, error: AppError): FastifyReply {
  const { status, headers, body } = presentError(error);
  if (status === 500) request.log.error({ err: error.cause ?? error }, 'a call failed');
  return reply.code(status).headers(headers).send(body);
}

/** What a request did wrong before it reached a handler, as Fastify names it; anything else is our fault. */
export function toAppError(error: FastifyError | AppError): AppError {
  if (error instanceof AppError) return error;
  if (error.statusCode === undefined || error.statusCode >= 500)
    return new AppError('internal', undefined, { cause: error });
  const code = error.statusCode === 413 ? 'upload_too_large' : 'parameter_value_invalid';
  return new AppError(code, `The request cannot be read: ${error.message}.`, { cause: error });
}
