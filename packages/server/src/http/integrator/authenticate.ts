import { AppError } from '@officina/protocol';
import type { FastifyRequest } from 'fastify';
import type { ApiKey } from '../../domain/keys/api-key.js';
import type { ApiKeys } from '../../domain/keys/api-keys.js';

export const API_KEY_PARAMETER = 'apikey';

/** The key's text in the query, if it is there. Refuses by AppError two different ones. */
export function queryApiKey(request: FastifyRequest): string | undefined {
  const value = (request.query as Record<string, unknown>)[API_KEY_PARAMETER];
  const values = (Array.isArray(value) ? value : [value]).filter((one) => one !== undefined && one !== '');
  if (values.some((one) => one !== values[0])) {
    throw new AppError('parameter_value_invalid', 'Two different API keys were sent.', {
      blame: { parameter: API_KEY_PARAMETER },
    });
  }
  return values[0] === undefined ? undefined : String(values[0]);
}

/** The application that calls. Refuses by AppError: parameter_missing, api_key_invalid. */
export async function authenticate(keys: ApiKeys, secret: string | undefined): Promise<ApiKey> {
  if (secret === undefined || secret === '') {
    throw new AppError('parameter_missing', 'Send the API key as the query or form parameter "apikey".', {
      blame: { parameter: API_KEY_PARAMETER },
    });
  }
  try {
    return await keys.authenticate(secret);
  } catch (error) {
    // The official clients do not escape "+" in the query, which then reads as a space.
    const isRefused = error instanceof AppError && error.code === 'api_key_invalid';
    if (!isRefused || !secret.includes(' ')) throw error;
    return keys.authenticate(secret.replaceAll(' ', '+'));
  }
}
