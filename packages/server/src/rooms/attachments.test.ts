import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ATTACHMENT_LIMITS, attachmentPath } from '@officina/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { createAttachmentRoute } from './attachment-route.js';
import { NO_PERMISSIONS } from './testing/fake-sessions.js';
import { settle } from './testing/fake-time.js';
import { RoomLab } from './testing/room-lab.js';

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

function aPicture(filling = 1, size = 100): { bytes: Uint8Array<ArrayBuffer>; name: string } {
  const bytes = new Uint8Array(size).fill(filling);
  bytes.set(PNG);
  return { bytes, name: createHash('sha256').update(bytes).digest('hex') };
}

const naming = (...blobs: unknown[]) => ({
  ops: [{ kind: 'insertImage', values: { image: { $blob: blobs[0] } } }],
  blobs,
});

describe('attachments of a room', () => {
  it('[RO70] an operation that names a picture which has not come gets no number', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    const { bytes, name } = aPicture();

    ada.connection.receive(JSON.stringify([{ t: 'op', n: 1, base: 0, o: naming(name) }]));
    expect(await lab.rooms.putAttachment('ada', name, bytes)).toBe('kept');
    ada.connection.receive(JSON.stringify([{ t: 'op', n: 2, base: 0, o: naming(name) }]));
    await settle();

    expect(ada.socket.all('reject')).toMatchObject([{ n: 1, code: 'attachment_missing' }]);
    expect(ada.operations).toMatchObject([{ sequence: 1, n: 2, o: naming(name) }]);
  });

  it('[RO70] what a document has, it has after a restart, too', async () => {
    const lab = new RoomLab();
    await lab.enter('ada');
    const { bytes, name } = aPicture();
    await lab.rooms.putAttachment('ada', name, bytes);

    lab.crash();
    const ada = await lab.enter('ada');
    ada.connection.receive(JSON.stringify([{ t: 'op', n: 1, base: 0, o: naming(name) }]));
    await settle();
    expect(ada.operations).toHaveLength(1);
  });

  it.each([
    ['no list', { ...naming(), blobs: 'x' }],
    ['no hashes', naming('../../etc/passwd')],
    ['too many', naming(...Array(ATTACHMENT_LIMITS.perOperation + 1).fill('a'.repeat(64)))],
  ])('[RO70] names that are %s are malformed', async (_what, o) => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    ada.connection.receive(JSON.stringify([{ t: 'op', n: 1, base: 0, o }]));
    expect(ada.socket.all('reject')).toMatchObject([{ n: 1, code: 'malformed' }]);
  });

  it('[RO71] a picture is kept under its own hash only, by who may edit, while the room is open', async () => {
    const lab = new RoomLab();
    await lab.enter('ada');
    await lab.enter('guest', { session: { permissions: { ...NO_PERMISSIONS, 'review.comment': true } } });
    const { bytes, name } = aPicture();
    const put = (who: string, as: string, what: Uint8Array) => lab.rooms.putAttachment(who, as, what);

    expect(await put('ada', 'b'.repeat(64), bytes)).toBe('other_hash');
    expect(await put('guest', name, bytes)).toBe('may_not');
    expect(await put('ada', name, new TextEncoder().encode('<script>alert(1)</script>'))).toBe('no_picture');
    expect(await put('ada', name, aPicture(1, ATTACHMENT_LIMITS.bytes + 1).bytes)).toBe('too_large');
    expect(await lab.rooms.readAttachment('ada', name)).toBeUndefined();
    lab.crash();
    expect(await put('ada', name, bytes)).toBe('no_room');
  });

  it('[RO72] a picture is read by the sessions of its document and by no others, whoever knows its hash', async () => {
    const lab = new RoomLab();
    await lab.enter('ada');
    await lab.enter('viewer', { session: { permissions: NO_PERMISSIONS } });
    await lab.enter('stranger', { session: { documentKey: 'document-2' } });
    const { bytes, name } = aPicture();
    await lab.rooms.putAttachment('ada', name, bytes);

    expect(await lab.rooms.readAttachment('viewer', name)).toEqual(bytes);
    expect(await lab.rooms.readAttachment('stranger', name)).toBeUndefined();
    await expect(lab.rooms.readAttachment('nobody', name)).rejects.toThrow();
  });

  it('[RO73] a document takes so many bytes of pictures and no more', async () => {
    const lab = new RoomLab();
    await lab.enter('ada');
    const size = ATTACHMENT_LIMITS.bytesPerDocument - 150;
    await lab.attachmentStore.add('document-1', { sha256: 'a'.repeat(64), size });
    const [first, second] = [aPicture(1), aPicture(2)];

    expect(await lab.rooms.putAttachment('ada', first.name, first.bytes)).toBe('kept');
    expect(await lab.rooms.putAttachment('ada', second.name, second.bytes)).toBe('too_much');
    expect(await lab.rooms.putAttachment('ada', first.name, first.bytes)).toBe('kept');
  });
});

describe('the route of attachments', () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  async function serve(lab: RoomLab): Promise<(sessionId: string, sha256: string) => string> {
    const route = createAttachmentRoute(lab.rooms);
    server = createServer((request, response) => {
      if (!route(request, response)) response.writeHead(404).end('somebody else’s');
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return (id, sha256) => attachmentPath(`http://127.0.0.1:${port}/rooms/writer/${id}`, sha256);
  }

  it('[RO71] takes a picture by PUT and gives it back by GET as nothing that a browser would run', async () => {
    const lab = new RoomLab();
    await lab.enter('ada');
    const at = await serve(lab);
    const { bytes, name } = aPicture();

    expect((await fetch(at('ada', name), { method: 'PUT', body: bytes })).status).toBe(201);
    const answer = await fetch(at('ada', name));
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(bytes);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment',
      'x-content-type-options': 'nosniff',
    });
  });

  it.each([
    ['other bytes', 'ada', 'f'.repeat(64), 'PUT', 422],
    ['an unknown session', 'nobody', aPicture().name, 'PUT', 404],
    ['another verb', 'ada', aPicture().name, 'DELETE', 405],
    ['what is not there', 'ada', 'f'.repeat(64), 'GET', 404],
    ['no hash', 'ada', 'picture.png', 'GET', 404],
  ])('[RO71] answers %s by its status', async (_what, session, name, method, status) => {
    const lab = new RoomLab();
    await lab.enter('ada');
    const at = await serve(lab);
    const body = method === 'PUT' ? aPicture().bytes : undefined;
    const answer = await fetch(at(session, name), { method, ...(body && { body }) });
    expect(answer.status).toBe(status);
  });
});
