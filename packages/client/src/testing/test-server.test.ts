import { afterEach, describe, expect, it } from 'vitest';
import { inOrder } from './faults.js';
import { createTestSender } from './test-sender.js';
import { createTestServer, type TestServer, type TestServerOptions } from './test-server.js';

const servers: TestServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function aServer(options: TestServerOptions = {}): Promise<TestServer> {
  const server = await createTestServer(options);
  servers.push(server);
  return server;
}

const sender = createTestSender({ secret: 'secret' });
const save = { bytes: new TextEncoder().encode('the file'), fields: { a: '1' } };

describe('test server', () => {
  it('keeps what arrives and answers with words', async () => {
    const server = await aServer({ message: 'Thanks' });

    const [response] = await sender.send(server.url, save);

    expect(await response?.json()).toEqual({ message: 'Thanks' });
    expect(server.received).toMatchObject([
      { method: 'POST', url: '/save', fields: { a: '1' }, file: { part: 'content', name: 'Test.docx' } },
    ]);
  });

  it('fails in the order that it is told', async () => {
    const server = await aServer({
      faults: inOrder({ kind: 'status', status: 503, retryAfterSeconds: 7 }, undefined),
    });

    const [first, second] = await sender.send(server.url, save, { times: 2 });

    expect([first?.status, first?.headers.get('retry-after'), second?.status]).toEqual([503, '7', 200]);
  });

  it('breaks connections before and after the file is taken', async () => {
    const server = await aServer({ faults: inOrder({ kind: 'reset_before' }, { kind: 'reset_after' }) });

    const outcomes = [];
    for (let n = 0; n < 2; n += 1) outcomes.push(await sender.send(server.url, save).catch(() => 'broken'));

    expect(outcomes).toEqual(['broken', 'broken']);
    expect(server.received).toHaveLength(1);
  });

  it('takes its time on the clock of the test', async () => {
    const waits: number[] = [];
    const clock = { now: () => 5, sleep: async (ms: number) => void waits.push(ms) };
    const server = await aServer({
      clock,
      faults: inOrder({ kind: 'late', afterMs: 60_000 }, { kind: 'trickle', pauseMs: 9 }),
    });

    const responses = await sender.send(server.url, save, { times: 2 });

    expect(responses.map(({ status }) => status)).toEqual([200, 200]);
    expect(await responses[1]?.json()).toEqual({ message: 'Stored by the test server' });
    expect(waits[0]).toBe(60_000);
    expect(new Set(waits.slice(1))).toEqual(new Set([9]));
  });

  it('tells whoever waits for a delivery', async () => {
    const server = await aServer();
    const arrived = server.waitFor(({ deliveryId }) => deliveryId === 'second');

    await sender.send(server.url, { ...save, deliveryId: 'first' });
    await sender.send(server.url, { ...save, deliveryId: 'second' });

    expect((await arrived).deliveryId).toBe('second');
  });
});
