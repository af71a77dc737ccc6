import type {
  ConsoleDeliveryDetail,
  ConsoleDeliveryPage,
  ConsoleKey,
  ConsoleNewKey,
  ConsoleNewSigningSecret,
  ConsoleOverview,
} from '@officina/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Save } from '../../domain/saving/save.js';
import { addAccountRoutes } from './account-routes.js';
import { readKeySettings } from './key-settings.js';
import type { ConsoleDeps } from './ports.js';
import { presentAttempt, presentDelivery, presentKey } from './present.js';
import { refuse } from './sign-in-routes.js';

const PAGE_SIZE = 50;
const LONGEST_NAME = 100;
const NO_SUCH_KEY = 'There is no such key.';
const STATES: readonly Save['state'][] = [
  'accepted',
  'built',
  'delivered',
  'superseded',
  'parked',
  'conflict',
];

type IdRequest = FastifyRequest<{ Params: { id: string } }>;

/** What a signed-in operator sees and does. The doors stand in front of these routes, not in them. */
export function addOperatorRoutes(app: FastifyInstance, deps: ConsoleDeps): void {
  app.get('/console/api/overview', async (): Promise<ConsoleOverview> => {
    const [counts, checks] = await Promise.all([deps.overview.counts(), deps.overview.checks()]);
    return { counts, checks, versions: deps.overview.versions };
  });
  addKeyRoutes(app, deps);
  addAccountRoutes(app, deps);
  addLedgerRoutes(app, deps);
}

function addKeyRoutes(app: FastifyInstance, deps: ConsoleDeps): void {
  app.get('/console/api/keys', async (): Promise<{ keys: readonly ConsoleKey[] }> => {
    const keys = await deps.keys.list();
    return { keys: keys.map(presentKey) };
  });

  app.post('/console/api/keys', async (request, reply): Promise<FastifyReply | ConsoleNewKey> => {
    const name = readText(request.body, 'name').trim();
    if (name === '' || name.length > LONGEST_NAME) {
      return refuse(reply, 400, `Give the key a name of at most ${LONGEST_NAME} characters.`);
    }
    const { key, secret } = await deps.keys.add(name);
    return { key: presentKey(key), secret, signingSecret: key.signingSecret };
  });

  app.post(
    '/console/api/keys/:id/signing-secret',
    async (request: IdRequest, reply): Promise<FastifyReply | ConsoleNewSigningSecret> => {
      const renewed = await deps.keys.renewSigning(request.params.id);
      return renewed ?? refuse(reply, 404, NO_SUCH_KEY);
    },
  );

  app.post('/console/api/keys/:id/settings', async (request: IdRequest, reply) => {
    const settings = readKeySettings(request.body);
    if (typeof settings === 'string') return refuse(reply, 400, settings);
    if (!(await deps.keys.change(request.params.id, settings))) return refuse(reply, 404, NO_SUCH_KEY);
    return { changed: true };
  });

  app.post('/console/api/keys/:id/revoke', async (request: IdRequest, reply) => {
    if (!(await deps.keys.revoke(request.params.id))) return refuse(reply, 404, NO_SUCH_KEY);
    return { revoked: true };
  });
}

function addLedgerRoutes(app: FastifyInstance, deps: ConsoleDeps): void {
  app.get('/console/api/deliveries', async (request): Promise<ConsoleDeliveryPage> => {
    const saves = await deps.ledger.list({ ...readFilter(request.query), limit: PAGE_SIZE });
    const last = saves.length === PAGE_SIZE ? saves.at(-1) : undefined;
    const nextBefore = last ? `${last.createdAt}.${last.id}` : null;
    return { deliveries: saves.map(presentDelivery), nextBefore };
  });

  app.get(
    '/console/api/deliveries/:id',
    async (request: IdRequest, reply): Promise<FastifyReply | ConsoleDeliveryDetail> => {
      const save = await deps.ledger.find(request.params.id);
      if (!save) return refuse(reply, 404, 'There is no such delivery.');
      const attempts = await deps.ledger.listAttempts(save.id);
      return { delivery: presentDelivery(save), attempts: attempts.map(presentAttempt) };
    },
  );

  app.post('/console/api/deliveries/:id/retry', async (request: IdRequest, reply) => {
    if (await deps.deliveries.retry(request.params.id)) return { due: true };
    return refuse(reply, 409, 'This delivery is settled: there is nothing to send again.');
  });

  app.post('/console/api/deliveries/retry-host', async (request, reply) => {
    const host = readText(request.body, 'host');
    if (host === '') return refuse(reply, 400, 'Name the host whose deliveries are to be sent.');
    return { due: await deps.deliveries.retryHost(host) };
  });

  app.get('/console/api/deliveries/:id/file', async (request: IdRequest, reply) => {
    const save = await deps.ledger.find(request.params.id);
    const bytes = save?.blob ? await deps.blobs.get(save.blob) : undefined;
    if (!save || !bytes) return refuse(reply, 404, 'The file of this delivery is not kept.');
    // Until the target's format has been made from it, the blob is the docx.
    const extension = save.sha256 === null ? 'docx' : save.target.format;
    const name = `${save.documentId.replace(/[^A-Za-z0-9._-]/g, '_')}-v${save.version}.${extension}`;
    return reply
      .headers({
        'content-disposition': `attachment; filename="${name}"`,
        'content-security-policy': "default-src 'none'; sandbox",
      })
      .type('application/octet-stream')
      .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  });
}

function readText(body: unknown, name: string): string {
  if (typeof body !== 'object' || body === null) return '';
  const value = (body as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : '';
}

/** Where a page begins: behind the save of this time and id. */
const PLACE = /^(\d{1,15})\.(.+)$/;

function readFilter(query: unknown): Omit<Parameters<ConsoleDeps['ledger']['list']>[0], 'limit'> {
  const { state, before } = query as { state?: unknown; before?: unknown };
  const wanted = String(state ?? '').split(',');
  const states = STATES.filter((known) => wanted.includes(known));
  const [, at, beforeId] = PLACE.exec(String(before ?? '')) ?? [];
  return {
    ...(states.length > 0 && { states }),
    ...(beforeId !== undefined && { before: Number(at), beforeId }),
  };
}
