import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Save } from '../domain/saving/save.js';
import { VirtualTime } from '../domain/saving/testing/virtual-time.js';
import { aTarget, sha256Of } from '../domain/saving/testing/world.js';
import { createDeliverer } from './deliverer.js';
import { createEgressPolicy } from './egress-policy.js';
import { signDelivery } from './signature.js';

const NOW = Date.UTC(2026, 0, 5, 9);
const BYTES = new TextEncoder().encode('the file');
const SECRET = 'whsec_c2VjcmV0';
const CREDENTIALS = { signingSecrets: [SECRET], egressAllow: [] };

interface Received {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  form: FormData;
}

/** The file in a part of what was received. */
function fileIn(received: Received | undefined, part: string): File {
  const value = received?.form.get(part);
  if (!(value instanceof File)) throw new Error(`There is no file in "${part}".`);
  return value;
}

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A receiver on loopback that keeps what comes and answers as it is told. */
async function aReceiver(answer: (response: ServerResponse, request: IncomingMessage) => void) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = '', url = '', headers } = request;
    const form = await new Response(Buffer.concat(chunks), {
      headers: { 'content-type': headers['content-type'] ?? '' },
    }).formData();
    received.push({ method, url, headers, form });
    answer(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { received, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function aDeliverer(loopback = true) {
  const time = new VirtualTime(NOW);
  const guard = createEgressPolicy({ allow: [], loopback, clock: time.clock });
  return { time, deliverer: createDeliverer({ guard, clock: time.clock, scheduler: time }) };
}

function aSave(target: Partial<Save['target']>): Save {
  return {
    id: 'delivery-1',
    documentKey: 'key',
    apiKeyId: 'k',
    documentId: 'doc 7',
    documentName: 'Résumé "2026".docx',
    sessionId: 'session-1',
    userId: null,
    reason: 'user',
    force: false,
    version: 3,
    sequence: 9,
    targetId: 't',
    target: aTarget(target),
    state: 'built',
    blob: sha256Of(BYTES),
    sha256: sha256Of(BYTES),
    attempts: 0,
    nextAttemptAt: NOW,
    leasedUntil: null,
    leaseOwner: null,
    createdAt: NOW,
    settledAt: null,
    message: null,
  };
}

const yes =
  (body = '{"message":"Filed"}') =>
  (response: ServerResponse) =>
    response.end(body);

describe('deliverer', () => {
  it('[SA24] posts the file as part "content" with its name, and filename and format as fields', async () => {
    const { received, origin } = await aReceiver(yes());
    const { deliverer } = aDeliverer();

    const answer = await deliverer.deliver(aSave({ saveUrl: `${origin}/save?tenant=7` }), BYTES, CREDENTIALS);

    expect(answer).toMatchObject({ outcome: 'delivered', status: 200, message: 'Filed', number: 1 });
    const [request] = received;
    expect(request).toMatchObject({ method: 'POST', url: '/save?tenant=7' });
    const file = fileIn(request, 'content');
    expect(await file.text()).toBe('the file');
    expect(file.name).toBe('Résumé "2026".docx');
    expect(file.type).toContain('wordprocessingml');
    expect(request?.form.get('filename')).toBe('Résumé "2026".docx');
    expect(request?.form.get('format')).toBe('docx');
    expect(request?.headers['transfer-encoding']).toBeUndefined();
    expect(Number(request?.headers['content-length'])).toBeGreaterThan(BYTES.length);
  });

  it("[SA24] fills in the caller's variables, renames the file part and sends its headers by its method", async () => {
    const { received, origin } = await aReceiver(yes());
    const { deliverer } = aDeliverer();
    const params = {
      upload: '$content',
      name: '$filename',
      kind: '$format',
      sid: '$session_id',
      did: '$document_id',
      n: 5,
      odd: '$other',
    };
    const headers = { 'X-Token': 'abcdefgh', Host: 'evil.example', 'content-length': '1' };

    await deliverer.deliver(
      aSave({ saveUrl: origin, method: 'put', format: 'zdoc', params, headers }),
      BYTES,
      CREDENTIALS,
    );

    const [request] = received;
    expect(request?.method).toBe('PUT');
    expect(request?.form.has('content')).toBe(false);
    expect(fileIn(request, 'upload').name).toBe('Résumé "2026".zdoc');
    expect(
      Object.fromEntries([...(request?.form ?? [])].filter(([, value]) => typeof value === 'string')),
    ).toEqual({
      filename: 'Résumé "2026".zdoc',
      format: 'zdoc',
      name: 'Résumé "2026".zdoc',
      kind: 'zdoc',
      sid: 'session-1',
      did: 'doc 7',
      n: '5',
      odd: '$other',
    });
    expect(request?.headers).toMatchObject({ 'x-token': 'abcdefgh', host: origin.slice('http://'.length) });
  });

  it('[SA25] signs id, time and hash of the file, and says version, reason and attempt', async () => {
    const { received, origin } = await aReceiver(yes());
    const { deliverer } = aDeliverer();

    await deliverer.deliver(aSave({ saveUrl: origin }), BYTES, CREDENTIALS);

    expect(received[0]?.headers).toMatchObject({
      'webhook-id': 'delivery-1',
      'webhook-timestamp': String(NOW / 1000),
      'webhook-signature': signDelivery(SECRET, 'delivery-1', NOW / 1000, sha256Of(BYTES)),
      'x-officina-version': '3',
      'x-officina-sha256': sha256Of(BYTES),
      'x-officina-reason': 'user',
      'x-officina-attempt': '1',
    });
  });

  it('[SA52] signs with each secret of the key while one takes the place of another', async () => {
    const { received, origin } = await aReceiver(yes());
    const { deliverer } = aDeliverer();

    await deliverer.deliver(aSave({ saveUrl: origin }), BYTES, {
      ...CREDENTIALS,
      signingSecrets: ['whsec_bmV3', SECRET],
    });

    const signed = ['whsec_bmV3', SECRET].map((secret) =>
      signDelivery(secret, 'delivery-1', NOW / 1000, sha256Of(BYTES)),
    );
    expect(received[0]?.headers['webhook-signature']).toBe(signed.join(' '));
  });

  it.each([
    ['{"message":"Disk full"}', 'Disk full'],
    ['RESPONSE=Disk full\n', 'Disk full'],
    ['RESPONSE: Disk full', 'Disk full'],
    ['<html>oops</html>', null],
  ])('[SA26] the answer %j of a failure says %j', async (body, message) => {
    const { origin } = await aReceiver((response) => response.writeHead(500).end(body));
    const { deliverer } = aDeliverer();

    const answer = await deliverer.deliver(aSave({ saveUrl: origin }), BYTES, CREDENTIALS);

    expect(answer).toMatchObject({ outcome: 'refused', status: 500, message, canHeal: true });
  });

  it.each([
    [404, false],
    [410, false],
    [429, true],
    [503, true],
  ])('[SA26] status %i can heal: %s', async (status, canHeal) => {
    const { origin } = await aReceiver((response) =>
      response.writeHead(status, { 'retry-after': '30' }).end(),
    );
    const { deliverer } = aDeliverer();

    const answer = await deliverer.deliver(aSave({ saveUrl: origin }), BYTES, CREDENTIALS);

    expect(answer).toMatchObject({ canHeal, retryAfterSeconds: 30, outcome: 'refused' });
  });

  it('[SA26] secrets that the application repeats do not reach the ledger', async () => {
    const { origin } = await aReceiver((response) =>
      response.writeHead(401).end('{"message":"bad token s3cret-token"}'),
    );
    const { deliverer } = aDeliverer();

    const answer = await deliverer.deliver(
      aSave({ saveUrl: origin, headers: { authorization: 's3cret-token' } }),
      BYTES,
      CREDENTIALS,
    );

    expect(answer).toMatchObject({
      answer: '{"message":"bad token [redacted]"}',
      message: 'bad token [redacted]',
    });
  });

  it("[SA27] a receiver that never answers is given up after the caller's timeout", async () => {
    let hasArrived = () => {};
    const arrived = new Promise<void>((resolve) => {
      hasArrived = resolve;
    });
    const { origin } = await aReceiver(() => hasArrived());
    const { time, deliverer } = aDeliverer();

    const delivery = deliverer.deliver(aSave({ saveUrl: origin, timeoutMs: 10_000 }), BYTES, CREDENTIALS);
    await arrived;
    await time.advance(10_000);

    expect(await delivery).toMatchObject({ outcome: 'timed_out', status: null, durationMs: 10_000 });
  });

  it('[SA27] a yes counts although its words never end, and only the start of endless words is read', async () => {
    const { origin } = await aReceiver((response) => {
      const flood = () => {
        while (response.write('x'.repeat(16_384)));
        response.once('drain', flood);
      };
      response.writeHead(200);
      flood();
    });
    const { deliverer } = aDeliverer();

    const answer = await deliverer.deliver(aSave({ saveUrl: origin }), BYTES, CREDENTIALS);

    expect(answer).toMatchObject({ outcome: 'delivered', status: 200 });
    expect(answer.answer).toHaveLength(4096);
  });

  it('[SA27] a refused connection is unreachable, and can heal', async () => {
    const { origin } = await aReceiver(yes());
    for (const close of closers.splice(0)) close();
    const { deliverer } = aDeliverer();

    const answer = await deliverer.deliver(aSave({ saveUrl: origin }), BYTES, CREDENTIALS);

    expect(answer).toMatchObject({ outcome: 'unreachable', canHeal: true });
    expect(answer.answer).toContain('ECONNREFUSED');
  });

  it('[SA28] a redirect takes the file along, but not the secrets to another origin', async () => {
    const second = await aReceiver(yes());
    const first = await aReceiver((response) =>
      response.writeHead(307, { location: `${second.origin}/there` }).end(),
    );
    const { deliverer } = aDeliverer();

    const answer = await deliverer.deliver(
      aSave({ saveUrl: first.origin, headers: { 'x-token': 'secret-1' } }),
      BYTES,
      CREDENTIALS,
    );

    expect(answer.outcome).toBe('delivered');
    expect(first.received[0]?.headers['x-token']).toBe('secret-1');
    expect(second.received[0]).toMatchObject({ method: 'POST', url: '/there' });
    expect(second.received[0]?.headers['x-token']).toBeUndefined();
    expect(await fileIn(second.received[0], 'content').text()).toBe('the file');
  });

  it.each(['http://10.0.0.1/', 'http://[::ffff:169.254.169.254]/', 'file:///etc/passwd'])(
    '[SA28] a redirect to %s is not followed',
    async (location) => {
      const { origin } = await aReceiver((response) => response.writeHead(302, { location }).end());
      const { deliverer } = aDeliverer();

      const answer = await deliverer.deliver(aSave({ saveUrl: origin }), BYTES, CREDENTIALS);

      expect(answer).toMatchObject({ outcome: 'egress_refused', canHeal: false });
    },
  );

  it('[SA28] a redirect in circles ends as a refusal', async () => {
    const { received, origin } = await aReceiver((response) =>
      response.writeHead(302, { location: '/again' }).end(),
    );
    const { deliverer } = aDeliverer();

    const answer = await deliverer.deliver(aSave({ saveUrl: origin }), BYTES, CREDENTIALS);

    expect(answer).toMatchObject({ outcome: 'refused', status: 302 });
    expect(received).toHaveLength(6);
  });

  it('[SA20] an address that may not be reached gets no connection', async () => {
    const { received, origin } = await aReceiver(yes());
    const { deliverer } = aDeliverer(false);

    const answer = await deliverer.deliver(aSave({ saveUrl: origin }), BYTES, CREDENTIALS);

    expect(answer).toMatchObject({ outcome: 'egress_refused', status: null });
    expect(received).toEqual([]);
  });

  it('[SA20] the next file of the same key takes the same connection, one of another key does not', async () => {
    const ports: (number | undefined)[] = [];
    const { origin } = await aReceiver((response, request) => {
      ports.push(request.socket.remotePort);
      response.end('{"message":"Filed"}');
    });
    const { deliverer, time } = aDeliverer();
    const deliver = (change: Partial<Save> = {}) =>
      deliverer.deliver({ ...aSave({ saveUrl: origin }), ...change }, BYTES, CREDENTIALS);

    await deliver();
    await deliver();
    await deliver({ apiKeyId: 'another' });
    await time.advance(1_000);
    await deliver();

    const [first, second, third, fourth] = ports;
    expect(second).toBe(first);
    expect(third).not.toBe(first);
    expect(fourth).not.toBe(first);
  });

  it('[SA27] a connection that broke, or whose answer was not read to its end, is not used again', async () => {
    const ports: (number | undefined)[] = [];
    const answers = [
      (response: ServerResponse) => response.destroy(),
      (response: ServerResponse) => response.end('x'.repeat(100_000)),
    ];
    const { origin } = await aReceiver((response, request) => {
      ports.push(request.socket.remotePort);
      (answers.shift() ?? yes())(response);
    });
    const { deliverer } = aDeliverer();

    const outcomes: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      const { outcome } = await deliverer.deliver(aSave({ saveUrl: origin }), BYTES, CREDENTIALS);
      outcomes.push(outcome);
    }

    expect(outcomes).toEqual(['unreachable', 'delivered', 'delivered']);
    expect(new Set(ports).size).toBe(3);
  });
});
