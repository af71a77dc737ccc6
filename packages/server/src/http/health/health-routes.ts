import type { FastifyPluginAsync } from 'fastify';

export interface HealthDeps {
  /** Names what is checked; rejects, or answers a reason, when the server cannot do its work. */
  checks: Readonly<Record<string, () => Promise<string | undefined>>>;
  /** What is worth knowing of the server and no reason to keep people away from it. */
  remarks?: Readonly<Record<string, () => string>>;
  renderMetrics: () => Promise<{ contentType: string; text: string }>;
}

/** A check that has not answered after this has failed: whoever asks has a short patience of its own. */
const CHECK_LIMIT_MS = 3_000;

/** `/healthz` (alive), `/readyz` (able to work), `/metrics` (Prometheus). */
export function healthRoutes({ checks, remarks = {}, renderMetrics }: HealthDeps): FastifyPluginAsync {
  return async (app) => {
    const hidden = { schema: { hide: true }, logLevel: 'silent' as const };

    app.get('/healthz', hidden, async (_request, reply) =>
      reply.header('cache-control', 'no-store').send({ status: 'ok' }),
    );

    app.get('/readyz', hidden, async (_request, reply) => {
      const results = await Promise.all(
        Object.entries(checks).map(async ([name, check]) => [name, await outcomeOf(check)] as const),
      );
      const isReady = results.every(([, outcome]) => outcome === 'ok');
      return reply
        .code(isReady ? 200 : 503)
        .header('cache-control', 'no-store')
        .send({
          status: isReady ? 'ready' : 'not ready',
          checks: Object.fromEntries(results),
          ...Object.fromEntries(Object.entries(remarks).map(([name, remark]) => [name, remark()])),
        });
    });

    app.get('/metrics', hidden, async (_request, reply) => {
      const { contentType, text } = await renderMetrics();
      return reply.header('content-type', contentType).send(text);
    });
  };
}

async function outcomeOf(check: () => Promise<string | undefined>): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('no answer in time'), CHECK_LIMIT_MS);
  });
  try {
    return await Promise.race([
      check().then(
        (reason) => reason ?? 'ok',
        // The cause may name hosts and paths: it is for the log, not for whoever can reach this page.
        () => 'failed',
      ),
      tooLong,
    ]);
  } finally {
    clearTimeout(timer);
  }
}
