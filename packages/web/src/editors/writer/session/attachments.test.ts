import type { Message } from '@officina/engine/writer/replica';
import type { SequencedOperation } from '@officina/protocol';
import { describe, expect, it } from 'vitest';
import { Attachments, PictureRefused } from './attachments.js';

function aPicture(size = 20_000): Uint8Array {
  const bytes = new Uint8Array(size);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return bytes;
}

function messageWith(bytes: Uint8Array): Message {
  const ops = [{ kind: 'insertImage', values: { image: { $bytes: bytes } } }];
  return { id: { client: 'c', n: 1 }, base: 0, ops } as unknown as Message;
}

const operationNaming = (name: string) =>
  ({ sequence: 1, o: { ops: [], blobs: [name] } }) as unknown as SequencedOperation;

/** A room that answers with these statuses, one after the other, and `null` for no answer. */
function setUp(statuses: (number | null)[], stored: (Uint8Array | null)[] = []) {
  const puts: string[] = [];
  const pauses: number[] = [];
  const attachments = new Attachments({
    transport: {
      async put(name) {
        puts.push(name);
        const status = statuses.shift();
        if (!status) throw new Error('no answer');
        return { status, words: `said ${status}` };
      },
      async get() {
        const bytes = stored.shift();
        if (!bytes) throw new Error('no answer');
        return bytes;
      },
    },
    sha256Of: async (bytes) => `hash-of-${bytes.length}`,
    schedule: (task, delayMs) => {
      pauses.push(delayMs);
      queueMicrotask(task);
      return () => {};
    },
  });
  return { attachments, puts, pauses };
}

describe('pictures of a session', () => {
  it('[RO75] an operation waits for its picture to be placed, and then names it', async () => {
    const { attachments, puts } = setUp([201]);
    const message = messageWith(aPicture());

    expect(attachments.payloadOf(message)).toBeNull();
    await attachments.place(message);
    expect(attachments.payloadOf(message)).toEqual({
      ops: [{ kind: 'insertImage', values: { image: { $blob: 'hash-of-20000' } } }],
      blobs: ['hash-of-20000'],
    });
    // The second time the room has it already.
    await attachments.place(message);
    expect(puts).toEqual(['hash-of-20000']);
  });

  it('[RO75] what is light, or no picture, goes inside the operation', () => {
    const { attachments } = setUp([]);
    expect(attachments.payloadOf(messageWith(new Uint8Array([1, 2, 3])))).toEqual({
      ops: [{ kind: 'insertImage', values: { image: { $bytes: 'AQID' } } }],
    });
    expect(attachments.payloadOf(messageWith(new Uint8Array(20_000)))).not.toBeNull();
  });

  it('[RO75] the room is asked again, with growing pauses, until it answers', async () => {
    const { attachments, puts, pauses } = setUp([null, 503, null, 201]);
    await attachments.place(messageWith(aPicture()));
    expect([puts.length, pauses]).toEqual([4, [500, 1000, 2000]]);
  });

  it('[RO75] a picture that the room will not have is refused in its words', async () => {
    const { attachments } = setUp([413]);
    await expect(attachments.place(messageWith(aPicture()))).rejects.toThrow(new PictureRefused('said 413'));
  });

  it('[RO75] others’ operations wait for their picture, and nothing else is taken for it', async () => {
    const right = aPicture();
    const { attachments } = setUp([], [null, aPicture(9), right]);
    const operation = operationNaming('hash-of-20000');
    const plain = { sequence: 2, o: { ops: [] } } as unknown as SequencedOperation;

    expect(attachments.readyCount([plain, operation, plain])).toBe(1);
    await attachments.fetchFor(operation);
    expect(attachments.readyCount([plain, operation, plain])).toBe(3);
    expect(attachments.bytesOf('hash-of-20000')).toBe(right);
  });
});
