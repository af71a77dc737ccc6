import Fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { healthRoutes } from './health-routes.js';

async function anApp(checks: Record<string, () => Promise<string | undefined>>) {
  const app = Fastify();
  await app.register(
    healthRoutes({
      checks,
      renderMetrics: async () => ({ contentType: 'text/plain; version=0.0.4', text: 'x 1\n' }),
    }),
  );
  return app;
}

describe('health routes', () => {
  it('is alive without asking anybody', async () => {
    const app = await anApp({ store: () => Promise.reject(new Error('gone')) });

    expect((await app.inject('/healthz')).json()).toEqual({ status: 'ok' });
  });

  it('is ready when every check passes', async () => {
    const app = await anApp({ store: async () => undefined });

    const answer = await app.inject('/readyz');

    expect([answer.statusCode, answer.json()]).toEqual([200, { status: 'ready', checks: { store: 'ok' } }]);
  });

  it('is not ready when a check fails, and keeps the cause to itself', async () => {
    const app = await anApp({
      store: () => Promise.reject(new Error('password=secret')),
      lease: async () => 'held by another process',
    });

    const answer = await app.inject('/readyz');

    expect([answer.statusCode, answer.json()]).toEqual([
      503,
      { status: 'not ready', checks: { store: 'failed', lease: 'held by another process' } },
    ]);
  });

  it('hands out the metrics', async () => {
    const app = await anApp({});

    const answer = await app.inject('/metrics');

    expect([answer.headers['content-type'], answer.body]).toEqual(['text/plain; version=0.0.4', 'x 1\n']);
  });
});
