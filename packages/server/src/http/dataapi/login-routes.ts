import { AppError } from '@officina/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Tickets } from '../../domain/accounts/tickets.js';
import type { Clock } from '../../domain/time.js';
import { WRITER } from './authenticate.js';
import { type BodyRules, type Parameters, withParameters } from './parameters.js';
import { MalformedRequest } from './wire-errors.js';
import { loginDate } from './wire-time.js';

export interface LoginRoutesDeps extends BodyRules {
  tickets: Tickets;
  clock: Clock;
  options: { allowsLoginByGet: boolean };
}

/** Services that the vendor's page names; a ticket is good for the one that it was asked for. */
const SERVICES = [
  WRITER,
  'ZohoShow',
  'ZohoSheet',
  'ZohoCreator',
  'ZohoReports',
  'AaaServer',
  'ZohoProjects',
  'ZohoCRM',
];

/** What a login comes to, before it is written as lines. */
type Outcome =
  | { result: 'TRUE'; name: 'TICKET' | 'AUTHTOKEN'; secret: string; warning: string }
  | { result: 'FALSE'; cause: string; retryAfterSeconds?: number };

/**
 * Logins: plain text, a line for each value, `\n` only and none at the end, because clients split at every `\n` and
 * every line at its `=`. Always HTTP 200.
 */
export function addLoginRoutes(app: FastifyInstance, deps: LoginRoutesDeps): void {
  const answer = async (
    request: FastifyRequest,
    reply: FastifyReply,
    logIn: (parameters: Parameters) => Promise<Outcome>,
  ) => {
    const outcome = await attempt(request, () => withParameters(request, [], deps, logIn));
    reply
      .type('text/plain;charset=UTF-8')
      .header('cache-control', 'no-store')
      .header('x-content-type-options', 'nosniff');
    if (outcome.result === 'FALSE' && outcome.retryAfterSeconds !== undefined) {
      reply.header('retry-after', String(outcome.retryAfterSeconds));
    }
    return reply.send(linesOf(outcome, deps.clock()));
  };

  app.route({
    method: ['GET', 'POST'],
    url: '/login',
    schema: { hide: true },
    handler: (request, reply) =>
      answer(request, reply, async (parameters) => {
        if (request.method !== 'POST' && !deps.options.allowsLoginByGet) {
          return { result: 'FALSE', cause: 'POST_ONLY' };
        }
        return await logInForTicket(deps, request, parameters);
      }),
  });

  app.post('/apiauthtoken/nb/create', { schema: { hide: true } }, (request, reply) =>
    answer(request, reply, (parameters) => logInForToken(deps, request, parameters)),
  );
}

async function logInForTicket(
  { tickets }: LoginRoutesDeps,
  request: FastifyRequest,
  parameters: Parameters,
): Promise<Outcome> {
  const name = parameters.text('LOGIN_ID');
  const password = parameters.text('PASSWORD');
  if (!name) return { result: 'FALSE', cause: 'NO_LOGIN_ID' };
  if (!password) return { result: 'FALSE', cause: 'NO_PASSWORD' };
  const asked = parameters.text('servicename') || WRITER;
  const service = SERVICES.find((one) => one.toLowerCase() === asked.toLowerCase());
  const warnings = [
    ...(parameters.text('FROM_AGENT')?.toLowerCase() === 'true' ? [] : ['FROM_AGENT should be true']),
    ...(service ? [] : ['servicename is not known and was taken for ZohoWriter']),
  ];
  const login = { name, password, service: service ?? WRITER, address: request.ip };
  const { secret } = await tickets.issue('ticket', login);
  return { result: 'TRUE', name: 'TICKET', secret, warning: warnings.join('; ') };
}

async function logInForToken(
  { tickets }: LoginRoutesDeps,
  request: FastifyRequest,
  parameters: Parameters,
): Promise<Outcome> {
  const name = parameters.text('EMAIL_ID');
  const password = parameters.text('PASSWORD');
  if (!name) return { result: 'FALSE', cause: 'NO_EMAIL_ID' };
  if (!password) return { result: 'FALSE', cause: 'NO_PASSWORD' };
  const [service = ''] = (parameters.text('SCOPE') ?? '').split('/');
  if (service.toLowerCase() !== WRITER.toLowerCase()) return { result: 'FALSE', cause: 'INVALID_SCOPE' };
  const { secret } = await tickets.issue('token', { name, password, service: WRITER, address: request.ip });
  return { result: 'TRUE', name: 'AUTHTOKEN', secret, warning: '' };
}

/** Causes are single words without `=`; one word for a wrong name and a wrong password, so that nobody can list accounts. */
async function attempt(request: FastifyRequest, logIn: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await logIn();
  } catch (error) {
    if (error instanceof MalformedRequest) return { result: 'FALSE', cause: 'BAD_REQUEST' };
    if (error instanceof AppError) {
      if (error.code === 'credentials_invalid') return { result: 'FALSE', cause: 'INVALID_PASSWORD' };
      if (error.code !== 'busy') return { result: 'FALSE', cause: 'BAD_REQUEST' };
      return { result: 'FALSE', cause: 'TOO_MANY_TRIES', retryAfterSeconds: error.retryAfterSeconds ?? 1 };
    }
    request.log.error({ err: error }, 'a login failed');
    return { result: 'FALSE', cause: 'SERVER_ERROR' };
  }
}

function linesOf(outcome: Outcome, now: number): string {
  const date = `#${loginDate(now)}`;
  const lines =
    outcome.result === 'FALSE'
      ? [date, `CAUSE=${outcome.cause}`, 'RESULT=FALSE']
      : [
          date,
          ...(outcome.name === 'TICKET' ? [`WARNING=${outcome.warning}`] : []),
          `${outcome.name}=${outcome.secret}`,
          'RESULT=TRUE',
        ];
  return lines.join('\n');
}
