import { AppError } from '@officina/protocol';
import type { FastifyRequest } from 'fastify';
import type { Account } from '../../domain/accounts/account.js';
import type { Clock } from '../../domain/time.js';
import type { Visitor } from './doorkeeper.js';
import type { View } from './present.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is signed in; set on every route behind the library's doors. */
    visitor: Visitor | null;
  }
}

export const LIBRARY_API = '/library/api';

export type IdRequest = FastifyRequest<{ Params: { id: string } }>;

/** The account of a request that has passed the doors. */
export function accountOf({ visitor }: FastifyRequest): Account {
  if (!visitor) throw new AppError('credentials_invalid', 'Sign in to the library first.');
  return visitor.account;
}

/** What the answer to this request depends on. */
export function viewOf(deps: { clock: Clock; publicUrl: string | null }, request: FastifyRequest): View {
  const { publicUrl } = deps;
  const basePath = publicUrl ? new URL(publicUrl).pathname.replace(/\/+$/, '') : '';
  return { accountId: accountOf(request).id, now: deps.clock(), basePath };
}
