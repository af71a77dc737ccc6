import { randomBytes } from 'node:crypto';
import { contentSecurityPolicy } from '@officina/protocol';
import type { FastifyReply } from 'fastify';
import type { ApiKey } from '../../domain/keys/api-key.js';
import { HOUSE_KEY } from '../../domain/library/house-key.js';

/** Fresh for every answer. */
export function makeNonce(): string {
  return randomBytes(16).toString('base64');
}

/** Who may frame session pages of a key: its own list, or anybody while it has none; nobody those of the library. */
export function sessionFrameAncestors(key: Pick<ApiKey, 'id' | 'allowedOrigins'> | undefined): string {
  if (key?.id === HOUSE_KEY.id) return "'none'";
  const allowedOrigins = key?.allowedOrigins ?? [];
  if (allowedOrigins.length === 0) return '*';
  // Whatever could end the directive or the header has no place in it, however it came into the store.
  return ["'self'", ...allowedOrigins.filter((origin) => /^[A-Za-z][\w.*:/-]*$/.test(origin))].join(' ');
}

/** Sends a page that was made for this one request: never stored, no referrer, scripts by nonce only. */
export function sendPage(
  reply: FastifyReply,
  page: { status: number; html: string; nonce: string; frameAncestors: string },
): FastifyReply {
  if (page.frameAncestors === "'none'") {
    reply.header('cross-origin-opener-policy', 'same-origin').header('x-frame-options', 'DENY');
  }
  return reply
    .code(page.status)
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': contentSecurityPolicy(page),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      // The session's id is all that is needed to open it, and it stands in the address.
      'referrer-policy': 'no-referrer',
      'permissions-policy':
        'camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), hid=(), display-capture=(), browsing-topics=()',
      'x-robots-tag': 'noindex, nofollow',
    })
    .send(page.html);
}
