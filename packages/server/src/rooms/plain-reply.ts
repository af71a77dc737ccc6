import type { ServerResponse } from 'node:http';
import { AppError } from '@officina/protocol';

/** Answers of the routes that pass bytes by without a framework. */

export function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
  response.end(`${text}\n`);
}

/** Bytes that one address has for ever; the address itself is one session's alone. */
export function sendForGood(response: ServerResponse, bytes: Uint8Array): void {
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'content-length': bytes.byteLength,
    'cache-control': 'private, max-age=86400, immutable',
    'content-disposition': 'attachment',
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
  });
  response.end(bytes);
}

/** What went wrong, in the words of the domain where they are for the person, else in `words`. */
export function refuse(response: ServerResponse, error: unknown, words: string): void {
  if (response.headersSent) response.destroy();
  else if (error instanceof AppError && ['session_unknown', 'session_expired'].includes(error.code))
    answer(response, 404, error.message);
  else if (error instanceof AppError && error.code === 'busy')
    comeAgain(response, error.message, error.retryAfterSeconds);
  else answer(response, 500, words);
}

export function comeAgain(response: ServerResponse, words: string, seconds = 1): void {
  response.setHeader('retry-after', String(seconds));
  answer(response, 503, words);
}
