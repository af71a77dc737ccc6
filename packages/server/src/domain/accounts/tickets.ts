import { createHash } from 'node:crypto';
import { AppError } from '@officina/protocol';
import type { Clock } from '../time.js';
import type { Account } from './account.js';
import type { Accounts } from './accounts.js';
import type { Ticket, TicketStore } from './ticket.js';

export interface TicketsDeps {
  accounts: Pick<Accounts, 'verify'>;
  tickets: TicketStore;
  clock: Clock;
  /** So many random bytes in lower-case hex. */
  randomHex(bytes: number): string;
}

/** Stated for the sister services of the API; counted from the login, not moved by use. */
export const TICKET_MS = 7 * 24 * 60 * 60_000;
const TICKET_BYTES = 16;

/** Tickets and tokens: kept as hashes, so that a copy of the database opens nothing. */
export class Tickets {
  readonly #deps: TicketsDeps;

  constructor(deps: TicketsDeps) {
    this.#deps = deps;
  }

  /** Logs in; the text is told only now. Refuses by AppError as `Accounts.verify` does. */
  async issue(
    kind: Ticket['kind'],
    login: { name: string; password: string; service: string; address: string },
  ): Promise<{ secret: string; account: Account; createdAt: number }> {
    const { account, passwordHash } = await this.#deps.accounts.verify(
      login.name,
      login.password,
      login.address,
    );
    const createdAt = this.#deps.clock();
    const expiresAt = kind === 'token' ? null : createdAt + TICKET_MS;
    const secret = this.#deps.randomHex(TICKET_BYTES);
    const ticket: Ticket = { accountId: account.id, kind, service: login.service, createdAt, expiresAt };
    // The password may have changed while this one was checked.
    if (!(await this.#deps.tickets.add(ticket, hashTicket(secret), passwordHash))) {
      throw new AppError('credentials_invalid');
    }
    return { secret, account, createdAt };
  }

  /** Who shows this ticket for the service. Refuses by AppError: credentials_invalid. */
  async authenticate(kind: Ticket['kind'], secret: string, service: string): Promise<Account> {
    const found = await this.#deps.tickets.find(hashTicket(secret));
    const isGood =
      found?.ticket.kind === kind &&
      found.ticket.service === service &&
      (found.ticket.expiresAt === null || found.ticket.expiresAt > this.#deps.clock());
    if (!found || !isGood) throw new AppError('credentials_invalid', REFUSALS[kind]);
    return found.account;
  }

  async revoke(secret: string): Promise<void> {
    await this.#deps.tickets.remove(hashTicket(secret));
  }
}

const REFUSALS: Readonly<Record<Ticket['kind'], string>> = {
  ticket: 'Invalid ticket. Log in again.',
  token: 'Invalid auth token.',
  page: 'Sign in again.',
};

function hashTicket(secret: string): string {
  return createHash('sha256').update(secret, 'utf8').digest('hex');
}
