import { OPERATION_RIGHTS, type Permissions, ROOM_LIMITS } from '@officina/protocol';
import { describe, expect, it } from 'vitest';
import { NO_PERMISSIONS } from './testing/fake-sessions.js';
import { settle } from './testing/fake-time.js';
import { type Client, RoomLab, typed } from './testing/room-lab.js';

const may = (...granted: (keyof Permissions)[]): Permissions => ({
  ...NO_PERMISSIONS,
  ...Object.fromEntries(granted.map((permission) => [permission, true])),
});

async function withPermissions(permissions: Permissions, mode: 'edit' | 'preview' = 'edit') {
  const lab = new RoomLab();
  const person = await lab.enter('person', { session: { permissions, mode } });
  let n = 0;
  /** The reason for a refusal, or `taken`. */
  const attempt = async (...kinds: string[]) => {
    n += 1;
    person.send({ t: 'op', n, base: 0, o: { ops: kinds.map((kind) => ({ kind })) } });
    await settle();
    return person.socket.all('reject').find((reject) => reject.n === n)?.code ?? 'taken';
  };
  return { lab, person, attempt };
}

describe('envelope', () => {
  it('[RO10] a frame that is no list of known messages closes the connection with 4400', async () => {
    const frames = ['', 'null', '{}', '[]', '[null]', '[[]]', '[{"t":"drop table"}]', '[{"t":"op"}]'];
    frames.push(
      '[{"t":"op","n":-1,"base":0}]',
      '[{"t":"op","n":1.5,"base":0}]',
      '[{"t":"digest","sequence":"1"}]',
    );
    frames.push('[{"t":"hello","client":"../../etc"}]', '[{"t":"save","force":"yes"}]', '['.repeat(100_000));
    for (const frame of frames) {
      const lab = new RoomLab();
      const ada = await lab.enter('ada');
      const ben = await lab.enter('ben');
      ada.connection.receive(frame);
      expect([frame.slice(0, 40), ada.socket.closed?.code]).toEqual([frame.slice(0, 40), 4400]);
      expect(ben.socket.closed).toBeUndefined();
    }
  });

  it('[RO11] nothing is said before the welcome, greeting is done once, and silence is no greeting', async () => {
    const lab = new RoomLab();
    const early = lab.open('ada');
    early.type('too early');
    expect(early.socket.closed?.code).toBe(4400);

    const ada = await lab.enter('ada');
    ada.greet({ client: 'client-of-ada' });
    expect(ada.socket.closed?.code).toBe(4400);

    const silent = lab.open('ada');
    silent.send({ t: 'ping' });
    await lab.time.advance(9_999);
    expect(silent.socket.all('pong').length).toBe(1);
    expect(silent.socket.closed).toBeUndefined();
    await lab.time.advance(1);
    expect(silent.socket.closed?.code).toBe(4400);
  });

  it('[RO12] a kind that nobody knows gets no number', async () => {
    const { lab, attempt } = await withPermissions(may('document.edit'));
    for (const kind of ['rm', '__proto__', 'constructor', ''])
      expect(await attempt(kind)).toBe('kind_unknown');
    expect(await attempt('insertText', 'rm')).toBe('kind_unknown');
    expect(lab.log.appends).toBe(0);
  });

  it('[RO13] rights: nobody does what the session may not do', async () => {
    const reader = await withPermissions(NO_PERMISSIONS);
    for (const kind of Object.keys(OPERATION_RIGHTS).slice(0, 40)) {
      expect(await reader.attempt(kind)).toBe('permission_denied');
    }
    const commenter = await withPermissions(may('review.comment'));
    expect(await commenter.attempt('addComment')).toBe('taken');
    expect(await commenter.attempt('insertText')).toBe('permission_denied');
    expect(await commenter.attempt('addComment', 'insertText')).toBe('permission_denied');
    const filler = await withPermissions(may('document.fill'));
    expect(await filler.attempt('setContentControlValue')).toBe('taken');
    expect(await filler.attempt('deleteBlock')).toBe('permission_denied');
    const editor = await withPermissions(may('document.edit'));
    expect(await editor.attempt('insertText')).toBe('taken');
    expect(await editor.attempt('acceptRevision')).toBe('permission_denied');
    expect(await editor.attempt('setRevisionAttribution')).toBe('permission_denied');
  });

  it('[RO13] a preview changes nothing, whatever it was given', async () => {
    const preview = await withPermissions(may('document.edit', 'review.comment'), 'preview');
    expect(await preview.attempt('insertText')).toBe('permission_denied');
    expect(preview.person.welcome.permissions['document.edit']).toBe(false);
  });

  it('[RO14] too many steps, too much text and too large a selection are refused', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    const steps = Array.from({ length: ROOM_LIMITS.stepsPerOperation + 1 }, () => ({ kind: 'insertText' }));
    ada.send({ t: 'op', n: 1, base: 0, o: { ops: steps } });
    ada.send({ t: 'op', n: 2, base: 0, o: typed('x'.repeat(ROOM_LIMITS.operationChars)) });
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    ada.connection.receive(
      `[{"t":"op","n":3,"base":0,"o":{"ops":[{"kind":"insertText","values":${deep}}]}}]`,
    );
    ada.send({ t: 'op', n: 4, base: 0, o: { ops: [{ kind: 'insertText' }], touch: [1] } });
    await settle();
    const codes = ada.socket.all('reject').map(({ n, code }) => [n, code]);
    expect(codes).toEqual([
      [1, 'too_large'],
      [2, 'too_large'],
      [3, 'malformed'],
      [4, 'malformed'],
    ]);
    expect(lab.log.appends).toBe(0);
    ada.send({ t: 'presence', selection: 'x'.repeat(ROOM_LIMITS.selectionChars) });
    expect(ada.socket.closed?.code).toBe(4400);
  });

  it('[RO16] floods of frames and of operations are closed with 4429, and others notice nothing', async () => {
    const lab = new RoomLab();
    const ben = await lab.enter('ben');
    const frames = await lab.enter('frames');
    for (let count = 0; count <= ROOM_LIMITS.frameBurst; count += 1) frames.send({ t: 'ping' });
    expect(frames.socket.closed?.code).toBe(4429);

    const operations = await lab.enter('operations');
    operations.typeMany(ROOM_LIMITS.operationBurst + 1);
    expect(operations.socket.closed?.code).toBe(4429);
    await lab.time.advance(20);
    expect(ben.heard.length).toBe(ROOM_LIMITS.operationBurst);
    expect(ben.socket.closed).toBeUndefined();
    expect(lab.rooms.metrics().floods).toBe(2);

    const back = await lab.enter('operations', { lastSequence: ROOM_LIMITS.operationBurst, epoch: 1 });
    back.type('the rest, more slowly', { n: ROOM_LIMITS.operationBurst + 1 });
    await lab.time.advance(20);
    expect(ben.heard.length).toBe(ROOM_LIMITS.operationBurst + 1);
  });

  it('[RO16] a session has one allowance of characters, however often it connects', async () => {
    const lab = new RoomLab();
    const picture = 'x'.repeat(ROOM_LIMITS.operationChars - 1_000);
    const ada = await lab.enter('ada');
    ada.type(picture);
    ada.type(picture);
    await settle();
    expect(ada.operations.length).toBe(2);
    ada.type(picture);
    expect(ada.socket.closed?.code).toBe(4429);
    const again = await lab.enter('ada', { client: 'client-two', lastSequence: 2, epoch: 1 });
    again.type(picture);
    expect(again.socket.closed?.code).toBe(4429);

    await lab.time.advance(20_000);
    const later = await lab.enter('ada', { client: 'client-three', lastSequence: 2, epoch: 1 });
    later.type(picture);
    await settle();
    expect(later.operations.length).toBe(1);
  });

  it('[RO16] a hasty typist is no flood', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    for (let second = 0; second < 120; second += 1) {
      for (let key = 0; key < 30; key += 1) ada.type('x');
      await lab.time.advance(1_000);
    }
    expect(ada.socket.closed).toBeUndefined();
    expect(ada.heard.length).toBe(3_600);
  });

  it('[RO17] who goes on after fifty refusals in a minute is ended', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada', { session: { permissions: NO_PERMISSIONS } });
    for (let count = 0; count < 50; count += 1) ada.type('x');
    expect(ada.socket.closed).toBeUndefined();
    ada.type('x');
    expect(ada.socket.all('ended')).toEqual([{ t: 'ended', reason: 'misbehaved' }]);
    expect(ada.socket.closed?.code).toBe(4403);
  });

  it('[RO18] an operation of the future, or under a name that is not its own, is refused', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    ada.type('from the future', { n: 1, base: 5 });
    ada.send({ t: 'op', n: 2, base: 0, o: { ...typed('x'), id: { client: 'client-of-ben', n: 2 } } });
    ada.send({ t: 'op', n: 3, base: 0, o: { ...typed('x'), id: { client: 'client-of-ada', n: 4 } } });
    ada.send({ t: 'op', n: 4, base: 0, o: { ...typed('x'), base: 9 } });
    await settle();
    expect(ada.socket.all('reject').map(({ n, code }) => [n, code])).toEqual(
      [1, 2, 3, 4].map((n) => [n, 'malformed']),
    );
  });

  it('[RO16] more than twenty connections of one session are no page', async () => {
    const lab = new RoomLab();
    for (let page = 0; page < 20; page += 1) expect(lab.open('ada').socket.closed).toBeUndefined();
    expect(lab.open('ada').socket.closed?.code).toBe(4429);
  });
});

describe('seeded fuzz', () => {
  const seeds = Array.from({ length: 40 }, (_, at) => at + 1);

  it.each(seeds)(
    '[RO19] seed %i: honest people keep one order whatever a hostile client sends',
    async (seed) => {
      const random = generator(seed);
      const lab = new RoomLab();
      const honest = [await lab.enter('ada'), await lab.enter('ben')];
      const sent = new Set<string>();
      let hostile = await lab.enter('mallory', { client: 'client-mallory-0' });
      for (let step = 0; step < 150; step += 1) {
        if (hostile.socket.closed) hostile = await lab.enter('mallory', { client: `client-mallory-${step}` });
        attack(hostile, random);
        const author = honest[step % 2];
        const word = `honest ${step}`;
        author?.type(word);
        sent.add(word);
        if (random() < 0.3) await lab.time.advance(random() * 50);
      }
      await lab.time.advance(1_000);

      const [ada, ben] = honest;
      expect(ada?.socket.closed).toBeUndefined();
      expect(ben?.operations).toEqual(ada?.operations.filter(({ sequence }) => sequence > 0));
      const heard = ada?.operations.map(({ o }) => JSON.stringify(o)) ?? [];
      for (const word of sent) expect(heard.filter((text) => text.includes(`"${word}"`)).length).toBe(1);
      for (const operation of ada?.operations ?? []) {
        const { client, actor } = operation;
        expect([client.split('-').at(1), actor.split('-').at(2)]).toSatisfy(
          ([from, by]) => (from === 'mallory') === (by === 'mallory'),
        );
      }
      expect(ada?.operations).toEqual(await lab.log.readAfter('document-1', 0));
    },
  );
});

/** One hostile act, chosen by the seed. */
function attack(client: Client, random: () => number): void {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const n = pick([0, 1, 2, 2 ** 30, Math.floor(random() * 1_000) + 1]);
  const kind = pick(['insertText', 'setRevisionAttribution', 'rm -rf', '__proto__', 'replaceBlocks']);
  const payload = pick<unknown>([
    null,
    'text',
    [],
    { ops: [] },
    { ops: [null] },
    { ops: [{ kind }] },
    { ops: [{ kind, values: { text: 'x'.repeat(Math.floor(random() * 5_000)) } }], touch: ['b'] },
    { ops: [{ kind: { toString: 'insertText' } }] },
    { ops: [{ kind }], id: { client: 'client-of-ada', n } },
  ]);
  const forged = { actor: 'user-of-ada', author: 'Name of ada', at: 0, sequence: 1 };
  const frame = pick<unknown>([
    [{ t: 'op', n, base: pick([0, 1, 99_999]), o: payload, ...forged }],
    [
      { t: 'op', n, base: 0, o: payload },
      { t: 'op', n, base: 0, o: payload },
    ],
    [{ t: 'presence', selection: pick<unknown>([null, 'y'.repeat(3_000), { at: 1 }]) }],
    [{ t: 'digest', sequence: pick([0, 200, 7]), digest: 'z' }],
    [{ t: 'hello', protocol: 1, client: 'client-of-ada', lastSequence: 0, epoch: 0, engine: '2.35.0' }],
    [{ t: 'ops', operations: [] }],
    { t: 'op' },
    [{ t: 'save' }, { t: 'extend' }, { t: 'ping' }],
    'not even a list',
  ]);
  const text = JSON.stringify(frame);
  client.connection.receive(random() < 0.1 ? text.slice(0, Math.floor(random() * text.length)) : text);
}

/** Mulberry32. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
