import { Readable } from 'node:stream';
import { AppError } from '@officina/protocol';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleAccount } from '../../storage/contract/library-samples.js';
import { addArchiveRoutes } from './archive-routes.js';

let app: FastifyInstance;
let taken: string[];

beforeEach(async () => {
  taken = [];
  app = Fastify({ bodyLimit: 10 });
  addArchiveRoutes(
    app,
    '/archive',
    {
      clock: () => Date.UTC(2026, 0, 2),
      archives: {
        export: ({ email }) => Readable.from([`zip of ${email}`]),
        async import(_account, body) {
          const chunks: Uint8Array[] = [];
          for await (const chunk of body) chunks.push(chunk);
          const text = Buffer.concat(chunks).toString();
          if (text === 'no zip') throw new AppError('parameter_value_invalid', 'The archive cannot be read.');
          taken.push(text);
          return { added: 1, present: 2, refused: [] };
        },
      },
    },
    (request) => {
      if (request.headers.cookie !== 'ann') throw new AppError('credentials_invalid');
      return sampleAccount();
    },
  );
  app.setErrorHandler((error, _request, reply) => reply.code(400).send({ code: (error as AppError).code }));
  await app.ready();
});
afterEach(() => app.close());

function post(payload: string, type = 'application/zip', cookie = 'ann') {
  return app.inject({ method: 'POST', url: '/archive', payload, headers: { 'content-type': type, cookie } });
}

describe('the archive of an account on the library’s page', () => {
  it('[LI90] goes out as a file with a name and a day, to nobody but its owner', async () => {
    const answer = await app.inject({ url: '/archive', headers: { cookie: 'ann' } });
    expect(answer.headers['content-type']).toBe('application/zip');
    expect(answer.headers['content-disposition']).toContain('filename="ann@example.org 2026-01-02.zip"');
    expect(answer.body).toBe('zip of ann@example.org');
    expect((await app.inject('/archive')).json()).toEqual({ code: 'credentials_invalid' });
  });

  it('[LI92] comes in as it is sent, beyond what other bodies may have', async () => {
    const answer = await post('an archive that is longer than ten bytes');
    expect(answer.json()).toEqual({ added: 1, present: 2, refused: [] });
    expect(taken).toEqual(['an archive that is longer than ten bytes']);
  });

  it('[LI94] is refused when it is none, of another type, or nobody’s', async () => {
    expect((await post('no zip')).json()).toEqual({ code: 'parameter_value_invalid' });
    expect((await post('{}', 'application/json')).statusCode).toBe(415);
    expect((await post('zip', 'application/zip', 'bo')).json()).toEqual({ code: 'credentials_invalid' });
    expect(taken).toEqual([]);
  });
});
