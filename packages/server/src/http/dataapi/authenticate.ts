import { AppError } from '@officina/protocol';
import type { Account } from '../../domain/accounts/account.js';
import type { Tickets } from '../../domain/accounts/tickets.js';
import type { ApiKeys } from '../../domain/keys/api-keys.js';
import type { TextParameter } from './parameters.js';

/** The service that the calls belong to; a ticket without a service name is one for it. */
export const WRITER = 'ZohoWriter';

export interface Doors {
  keys: ApiKeys;
  tickets: Tickets;
}

type Read = (name: TextParameter) => string | null | undefined;

/** Refuses by AppError: api_key_invalid. */
export async function requireKey({ keys }: Doors, read: Read): Promise<void> {
  const secret = read('apikey');
  if (!secret) {
    throw new AppError('api_key_invalid', 'Send the API key as the parameter "apikey".', {
      blame: { parameter: 'apikey' },
    });
  }
  await keys.authenticate(secret);
}

/** The person who calls, by ticket or by auth token. Refuses by AppError: credentials_invalid. */
export async function requireCaller({ tickets }: Doors, read: Read): Promise<Account> {
  const ticket = read('ticket');
  if (ticket) return await tickets.authenticate('ticket', ticket, WRITER);
  const token = read('authtoken');
  if (token) return await tickets.authenticate('token', token, WRITER);
  throw new AppError('credentials_invalid', 'Send the ticket of a login as the parameter "ticket".');
}
