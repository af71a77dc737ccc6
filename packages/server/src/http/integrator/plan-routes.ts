import { createHash } from 'node:crypto';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import type { ApiKey } from '../../domain/keys/api-key.js';
import type { ApiKeys } from '../../domain/keys/api-keys.js';
import type { Usage, UsageOverview } from '../../domain/usage/usage.js';
import { authenticate, queryApiKey } from './authenticate.js';
import { wireTime } from './wire-time.js';
import { ErrorAnswer } from './writer/reference.js';

export interface PlanRoutesDeps {
  keys: ApiKeys;
  usage: Usage;
}

/** Stands for "no limit": clients compare numbers, and every count stays below it. */
const NO_LIMIT = Number.MAX_SAFE_INTEGER;

const Text = Type.String();
const Count = Type.Integer();

const PLAN_SCHEMA = {
  tags: ['plan'],
  operationId: 'describePlan',
  summary: 'Plan details',
  description: `Calls that the API key has made this calendar month (UTC). Without a limit, \`usage_limit\` is ${NO_LIMIT}.`,
  querystring: Type.Object({ apikey: Type.String({ description: 'Your API key.' }) }),
  response: {
    200: {
      description: 'Done.',
      ...Type.Object({
        usage_limit: Count,
        total_usage: Count,
        remaining_usage_limit: Count,
        apikey_id: Text,
        plan_name: Text,
        payment_link: Text,
        subscription_interval: Text,
        subscription_period: Text,
        apikey_generated_time: Text,
        apikey_generated_time_ms: Count,
        last_payment_date: Text,
        last_payment_date_ms: Count,
        next_payment_date: Text,
        next_payment_date_ms: Count,
      }),
    },
    400: { description: 'Refused.', ...ErrorAnswer },
  },
};

export const PLAN_PATH = '/api/v1/plan';

/** What the key has used, in the words of a service that is paid for. */
export function addPlanRoutes(app: FastifyInstance, deps: PlanRoutesDeps): void {
  app.get(PLAN_PATH, { schema: PLAN_SCHEMA }, async (request) => {
    const apiKey = await authenticate(deps.keys, queryApiKey(request));
    const overview = await deps.usage.overview(apiKey);
    return presentPlan(apiKey, overview);
  });
}

function presentPlan(key: ApiKey, usage: UsageOverview) {
  const generated = wireTime(key.createdAt);
  const from = wireTime(usage.from);
  const until = wireTime(usage.until);
  const limit = usage.limit ?? NO_LIMIT;
  return {
    usage_limit: limit,
    total_usage: usage.used,
    remaining_usage_limit: usage.remaining ?? limit - usage.used,
    apikey_id: numericId(key.id),
    plan_name: 'Officina',
    payment_link: '',
    subscription_interval: 'monthly',
    subscription_period: `${from.text.slice(0, 10)} - ${until.text.slice(0, 10)}`,
    apikey_generated_time: generated.text,
    apikey_generated_time_ms: generated.ms,
    last_payment_date: from.text,
    last_payment_date_ms: from.ms,
    next_payment_date: until.text,
    next_payment_date_ms: until.ms,
  };
}

/** Clients read this id as a whole number; ours is a text, so the wire gets a number that stays the same. */
function numericId(id: string): string {
  return BigInt(`0x${createHash('sha256').update(id).digest('hex').slice(0, 12)}`).toString();
}
