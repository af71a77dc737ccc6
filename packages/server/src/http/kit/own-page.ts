import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Whether our own page asks. A browser of today says so itself; of an older one `Origin` is compared. Behind a proxy
 * the `Host` may be another one than the person sees, so the public URL counts as well.
 */
export function isOwnPage(request: FastifyRequest, publicUrl: URL | null): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin } = request.headers;
  if (origin === undefined) return true;
  const host = URL.canParse(origin) ? new URL(origin).host : null;
  return host !== null && (host === request.host || host === publicUrl?.host);
}

/** The cookie of a sign-in, under the name that a browser only takes with `Secure`, `Path=/` and no `Domain` where it can. */
export class SignInCookie {
  readonly #name: string;
  readonly #sameSite: 'Strict' | 'Lax';
  readonly #publicUrl: URL | null;

  /** `Lax`: a link from elsewhere, as in a mail, finds the person signed in; changes must then be guarded otherwise. */
  constructor(name: string, sameSite: 'Strict' | 'Lax', publicUrl: URL | null) {
    this.#name = name;
    this.#sameSite = sameSite;
    this.#publicUrl = publicUrl;
  }

  read(request: FastifyRequest): string | undefined {
    const wanted = this.#nameFor(this.#isSecure(request));
    for (const part of (request.headers.cookie ?? '').split(';')) {
      const [name, value] = part.trim().split('=', 2);
      if (name === wanted && value) return value;
    }
    return undefined;
  }

  /** Null takes the cookie away; without `maxAgeSeconds` it ends with the browser. */
  write(request: FastifyRequest, reply: FastifyReply, token: string | null, maxAgeSeconds?: number): void {
    const isSecure = this.#isSecure(request);
    const parts = [
      `${this.#nameFor(isSecure)}=${token ?? ''}`,
      'Path=/',
      'HttpOnly',
      `SameSite=${this.#sameSite}`,
      ...(isSecure ? ['Secure'] : []),
      ...(token === null ? ['Max-Age=0'] : maxAgeSeconds === undefined ? [] : [`Max-Age=${maxAgeSeconds}`]),
    ];
    reply.header('set-cookie', parts.join('; '));
  }

  #nameFor(isSecure: boolean): string {
    return isSecure ? `__Host-${this.#name}` : this.#name;
  }

  #isSecure(request: FastifyRequest): boolean {
    if (request.protocol === 'https') return true;
    return this.#publicUrl?.protocol === 'https:' && request.host === this.#publicUrl.host;
  }
}
