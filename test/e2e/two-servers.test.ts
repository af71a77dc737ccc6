import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  startTestPostgres,
  type TestPostgres,
} from '../../packages/server/src/storage/postgres/test-postgres.js';
import { API_KEY, type RunningServer, startServer } from './harness.js';

const IDS = 20;
const postgres = await startTestPostgres();
if (!postgres) console.log('PostgreSQL is not installed here: two servers on one database were not run.');

describe.runIf(postgres)('two servers on one database', () => {
  const servers: RunningServer[] = [];

  beforeAll(async () => {
    const url = await (postgres as TestPostgres).createDatabase();
    // One after the other: the first start makes the tables and the key.
    for (const _ of [1, 2]) servers.push(await startServer({ DATABASE_URL: url }));
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
});

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
