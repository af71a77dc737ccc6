import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Fault, type FaultPlan, machineClock, type TestClock } from './faults.js';

/** One request that arrived in full. */
export interface TestDelivery {
  deliveryId: string | null;
  method: string;
  url: string;
  headers: Readonly<Record<string, string>>;
  fields: Readonly<Record<string, string>>;
  /** Null when the request held no file. */
  file: { part: string; name: string; bytes: Uint8Array } | null;
  at: number;
  /** What was done to it. */
  fault: Fault | undefined;
}

export interface TestServerOptions {
  clock?: TestClock;
  faults?: FaultPlan;
  /** The words of a good answer. */
  message?: string;
}

export interface TestServer {
  /** To be given as `save_url`. */
  readonly url: string;
  /** Everything that arrived in full, in the order of arrival. */
  readonly received: readonly TestDelivery[];
  /** Resolves with the first delivery, now or later, that `matches`. */
  waitFor(matches?: (delivery: TestDelivery) => boolean): Promise<TestDelivery>;
  /** Hears of every delivery from now on; returns a function that ends it. */
  onDelivery(listener: (delivery: TestDelivery) => void): () => void;
  /** Changes what goes wrong from now on; indices go on counting. */
  setFaults(faults: FaultPlan): void;
  close(): Promise<void>;
}

/** A receiver of saves on loopback, in this process, that fails as it is told. */
export async function createTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const clock = options.clock ?? machineClock;
  const received: TestDelivery[] = [];
  const watchers = new Set<(delivery: TestDelivery) => void>();
  let faults = options.faults ?? (() => undefined);
  let count = 0;

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/save`,
    received,
    waitFor(matches = () => true) {
      const known = received.find(matches);
      if (known) return Promise.resolve(known);
      return new Promise((resolve) => {
        const watcher = (delivery: TestDelivery) => {
          if (!matches(delivery)) return;
          watchers.delete(watcher);
          resolve(delivery);
        };
        watchers.add(watcher);
      });
    },
    onDelivery(listener) {
      watchers.add(listener);
      return () => watchers.delete(listener);
    },
    setFaults(next) {
      faults = next;
    },
    close() {
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const fault = faults(count);
    count += 1;
    if (fault?.kind === 'reset_before') {
      request.socket.resetAndDestroy();
      return;
    }
    const delivery = await readDelivery(request, clock.now(), fault);
    received.push(delivery);
    for (const watcher of [...watchers]) watcher(delivery);
    await respond(response, fault);
  }

  async function respond(response: ServerResponse, fault: Fault | undefined): Promise<void> {
    const words = JSON.stringify({ message: options.message ?? 'Stored by the test server' });
    switch (fault?.kind) {
      case undefined:
        sendJson(response, 200, words);
        return;
      case 'status': {
        const { status, message = 'The test server refuses', retryAfterSeconds } = fault;
        if (retryAfterSeconds !== undefined) response.setHeader('retry-after', retryAfterSeconds);
        sendJson(response, status, JSON.stringify({ message }));
        return;
      }
      case 'hang':
        return;
      case 'late':
        await clock.sleep(fault.afterMs);
        sendJson(response, 200, words);
        return;
      case 'trickle':
        response.writeHead(200, { 'content-type': 'application/json' });
        for (const character of words) {
          response.write(character);
          await clock.sleep(fault.pauseMs);
        }
        response.end();
        return;
      case 'reset_before':
      case 'reset_after':
        response.socket?.resetAndDestroy();
        return;
      default:
        fault satisfies never;
    }
  }
}

async function readDelivery(
  request: IncomingMessage,
  at: number,
  fault: Fault | undefined,
): Promise<TestDelivery> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  );
  const contentType = headers['content-type'] ?? '';
  const body = new Response(new Uint8Array(Buffer.concat(chunks)), {
    headers: { 'content-type': contentType },
  });
  const form = contentType.startsWith('multipart/form-data') ? await body.formData() : new FormData();
  const fields: Record<string, string> = {};
  let file: TestDelivery['file'] = null;
  for (const [part, value] of form) {
    if (typeof value === 'string') fields[part] = value;
    else file = { part, name: value.name, bytes: new Uint8Array(await value.arrayBuffer()) };
  }
  const { method = '', url = '' } = request;
  return { deliveryId: headers['webhook-id'] ?? null, method, url, headers, fields, file, at, fault };
}

function sendJson(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(body);
}
