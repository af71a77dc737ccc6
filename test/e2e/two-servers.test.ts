import { CLOSE_CODES } from '@officina/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  startTestPostgres,
  type TestPostgres,
} from '../../packages/server/src/storage/postgres/test-postgres.js';
import { API_KEY, type RunningServer, startServer } from './harness.js';
import { LibraryCaller } from './library-caller.js';
import { addAccount } from './library-people.js';

const IDS = 20;
const postgres = await startTestPostgres();
if (!postgres) console.log('PostgreSQL is not installed here: two servers on one database were not run.');

describe.runIf(postgres)('two servers on one database', () => {
  const servers: RunningServer[] = [];
  let databaseUrl: string;

  beforeAll(async () => {
    databaseUrl = await (postgres as TestPostgres).createDatabase();
    // One after the other: the first start makes the tables and the key.
    for (const _ of [1, 2]) servers.push(await startServer({ DATABASE_URL: databaseUrl }));
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await postgres?.stop();
  });

  it('[SE40] both answer when a new id is posted to them at the same time', async () => {
    for (let at = 0; at < IDS; at += 1) {
      const answers = await Promise.all(servers.map((server) => post(server, `plan-${at}`)));
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['created', 'joined']);
      const [server] = servers;
      const list = await fetch(
        `${server?.url}/writer/officeapi/v1/documents/plan-${at}/sessions?apikey=${API_KEY}`,
      );
      expect(((await list.json()) as { sessions: unknown[] }).sessions).toHaveLength(2);
    }
  });

  it('[LI111] a share, a lock and the trash on one reach rooms and pages of the other at once', async () => {
    const [here, there] = servers as [RunningServer, RunningServer];
    for (const name of ['Ada', 'Bob']) await addAccount(here, name, { DATABASE_URL: databaseUrl });
    // The two have no folder in common: what is made here is opened here, and changed there.
    const { id } = await (await signIn(here, 'Ada')).post<{ id: string }>('documents', { name: 'Minutes' });
    const ada = await signIn(there, 'Ada');
    const bob = await signIn(here, 'Bob');
    const news = await bob.hearNews();

    await ada.post(`documents/${id}/shares`, { people: ['Bob'], canWrite: true });
    expect(await news.next(id)).toBe('changed');
    const room = await bob.enter(id);
    const become = (mayEdit: boolean) =>
      room.until(({ messages }) => {
        const last = messages.findLast(({ t }) => t === 'permissions');
        return last?.t === 'permissions' && last.permissions['document.edit'] === mayEdit;
      });

    await ada.post(`documents/${id}/shares`, { people: ['Bob'], canWrite: false });
    await become(false);
    await ada.post(`documents/${id}/shares`, { people: ['Bob'], canWrite: true });
    await become(true);
    await ada.post(`documents/${id}/lock`);
    await become(false);
    await ada.post(`documents/${id}/unlock`);
    await become(true);
    await ada.post(`documents/${id}/trash`);
    expect(await room.untilClosed()).toBe(CLOSE_CODES.ended);

    await ada.post(`documents/${id}/restore`);
    const again = await bob.enter(id);
    await ada.post(`documents/${id}/shares/cancel`, { email: 'bob@example.org' });
    expect(await again.untilClosed()).toBe(CLOSE_CODES.ended);
    let heard = await news.next(id);
    while (heard !== 'gone') heard = await news.next(id);
    await news.close();
  });
});

function signIn(server: RunningServer, name: string): Promise<LibraryCaller> {
  return LibraryCaller.signIn(server.url, name);
}

async function post(server: RunningServer, id: string): Promise<{ status: number; outcome: string | null }> {
  const form = new FormData();
  form.set('document_info', JSON.stringify({ document_id: id }));
  const answer = await fetch(`${server.url}/writer/officeapi/v1/documents?apikey=${API_KEY}`, {
    method: 'POST',
    body: form,
  });
  await answer.arrayBuffer();
  return { status: answer.status, outcome: answer.headers.get('x-officina-document') };
}
