import { createHash, timingSafeEqual } from 'node:crypto';
import type { LibrarySignIn } from '@officina/protocol';
import { AppError } from '@officina/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Account } from '../../domain/accounts/account.js';
import { TICKET_MS, type Tickets } from '../../domain/accounts/tickets.js';
import { isOwnPage, SignInCookie } from '../kit/own-page.js';

/** A page's sign-in opens the library and nothing else. */
const SERVICE = 'library';

export interface Visitor {
  account: Account;
  /** Must come with every change, in a header that no other site can set. */
  csrf: string;
}

/** Who may pass: the cookie carries a ticket of the account, so that a new password signs every browser out. */
export class Doorkeeper {
  readonly #tickets: Pick<Tickets, 'issue' | 'authenticate' | 'revoke'>;
  readonly #publicUrl: URL | null;
  readonly #cookie: SignInCookie;

  constructor(deps: {
    tickets: Pick<Tickets, 'issue' | 'authenticate' | 'revoke'>;
    publicUrl: string | null;
  }) {
    this.#tickets = deps.tickets;
    this.#publicUrl = deps.publicUrl === null ? null : new URL(deps.publicUrl);
    this.#cookie = new SignInCookie('officina_library', 'Lax', this.#publicUrl);
  }

  /** Undefined for who is not signed in. */
  async find(request: FastifyRequest): Promise<Visitor | undefined> {
    const secret = this.#cookie.read(request);
    if (secret === undefined) return undefined;
    try {
      return { account: await this.#tickets.authenticate('page', secret, SERVICE), csrf: csrfOf(secret) };
    } catch (error) {
      if (error instanceof AppError && error.code === 'credentials_invalid') return undefined;
      throw error;
    }
  }

  /** Refuses by AppError: permission_denied for another site's page, credentials_invalid, busy. */
  async open(
    request: FastifyRequest,
    reply: FastifyReply,
    { name, password }: { name: string; password: string },
  ): Promise<LibrarySignIn> {
    if (!isOwnPage(request, this.#publicUrl)) {
      throw new AppError('permission_denied', 'Sign in on the library’s own page.');
    }
    const { secret, account, createdAt } = await this.#tickets.issue('page', {
      name,
      password,
      service: SERVICE,
      address: request.ip,
    });
    this.#cookie.write(request, reply, secret, Math.floor(TICKET_MS / 1000));
    return presentSignIn({ account, csrf: csrfOf(secret) }, createdAt + TICKET_MS);
  }

  async close(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const secret = this.#cookie.read(request);
    if (secret !== undefined) await this.#tickets.revoke(secret);
    this.#cookie.write(request, reply, null);
  }

  /** A change must come from our own page and carry the sign-in's value. */
  mayChange(request: FastifyRequest, { csrf }: Visitor): boolean {
    const given = request.headers['x-officina-csrf'];
    if (typeof given !== 'string' || !isOwnPage(request, this.#publicUrl)) return false;
    const [left, right] = [Buffer.from(given), Buffer.from(csrf)];
    return left.length === right.length && timingSafeEqual(left, right);
  }
}

export function presentSignIn({ account, csrf }: Visitor, expiresAt: number): LibrarySignIn {
  const { id, email, loginName, displayName } = account;
  return { signedIn: true, csrf, expiresAt, person: { id, email, loginName, displayName } };
}

/** Made of the cookie's own value, which no script can read: whoever has it was told it by us. */
function csrfOf(secret: string): string {
  return createHash('sha256').update(`library csrf ${secret}`).digest('base64url');
}
