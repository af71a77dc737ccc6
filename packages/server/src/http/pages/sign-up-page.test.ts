import { AppError } from '@officina/protocol';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NewAccount } from '../../domain/accounts/accounts.js';
import { signUpFace } from './sign-up-page.js';

let app: FastifyInstance;
let opened: NewAccount[];
let refusal: AppError | null;

beforeEach(async () => {
  opened = [];
  refusal = null;
  app = Fastify();
  const face = signUpFace({
    publicUrl: 'https://files.example/office',
    accounts: {
      signUp: async (wish) => {
        if (refusal) throw refusal;
        opened.push(wish);
        return { id: '1', email: wish.email, loginName: null, displayName: wish.displayName, createdAt: 0 };
      },
    },
  });
  app.register(face);
  await app.ready();
});
afterEach(() => app.close());

const TYPED = { email: 'ann@example.org', name: 'Ann', password: 'long enough' };

function submit(form: Record<string, string>, headers: Record<string, string> = {}) {
  return app.inject({
    method: 'POST',
    url: '/sign-up',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload: new URLSearchParams(form).toString(),
  });
}

describe('the page for opening an account', () => {
  it('[LI3] opens the account and shows the way to the library, also below the path of a proxy', async () => {
    const form = await app.inject('/sign-up');
    expect(form.statusCode).toBe(200);
    expect(form.headers['x-frame-options']).toBe('DENY');
    expect(form.body).toContain('action="sign-up"');
    const answer = await submit(TYPED);
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain('href="/office/library"');
    expect(opened).toEqual([{ email: 'ann@example.org', displayName: 'Ann', password: 'long enough' }]);
  });

  it('[LI3] asks again with what was typed, but for the password, and says what is wrong', async () => {
    for (const [code, status] of [
      ['conflict', 409],
      ['parameter_value_invalid', 400],
      ['busy', 429],
    ] as const) {
      refusal = new AppError(code, 'Why <not>.', { retryAfterSeconds: 7, blame: { parameter: 'email' } });
      const answer = await submit({ ...TYPED, name: '"><script>' });
      expect(answer.statusCode).toBe(status);
      expect(answer.headers['retry-after']).toBe('7');
      expect(answer.body).toContain('Why &#60;not&#62;.');
      expect(answer.body).toContain('value="ann@example.org" aria-invalid="true"');
      expect(answer.body).not.toContain('<script>');
      expect(answer.body).not.toContain('long enough');
    }
  });

  it('[LI3] takes nothing from the page of another site', async () => {
    expect((await submit(TYPED, { 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403);
    expect((await submit(TYPED, { origin: 'https://evil.example' })).statusCode).toBe(403);
    expect(opened).toEqual([]);
  });
});
