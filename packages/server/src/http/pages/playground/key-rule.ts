import type { IncomingMessage } from 'node:http';

/** Exactly the names that always mean this machine; `localhost.example`, `2130706433` and the like are not among them. */
const LOOPBACK_HOST = /^(?:localhost|127(?:\.(?:0|[1-9]\d{0,2})){3}|\[::1\])(?::\d{1,5})?$/i;
const LOOPBACK_ADDRESS = /^(?:127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;
/** Any of these means that somebody stands between the visitor and us. */
const FORWARDING_HEADERS = [
  'forwarded',
  'via',
  'x-real-ip',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-server',
  'cf-connecting-ip',
  'true-client-ip',
];

/**
 * Whether the request surely comes from a browser on this machine that asked for this machine by name. It is the
 * condition for showing the real API key without a sign-in, so every doubt counts against it: a foreign `Host` (a name
 * rebound to 127.0.0.1), a proxy on this machine, a page of another site, a server that is meant for the public.
 */
export function isLocalVisitor(request: IncomingMessage, publicUrl: string | null): boolean {
  if (publicUrl !== null && !LOOPBACK_HOST.test(new URL(publicUrl).host)) return false;
  if (!LOOPBACK_ADDRESS.test(request.socket.remoteAddress ?? '')) return false;
  const hosts = request.rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === 'host');
  const host = request.headers.host ?? '';
  if (hosts.length !== 1 || !LOOPBACK_HOST.test(host)) return false;
  if (FORWARDING_HEADERS.some((name) => request.headers[name] !== undefined)) return false;
  return isFromOwnPage(request, host);
}

/** A browser names the page that asks in `Origin`; one behind a silent proxy names the proxy there. */
function isFromOwnPage(request: IncomingMessage, host: string): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  const { origin } = request.headers;
  return origin === undefined || origin.toLowerCase() === `http://${host.toLowerCase()}`;
}
