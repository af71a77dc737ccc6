import type { FastifyRequest } from 'fastify';

/** What a host header may hold in a URL that we hand out: a name or an address, and a port. */
const HOST = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;

/**
 * Address under which callers reach this server, without a trailing slash: the configured one, else the request's own
 * host as far as it can be believed (`X-Forwarded-*` count only from trusted proxies).
 */
export function publicUrlOf(request: FastifyRequest, configured: string | null): string {
  if (configured !== null) return configured;
  const scheme = request.protocol === 'https' ? 'https' : 'http';
  return `${scheme}://${HOST.test(request.host) ? request.host : localAddress(request)}`;
}

function localAddress(request: FastifyRequest): string {
  const { localAddress: address = '127.0.0.1', localPort: port = 80 } = request.socket;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
