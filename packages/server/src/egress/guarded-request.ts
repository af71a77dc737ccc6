import type { LookupFunction } from 'node:net';
import type { Dispatcher } from 'undici';
import type { EgressGuard, ResolvedAddress } from './egress-policy.js';
import type { KeptConnections } from './kept-connections.js';

export interface OutboundRequest {
  url: string;
  method: 'GET' | 'POST' | 'PUT';
  /** Sent only to the first origin: they may hold secrets of it. */
  callerHeaders: Readonly<Record<string, string>>;
  ownHeaders: Readonly<Record<string, string>>;
  /** Called anew for every redirect. */
  body?: () => Uint8Array | AsyncIterable<Uint8Array>;
  egressAllow: readonly string[];
  signal: AbortSignal;
  /** Where a connection may be left for the next request of the same caller, named by `caller`. */
  reuse?: { connections: KeptConnections; caller: string };
}

export interface InboundAnswer {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: AsyncIterable<Uint8Array>;
  /** Where the redirects led. */
  url: URL;
}

/** The guard does not let a request out. */
export class EgressRefusal extends Error {}

/** The name has no address at present. */
export class NameUnresolved extends Error {}

const MOST_REDIRECTS = 5;

/** Statuses that move a request with its body; 303 tells to GET something else, which would drop the file. */
const MOVED: ReadonlySet<number> = new Set([301, 302, 307, 308]);
const MOVED_FOR_GET: ReadonlySet<number> = new Set([...MOVED, 303]);

/** An idle connection is closed after this, should nobody ask for it any more. */
const IDLE_LIMIT_MS = 1_000;

/**
 * Sends a request, each hop of it checked and pinned to the addresses that were checked, and hands the answer to `read`.
 * The connection ends with it, unless the caller keeps connections: then one is used again by the same caller for the
 * same origin at the same addresses, once the whole answer was read. Rejects with EgressRefusal, NameUnresolved or the
 * network's error.
 */
export async function sendGuarded<Result>(
  guard: EgressGuard,
  request: OutboundRequest,
  read: (answer: InboundAnswer) => Promise<Result>,
): Promise<Result> {
  // 20 MB and a good part of the start's time, so not before the first request.
  const { Client } = await import('undici');
  const moved = request.method === 'GET' ? MOVED_FOR_GET : MOVED;
  let url = request.url;
  let callerHeaders = request.callerHeaders;
  for (let hop = 0; ; hop += 1) {
    const verdict = await abortable(guard.check(url, request.egressAllow), request.signal);
    if (verdict.state === 'refused') throw new EgressRefusal(verdict.reason);
    if (verdict.state === 'unresolved') throw new NameUnresolved(verdict.reason);
    const { url: here, addresses } = verdict;
    const connect = () =>
      new Client(here.origin, {
        connect: { lookup: pin(addresses), timeout: 0 },
        headersTimeout: 0,
        bodyTimeout: 0,
        pipelining: request.reuse ? 1 : 0,
        keepAliveTimeout: IDLE_LIMIT_MS,
        keepAliveMaxTimeout: IDLE_LIMIT_MS,
      });
    const name = nameOf(request, here, addresses);
    const client = request.reuse?.connections.take(name, connect) ?? connect();
    let isWhole = false;
    try {
      const answer = await client.request(optionsOf(here, { ...request, callerHeaders }));
      const location = answer.headers.location;
      if (!moved.has(answer.statusCode) || typeof location !== 'string' || hop >= MOST_REDIRECTS) {
        const result = await read({
          status: answer.statusCode,
          headers: answer.headers,
          body: answer.body,
          url: here,
        });
        isWhole = answer.body.readableEnded;
        return result;
      }
      // Nobody listens to the rest of this answer; destroying the client ends it with an error of no interest.
      answer.body.on('error', () => {});
      const next = URL.canParse(location, here.href) ? new URL(location, here) : null;
      if (!next) throw new EgressRefusal(`The redirect to "${location}" is not an address.`);
      if (!keepsSecrets(here, next)) callerHeaders = {};
      url = next.href;
    } finally {
      if (isWhole && request.reuse) request.reuse.connections.keep(name, client);
      else client.destroy(null).catch(() => {});
    }
  }
}

/** Who may use a connection again: the same caller, to the same place at the addresses that were judged. */
function nameOf(
  { reuse, egressAllow }: OutboundRequest,
  { origin }: URL,
  addresses: readonly ResolvedAddress[],
): string {
  const places = addresses.map(({ address }) => address).sort();
  return reuse ? JSON.stringify([reuse.caller, egressAllow, origin, places]) : '';
}

function optionsOf(url: URL, request: OutboundRequest): Dispatcher.RequestOptions {
  const headers: Record<string, string> = { ...request.callerHeaders, ...request.ownHeaders };
  if (url.username !== '' && !Object.keys(headers).some((name) => name.toLowerCase() === 'authorization')) {
    const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    headers.authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
  }
  return {
    path: `${url.pathname}${url.search}`,
    method: request.method,
    headers,
    signal: request.signal,
    ...(request.body ? { body: request.body() as unknown as Dispatcher.DispatchOptions['body'] & {} } : {}),
  };
}

/** The same origin, or the same host moved from http to https. */
function keepsSecrets(from: URL, to: URL): boolean {
  if (from.origin === to.origin) return true;
  return (
    from.protocol === 'http:' && to.protocol === 'https:' && from.hostname === to.hostname && to.port === ''
  );
}

/** A lookup that knows only the addresses that were checked, so that the name cannot change its meaning meanwhile. */
function pin(addresses: readonly ResolvedAddress[]): LookupFunction {
  return (_hostname, options, callback) => {
    const [first] = addresses;
    if (options.all) callback(null, [...addresses]);
    else callback(null, first?.address ?? '', first?.family ?? 4);
  };
}

function abortable<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
