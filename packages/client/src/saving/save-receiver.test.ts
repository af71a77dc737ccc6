import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createTestSender } from '../testing/test-sender.js';
import { toNodeHandler } from './node-handler.js';
import type { ReceivedSave } from './received-save.js';
import { createSaveReceiver, SaveRefused } from './save-receiver.js';

const SECRET = 'whsec_c2VjcmV0IG9mIHRoZSB0ZXN0';
const NOW = Date.UTC(2026, 0, 5, 9);
const bytes = (text: string) => new TextEncoder().encode(text);

function aReceiver(
  onSave: (save: ReceivedSave) => Promise<string | undefined> | string | undefined = () => undefined,
) {
  const stored: ReceivedSave[] = [];
  const receive = createSaveReceiver({
    secret: SECRET,
    now: () => NOW,
    onSave: (save) => {
      stored.push(save);
      return onSave(save);
    },
  });
  return { stored, receive, sender: createTestSender({ secret: SECRET, now: () => NOW }) };
}

const outcomeOf = async (response: Response | undefined) => [
  response?.status,
  (await response?.clone().json())?.message,
];

describe('save receiver', () => {
  it('[SA30] hands a verified save to the application and answers its words', async () => {
    const { stored, receive, sender } = aReceiver(() => 'Filed');

    const [response] = await sender.send(receive, {
      bytes: bytes('the file'),
      fileName: 'Letter.docx',
      documentId: 'a/ü',
      version: 4,
      fields: { tenant: '7' },
    });

    expect(await outcomeOf(response)).toEqual([200, 'Filed']);
    expect(stored).toHaveLength(1);
    expect(stored[0]).toMatchObject({
      fileName: 'Letter.docx',
      documentId: 'a/ü',
      version: 4,
      life: 'life of a/ü',
      attempt: 1,
      fields: { tenant: '7', format: 'docx' },
    });
    expect(new TextDecoder().decode(stored[0]?.bytes)).toBe('the file');
  });

  it.each([
    ['a forged signature', { forged: true }, 401],
    ['an old signature', { ageMs: 600_000 }, 401],
    ['a signature from the future', { ageMs: -600_000 }, 401],
    ['changed bytes', { tampered: true }, 400],
  ])('[SA30] %s reaches nobody', async (_what, options, status) => {
    const { stored, receive, sender } = aReceiver();

    const [response] = await sender.send(receive, { bytes: bytes('x') }, options);

    expect([response?.status, stored]).toEqual([status, []]);
  });

  it('[SA31] a repeated delivery is stored once and answered alike', async () => {
    const { stored, receive, sender } = aReceiver(() => 'Filed');

    const responses = await sender.send(receive, { bytes: bytes('x') }, { times: 3 });

    expect(await Promise.all(responses.map(outcomeOf))).toEqual([1, 2, 3].map(() => [200, 'Filed']));
    expect(stored).toHaveLength(1);
  });

  it('[SA31] repetitions that arrive together are stored once', async () => {
    const { stored, receive, sender } = aReceiver(async () => undefined);

    await Promise.all(
      [1, 2, 3].map(() => sender.send(receive, { bytes: bytes('x'), deliveryId: 'same', version: 1 })),
    );

    expect(stored).toHaveLength(1);
  });

  it('[SA31] one delivery id with two contents is a conflict', async () => {
    const { receive, sender } = aReceiver();
    await sender.send(receive, { bytes: bytes('one'), deliveryId: 'same' });

    const [response] = await sender.send(receive, { bytes: bytes('two'), deliveryId: 'same' });

    expect(response?.status).toBe(409);
  });

  it('[SA32] an older version that comes late does not follow a newer one', async () => {
    const { stored, receive, sender } = aReceiver();
    await sender.send(receive, { bytes: bytes('new'), version: 2 });

    const [response] = await sender.send(receive, { bytes: bytes('old'), version: 1 });

    expect(response?.status).toBe(200);
    expect(stored.map(({ version }) => version)).toEqual([2]);
  });

  it('[SA33] a failure of the application is not remembered, so that the repetition is stored', async () => {
    let isBroken = true;
    const { receive, sender } = aReceiver(() => {
      if (isBroken) throw new Error('disk full at /secret/path');
      return 'Filed';
    });

    const first = await sender.send(receive, { bytes: bytes('x'), deliveryId: 'same' });
    isBroken = false;
    const second = await sender.send(receive, { bytes: bytes('x'), deliveryId: 'same', version: 1 });

    expect(await outcomeOf(first[0])).toEqual([500, 'The application could not store the file.']);
    expect(await outcomeOf(second[0])).toEqual([200, 'Filed']);
  });

  it('[SA33] a refusal of the application is told in its own words', async () => {
    const { receive, sender } = aReceiver(() => {
      throw new SaveRefused('The matter is closed.', 403);
    });

    expect(await outcomeOf((await sender.send(receive, { bytes: bytes('x') }))[0])).toEqual([
      403,
      'The matter is closed.',
    ]);
  });

  it('serves node:http through the adapter, and limits what strangers may send', async () => {
    const { stored, receive, sender } = aReceiver(() => 'Filed');
    const server = createServer(toNodeHandler(receive, { maxBytes: 10_000 }));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/save`;

    const [small] = await sender.send(url, { bytes: bytes('x') });
    const large = await sender.send(url, { bytes: new Uint8Array(20_000) }).then(
      ([response]) => response?.status,
      () => 'broken off',
    );
    server.closeAllConnections();
    server.close();

    expect(await outcomeOf(small)).toEqual([200, 'Filed']);
    expect([413, 'broken off']).toContain(large);
    expect(stored).toHaveLength(1);
  });
});
