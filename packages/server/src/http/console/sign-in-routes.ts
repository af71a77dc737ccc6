import type { ConsoleSignIn } from '@officina/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LoginThrottle, sourceOf } from '../../domain/accounts/login-throttle.js';
import type { Doorkeeper } from './doorkeeper.js';
import type { ConsoleDeps } from './ports.js';

/** Checking a password takes 32 MB and some time: more at once would be a way to stop the server. */
const MOST_CHECKS = 4;
const LONGEST_PASSWORD = 1_000;
const FREE_TRIALS = 5;

/** Signing in and out; the only part of the console's API that is open to everybody. */
export function addSignInRoutes(app: FastifyInstance, deps: ConsoleDeps, doorkeeper: Doorkeeper): void {
  const throttle = new LoginThrottle(FREE_TRIALS);
  let checks = 0;

  app.get('/console/api/session', async (request): Promise<ConsoleSignIn> => {
    const signIn = doorkeeper.find(request);
    return signIn ? { signedIn: true, ...signIn } : { signedIn: false };
  });

  app.post('/console/api/sign-in', async (request: FastifyRequest, reply) => {
    if (!doorkeeper.isOwnPage(request)) return refuse(reply, 403, 'Sign in on the console’s own page.');
    const password = readPassword(request.body);
    if (password === undefined) return refuse(reply, 400, 'Send the password as JSON: {"password": "…"}.');
    if (checks >= MOST_CHECKS) return slowDown(reply, 1_000);
    const source = sourceOf(request.ip);
    const waitMs = throttle.begin(source, deps.clock());
    if (waitMs > 0) return slowDown(reply, waitMs);
    checks += 1;
    try {
      if (!(await deps.password.verify(password))) {
        request.log.warn({ address: request.ip }, 'console sign-in with a wrong password');
        return refuse(reply, 401, 'The password is not right.');
      }
    } finally {
      checks -= 1;
    }
    throttle.succeed(source);
    const signIn = doorkeeper.open(request, reply);
    return { signedIn: true, ...signIn } satisfies ConsoleSignIn;
  });

  app.post('/console/api/sign-out', async (request, reply) => {
    const signIn = doorkeeper.find(request);
    if (signIn && !doorkeeper.mayChange(request, signIn))
      return refuse(reply, 403, 'Sign out on the console’s own page.');
    doorkeeper.close(request, reply);
    return { signedIn: false } satisfies ConsoleSignIn;
  });
}

/** An answer that the page shows as it is. */
export function refuse(reply: FastifyReply, status: number, message: string): FastifyReply {
  return reply.code(status).send({ message });
}

function slowDown(reply: FastifyReply, waitMs: number): FastifyReply {
  const seconds = Math.ceil(waitMs / 1000);
  reply.header('retry-after', String(seconds));
  return refuse(
    reply,
    429,
    `Too many tries. Wait ${seconds} ${seconds === 1 ? 'second' : 'seconds'}, then try again.`,
  );
}

function readPassword(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('password' in body)) return undefined;
  const { password } = body;
  return typeof password === 'string' && password.length <= LONGEST_PASSWORD ? password : undefined;
}
