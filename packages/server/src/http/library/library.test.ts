import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LibraryLab, openLibraryLab, PASSWORD, type Person } from './testing/library-lab.js';

let lab: LibraryLab;
let ada: Person;
let bob: Person;

beforeEach(async () => {
  lab = await openLibraryLab();
  ada = await lab.person('Ada');
  bob = await lab.person('Bob');
});
afterEach(async () => {
  expect(lab.faults).toEqual([]);
  await lab.close();
});

describe('signing in', () => {
  it('[LI100] gives a cookie that no script reads, for seven days', async () => {
    const answer = await ada.signIn('ada@example.org');
    expect(answer.headers['set-cookie']).toMatch(
      /^officina_library=[0-9a-f]{32}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=604800$/,
    );
    expect(answer.json()).toMatchObject({ signedIn: true, person: { displayName: 'Ada', loginName: 'Ada' } });
    lab.time.advance(7 * 24 * 3_600_000);
    expect((await ada.get('tags')).statusCode).toBe(401);
    expect((await ada.get('session')).json()).toEqual({ signedIn: false });
  });

  it('[LI100] a wrong name and a wrong password are refused alike, and slowed down', async () => {
    const wrong = {
      code: 'credentials_invalid',
      message: 'There is no account with this name and password.',
    };
    expect((await ada.signIn('Ada', 'wrong')).json()).toEqual(wrong);
    expect((await ada.signIn('Nobody', 'wrong')).json()).toEqual(wrong);
    for (let trial = 0; trial < 4; trial += 1) await ada.signIn('Ada', 'wrong');
    const slowed = await ada.signIn('Ada', 'wrong');
    expect(slowed.statusCode).toBe(503);
    expect(slowed.headers['retry-after']).toBe('2');
  });

  it('[LI100] a change without the sign-in’s value, or from another site, does nothing', async () => {
    const refused = { code: 'permission_denied' };
    const without = await ada.post('documents', { name: 'X' }, { 'x-officina-csrf': bob.csrf });
    const foreign = await ada.post('documents', { name: 'X' }, { 'sec-fetch-site': 'cross-site' });
    const oldBrowser = await ada.post('documents', { name: 'X' }, { origin: 'https://evil.example' });
    for (const answer of [without, foreign, oldBrowser]) {
      expect(answer.statusCode).toBe(403);
      expect(answer.json()).toMatchObject(refused);
    }
    expect(await ada.names('view=mine')).toEqual([]);
  });

  it('[LI55] with somebody else’s address brings nothing that is shared with it, until the operator confirms it', async () => {
    const id = await ada.upload('Minutes', 'Secret.');
    await ada.post(`documents/${id}/shares`, { people: ['carl@example.org'], canWrite: true });
    const mallory = await lab.stranger('Carl', 'carl@example.org');
    const late = await ada.upload('Plan', 'Secret too.');
    const shared = await ada.post(`documents/${late}/shares`, { people: ['Carl'], canWrite: true });
    expect(shared.json().people).toMatchObject([{ email: 'carl@example.org', isWaiting: true }]);
    expect(await mallory.names('view=shared')).toEqual([]);
    for (const one of [id, late]) expect((await mallory.get(`documents/${one}`)).statusCode).toBe(404);
    expect((await mallory.get('session')).json().person.awaitsConfirmation).toBe(true);

    await lab.accounts.confirm(mallory.account.id);
    expect((await mallory.names('view=shared')).sort()).toEqual(['Minutes', 'Plan']);
    expect((await mallory.get('session')).json().person.awaitsConfirmation).toBeUndefined();
  });

  it('[LI7] a person changes the password by the old one, which signs them out elsewhere and in again here', async () => {
    const elsewhere = await ada.signIn('Ada');
    const old = elsewhere.headers['set-cookie'];
    const change = (current: string, next: string) => ada.post('password', { current, next });
    expect((await change('not it', 'a better one')).json()).toMatchObject({ code: 'permission_denied' });
    expect((await change(PASSWORD, 'short')).statusCode).toBe(400);
    expect((await ada.get('tags')).statusCode).toBe(200);

    const answer = await change(PASSWORD, 'a better one');
    expect(answer.json()).toMatchObject({ signedIn: true, person: { displayName: 'Ada' } });
    expect(answer.headers['set-cookie']).not.toBe(old);
    expect((await ada.get('tags')).statusCode).toBe(401);
    expect((await ada.signIn('Ada')).statusCode).toBe(401);
    expect((await ada.signIn('Ada', 'a better one')).statusCode).toBe(200);
    expect((await ada.get('tags')).statusCode).toBe(200);
  });

  it('[LI100] a new password and signing out end it', async () => {
    expect((await bob.post('sign-out')).json()).toEqual({ signedIn: false });
    expect((await bob.get('tags')).statusCode).toBe(401);
    await lab.accounts.setPassword(ada.account.id, 'another one');
    expect((await ada.get('tags')).statusCode).toBe(401);
  });
});

describe('lists', () => {
  it('[LI101] show what is one’s own, shared, public, in the trash and tagged, with all that is said of it', async () => {
    const plan = await ada.upload('Plan', 'first words');
    await ada.post(`documents/${plan}/shares`, { people: ['Bob', 'new@example.org'], canWrite: false });
    await ada.post(`documents/${plan}/publish`, { isPublic: true });
    await ada.post(`documents/${plan}/tags`, { add: ['work', 'café-🍵'], remove: [] });
    await ada.post(`documents/${plan}/lock`);
    const [item] = (await bob.get('documents?view=shared')).json().items;
    expect(item).toMatchObject({
      ...{ id: plan, name: 'Plan', version: '1.0', role: 'reader', owner: 'Ada', editedBy: 'Ada' },
      ...{ isPublic: true, isSharing: true, isTrashed: false, tags: [] },
      sharedWith: ['bob@example.org', 'new@example.org'],
      lock: { by: 'Ada', isOwn: false },
      pagePath: `/library/documents/${plan}`,
    });
    const [own] = (await ada.get('documents?view=tag&tag=work')).json().items;
    expect(own).toMatchObject({ role: 'owner', tags: ['café-🍵', 'work'], lock: { isOwn: true } });
    expect((await ada.get('tags')).json().tags).toEqual([
      { name: 'café-🍵', count: 1 },
      { name: 'work', count: 1 },
    ]);
    const cleo = await lab.person('Cleo');
    const [open] = (await cleo.get('documents?view=public')).json().items;
    expect(open).toMatchObject({ role: 'visitor', sharedWith: [], pagePath: `/library/public/${plan}` });

    await ada.post(`documents/${plan}/trash`);
    expect(await bob.names('view=shared')).toEqual([]);
    expect(await ada.names('view=trash')).toEqual(['Plan']);
    expect(await cleo.names('view=public')).toEqual([]);
  });

  it('[LI101] run by last change, by age or by name, part by part, without gap or repetition', async () => {
    const names = Array.from(
      { length: 130 },
      (_, index) => `Doc ${String((index * 37) % 130).padStart(3, '0')}`,
    );
    for (const name of names) {
      await lab.authorship.create(ada.account.id, { name, file: null });
      lab.time.advance(1);
    }
    const oldest = (await ada.get('documents?view=mine&sort=created')).json();
    expect(oldest.items[0].name).toBe(names.at(-1));
    for (const [sort, expected] of [
      ['name', [...names].sort()],
      ['created', [...names].reverse()],
      ['modified', [...names].reverse()],
    ] as const) {
      const seen: string[] = [];
      let next: string | null = '';
      while (next !== null) {
        // The first part as long as it is without a wish, then another length each time.
        const wish: string = next === '' ? '' : `&next=${next}&limit=${7 + seen.length}`;
        const part = await ada.get(`documents?view=mine&sort=${sort}${wish}`);
        const page: { items: { name: string }[]; next: string | null } = part.json();
        seen.push(...page.items.map(({ name }) => name));
        next = page.next;
      }
      expect(seen, sort).toEqual(expected);
    }
    expect((await ada.get('documents?view=mine')).json().items).toHaveLength(60);
    expect((await ada.get('documents?view=mine&limit=999')).json().items).toHaveLength(130);
    for (const wrong of ['next=nonsense', 'limit=-1', 'limit=all']) {
      expect((await ada.get(`documents?view=mine&${wrong}`)).statusCode, wrong).toBe(400);
    }
  });

  it('[LI102] are searched by every word, in names and texts, whatever case and accents', async () => {
    const plan = await ada.upload('Ärger', 'Crème brûlée for twelve, 100% sure_');
    await ada.upload('Other', 'nothing of it');
    await lab.settle(plan, ada);
    expect(await ada.names('view=mine&search=arger')).toEqual(['Ärger']);
    expect(await ada.names('view=mine&search=CREME%20twelve')).toEqual(['Ärger']);
    expect(await ada.names('view=mine&search=creme%20nothing')).toEqual([]);
    expect(await ada.names('view=mine&search=100%25')).toEqual(['Ärger']);
    expect(await ada.names('view=mine&search=sure_')).toEqual(['Ärger']);
    expect(await ada.names('view=mine&search=_')).toEqual(['Ärger']);
    expect(await bob.names('view=mine&search=arger')).toEqual([]);
  });
});

describe('one document', () => {
  it('[LI101] is renamed, has its versions listed and an older one brought back, and is deleted for good', async () => {
    const plan = await ada.upload('Plan', 'first words');
    await ada.upload('Plan', 'second words', `documents/${plan}/upload`);
    await ada.post(`documents/${plan}/rename`, { name: 'Schedule' });
    const { versions } = (await ada.get(`documents/${plan}/versions`)).json();
    expect(versions.map(({ version, by }: { version: string; by: string }) => [version, by])).toEqual([
      ['1.2', 'Ada'],
      ['1.1', 'Ada'],
      ['1.0', 'Ada'],
    ]);
    const back = await ada.post(`documents/${plan}/versions/restore`, { version: '1.0' });
    expect(back.json()).toMatchObject({ version: '1.3', name: 'Schedule' });
    expect((await ada.get(`documents/${plan}/download?format=docx`)).body).toBe('first words');
    expect((await ada.get(`documents/${plan}/download?format=docx&version=1.1`)).body).toBe('second words');
    await ada.post(`documents/${plan}/delete`);
    await ada.post(`documents/${plan}/delete`);
    expect((await ada.get(`documents/${plan}`)).statusCode).toBe(404);
  });

  it('[LI101] is no version brought back of while people have it open', async () => {
    const plan = await ada.upload('Plan', 'first words');
    const entrance = await lab.editing.enter(ada.account, plan);
    if (entrance.to === 'room') lab.rooms.connect(entrance.session);
    const refused = await ada.post(`documents/${plan}/versions/restore`, { version: '1.0' });
    expect(refused.statusCode).toBe(409);
  });

  it('[LI109] that is public is read without a sign-in, and nothing else is', async () => {
    const plan = await ada.upload('Plan', 'first words');
    const at = (path: string) => lab.app.inject(`/library/api/public/${plan}/${path}`);
    expect((await at('content')).statusCode).toBe(404);
    await ada.post(`documents/${plan}/publish`, { isPublic: true });
    expect((await at('content')).body).toBe('first words');
    expect((await at('download?format=docx')).headers['content-disposition']).toContain('Plan.docx');
    expect((await lab.app.inject(`/library/api/documents/${plan}/picture`)).statusCode).toBe(401);
  });

  it.each([
    ['documents', { name: '' }],
    ['documents', { name: 7 }],
    ['documents/1/tags', { add: ['two words'], remove: [] }],
    ['documents/1/tags', { add: ['bell\u0007'], remove: [] }],
    ['documents/1/shares', { people: [], canWrite: true }],
    ['documents/1/shares', { people: ['Bob'], canWrite: 'yes' }],
    ['documents/1/versions/restore', { version: '../1' }],
  ])('[LI101] %s with %o is refused before anything is done', async (path, body) => {
    expect((await ada.post(path, body)).statusCode).toBe(400);
  });
});

it('[LI108] news go to those who have a document or had it, and to nobody else', async () => {
  const cleo = await lab.person('Cleo');
  const url = await lab.app.listen({ host: '127.0.0.1', port: 0 });
  const heard = await Promise.all([ada, bob, cleo].map(async ({ cookie }) => listen(url, cookie)));
  const plan = await ada.upload('Plan', 'first words');
  await ada.post(`documents/${plan}/shares`, { people: ['Bob'], canWrite: true });
  await ada.post(`documents/${plan}/shares/cancel`, { email: 'bob@example.org' });
  const [byAda, byBob, byCleo] = heard;
  await byBob?.waitFor('gone');
  expect(byBob?.what).toEqual(['changed', 'gone']);
  await byAda?.waitFor('changed');
  expect(byAda?.what.slice(0, 2)).toEqual(['listed', 'changed']);
  expect(byCleo?.what).toEqual([]);
  for (const each of heard) await each.stop();
});

/** A browser's event source, as far as this test needs one. */
async function listen(url: string, cookie: string) {
  const abort = new AbortController();
  const answer = await fetch(`${url}/library/api/news`, { headers: { cookie }, signal: abort.signal });
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  const what: string[] = [];
  let wake = () => {};
  const reading = (async () => {
    let text = '';
    for await (const chunk of answer.body ?? []) {
      text += Buffer.from(chunk as Uint8Array).toString();
      what.length = 0;
      for (const [, data] of text.matchAll(/^data: (.*)$/gm)) what.push(JSON.parse(data ?? '').what);
      wake();
    }
  })().catch(() => undefined);
  return {
    what,
    async waitFor(wanted: string) {
      while (!what.includes(wanted)) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    async stop() {
      abort.abort();
      await reading;
    },
  };
}
