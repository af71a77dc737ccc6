import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino';
import { maskId, maskUrl } from './mask.js';

export type Log = Logger;

/** Fields that hold secrets wherever they appear, at the top or one and two levels down. */
const SECRET_FIELDS = [
  'apikey',
  'apiKey',
  'signingSecret',
  'formerSigningSecret',
  'password',
  'adminPassword',
  'token',
  'ticket',
  'secret',
  'authorization',
  'cookie',
  'set-cookie',
  'webhook-signature',
  'saveUrlHeaders',
];

/** The server's log: one JSON object a line, without keys, tokens and whole session ids. */
export function createLog(options: { level: string; destination?: DestinationStream }): Log {
  const settings = {
    level: options.level,
    base: null,
    redact: {
      paths: SECRET_FIELDS.flatMap((field) => [pathOf(field), pathOf('*', field), pathOf('*', '*', field)]),
      censor: '[redacted]',
    },
    serializers: {
      err: stdSerializers.err,
      error: stdSerializers.err,
      url: (value: unknown) => (typeof value === 'string' ? maskUrl(value) : value),
      sessionId: (value: unknown) => (typeof value === 'string' ? maskId(value) : value),
      req: (request: { method?: string; url?: string }) => ({
        method: request.method,
        url: maskUrl(request.url ?? ''),
      }),
      res: (reply: { statusCode?: number }) => ({ statusCode: reply.statusCode }),
    },
  };
  return options.destination ? pino(settings, options.destination) : pino(settings);
}

/** As pino names a place; a name with a hyphen stands in brackets. */
function pathOf(...parts: string[]): string {
  return parts.reduce((left, part) => {
    if (!/^[\w*]+$/.test(part)) return `${left}["${part}"]`;
    return left === '' ? part : `${left}.${part}`;
  }, '');
}
