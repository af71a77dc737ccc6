import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An application that takes every file at once, keeps none, and counts. */
export interface CountingReceiver {
  readonly url: string;
  /** Ids that arrived; a repetition counts once. */
  readonly seen: ReadonlySet<string>;
  /** What it answers from now on; anything but 200 with the wish to be asked again in an hour. */
  status: number;
  /** Resolves when so many have arrived. */
  reached(count: number): Promise<void>;
  onArrival(listener: (id: string) => void): void;
  close(): void;
}

export async function startCountingReceiver(): Promise<CountingReceiver> {
  const seen = new Set<string>();
  const listeners: ((id: string) => void)[] = [];
  let wanted = Number.POSITIVE_INFINITY;
  let reach = () => {};
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      if (receiver.status !== 200) response.setHeader('retry-after', 3_600);
      response.writeHead(receiver.status, { 'content-length': 0 }).end();
      const id = String(request.headers['webhook-id']);
      if (receiver.status !== 200) return;
      seen.add(id);
      for (const listener of listeners) listener(id);
      if (seen.size >= wanted) reach();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const receiver: CountingReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/save`,
    seen,
    status: 200,
    reached(count) {
      wanted = count;
      return new Promise((resolve) => {
        reach = resolve;
        if (seen.size >= count) resolve();
      });
    },
    onArrival: (listener) => void listeners.push(listener),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  return receiver;
}
