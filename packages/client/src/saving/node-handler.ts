import type { IncomingMessage, ServerResponse } from 'node:http';

/** No document is larger; a receiver must not be filled up by strangers before it can verify a signature. */
const DEFAULT_LIMIT_BYTES = 256 * 1024 * 1024;

/**
 * Lets a web-standard handler serve `node:http`, Express or Fastify's raw requests. Put it before body parsers: it reads
 * the request's bytes itself.
 */
export function toNodeHandler(
  handle: (request: Request) => Promise<Response>,
  options: { maxBytes?: number } = {},
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const maxBytes = options.maxBytes ?? DEFAULT_LIMIT_BYTES;
  return async (incoming, outgoing) => {
    const body = await readBody(incoming, maxBytes);
    if (body === undefined) {
      outgoing.writeHead(413, { 'content-type': 'application/json', connection: 'close' });
      outgoing.end(JSON.stringify({ message: `The file is larger than ${maxBytes} bytes.` }));
      return;
    }
    const method = incoming.method ?? 'GET';
    const url = new URL(incoming.url ?? '/', `http://${incoming.headers.host ?? 'localhost'}`);
    const request = new Request(url, {
      method,
      headers: headersOf(incoming),
      ...(method === 'GET' || method === 'HEAD' ? {} : { body }),
    });
    const response = await handle(request);
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  };
}

async function readBody(
  incoming: IncomingMessage,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function headersOf(incoming: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== undefined) headers.append(name, one);
  }
  return headers;
}
