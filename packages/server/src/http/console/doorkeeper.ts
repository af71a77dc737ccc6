import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../domain/time.js';
import { matchesCsrf, type SignIn, SignIns } from './sign-ins.js';

const COOKIE = 'officina_console';
/** The name that a browser only takes with `Secure`, `Path=/` and no `Domain`: no sister host can set it. */
const SECURE_COOKIE = `__Host-${COOKIE}`;

/** Who may pass: keeps the sign-ins, the cookie that carries one, and the rule for changes. */
export class Doorkeeper {
  readonly #signIns: SignIns;
  readonly #publicUrl: URL | null;

  constructor(deps: { clock: Clock; publicUrl: string | null }) {
    this.#signIns = new SignIns(deps.clock);
    this.#publicUrl = deps.publicUrl === null ? null : new URL(deps.publicUrl);
  }

  find(request: FastifyRequest): SignIn | undefined {
    return this.#signIns.find(readCookie(request, this.#isSecure(request)));
  }

  open(request: FastifyRequest, reply: FastifyReply): SignIn {
    const { token, signIn } = this.#signIns.open();
    this.#setCookie(request, reply, token);
    return signIn;
  }

  close(request: FastifyRequest, reply: FastifyReply): void {
    const token = readCookie(request, this.#isSecure(request));
    if (token !== undefined) this.#signIns.close(token);
    this.#setCookie(request, reply, null);
  }

  /** A change must come from our own page and carry the sign-in's value. */
  mayChange(request: FastifyRequest, signIn: SignIn): boolean {
    return this.isOwnPage(request) && matchesCsrf(signIn, request.headers['x-officina-csrf']);
  }

  /**
   * Whether our own page asks. A browser of today says so itself; of an older one `Origin` is compared. Behind a proxy
   * the `Host` may be another one than the person sees, so the public URL counts as well.
   */
  isOwnPage(request: FastifyRequest): boolean {
    const site = request.headers['sec-fetch-site'];
    if (site !== undefined) return site === 'same-origin';
    const { origin } = request.headers;
    if (origin === undefined) return true;
    const host = URL.canParse(origin) ? new URL(origin).host : null;
    return host !== null && (host === request.host || host === this.#publicUrl?.host);
  }

  #isSecure(request: FastifyRequest): boolean {
    if (request.protocol === 'https') return true;
    return this.#publicUrl?.protocol === 'https:' && request.host === this.#publicUrl.host;
  }

  #setCookie(request: FastifyRequest, reply: FastifyReply, token: string | null): void {
    const isSecure = this.#isSecure(request);
    const parts = [
      `${isSecure ? SECURE_COOKIE : COOKIE}=${token ?? ''}`,
      'Path=/',
      'HttpOnly',
      'SameSite=Strict',
      ...(isSecure ? ['Secure'] : []),
      ...(token === null ? ['Max-Age=0'] : []),
    ];
    reply.header('set-cookie', parts.join('; '));
  }
}

function readCookie(request: FastifyRequest, isSecure: boolean): string | undefined {
  const wanted = isSecure ? SECURE_COOKIE : COOKIE;
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = part.trim().split('=', 2);
    if (name === wanted && value) return value;
  }
  return undefined;
}
