import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../domain/time.js';
import { isOwnPage, SignInCookie } from '../kit/own-page.js';
import { matchesCsrf, type SignIn, SignIns } from './sign-ins.js';

/** Who may pass: keeps the sign-ins, the cookie that carries one, and the rule for changes. */
export class Doorkeeper {
  readonly #signIns: SignIns;
  readonly #publicUrl: URL | null;
  readonly #cookie: SignInCookie;

  constructor(deps: { clock: Clock; publicUrl: string | null }) {
    this.#signIns = new SignIns(deps.clock);
    this.#publicUrl = deps.publicUrl === null ? null : new URL(deps.publicUrl);
    this.#cookie = new SignInCookie('officina_console', 'Strict', this.#publicUrl);
  }

  find(request: FastifyRequest): SignIn | undefined {
    return this.#signIns.find(this.#cookie.read(request));
  }

  open(request: FastifyRequest, reply: FastifyReply): SignIn {
    const { token, signIn } = this.#signIns.open();
    this.#cookie.write(request, reply, token);
    return signIn;
  }

  close(request: FastifyRequest, reply: FastifyReply): void {
    const token = this.#cookie.read(request);
    if (token !== undefined) this.#signIns.close(token);
    this.#cookie.write(request, reply, null);
  }

  /** A change must come from our own page and carry the sign-in's value. */
  mayChange(request: FastifyRequest, signIn: SignIn): boolean {
    return this.isOwnPage(request) && matchesCsrf(signIn, request.headers['x-officina-csrf']);
  }

  isOwnPage(request: FastifyRequest): boolean {
    return isOwnPage(request, this.#publicUrl);
  }
}
