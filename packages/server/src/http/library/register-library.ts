import multipart from '@fastify/multipart';
import { AppError, type ErrorCode, type LibrarySignIn } from '@officina/protocol';
import type {
  FastifyError,
  FastifyInstance,
  FastifyPluginAsync,
  FastifyReply,
  FastifyRequest,
} from 'fastify';
import type { Account } from '../../domain/accounts/account.js';
import { addArchiveRoutes } from './archive-routes.js';
import { addDocumentRoutes } from './document-routes.js';
import { Doorkeeper, presentSignIn } from './doorkeeper.js';
import { addFileRoutes } from './file-routes.js';
import { addNewsRoute } from './news-route.js';
import type { LibraryFaceDeps } from './ports.js';
import { accountOf, LIBRARY_API } from './request.js';
import { PasswordBody, readAs, SignInBody } from './schema.js';
import { addShareRoutes } from './share-routes.js';

export interface LibraryFace {
  plugin: FastifyPluginAsync;
  /** Whose browser asks; undefined when nobody is signed in. */
  accountOf(request: FastifyRequest): Promise<Account | undefined>;
}

/** The JSON API of the library's page, `/library/api`. The page itself is one of the pages and needs no sign-in to be loaded. */
export function createLibraryFace(deps: LibraryFaceDeps): LibraryFace {
  const doorkeeper = new Doorkeeper(deps);
  return {
    accountOf: async (request) => (await doorkeeper.find(request))?.account,
    plugin: async (app) => {
      await answerInJson(app);
      app.decorateRequest('visitor', null);
      addSignInRoutes(app, deps, doorkeeper);
      addFileRoutes(app, deps, 'public');
      app.register((inside, _none, ready) => {
        inside.addHook('onRequest', (request) => letIn(doorkeeper, request));
        addDocumentRoutes(inside, deps);
        addShareRoutes(inside, deps);
        addFileRoutes(inside, deps, 'private');
        addArchiveRoutes(inside, `${LIBRARY_API}/archive`, deps, accountOf);
        addNewsRoute(inside, deps, doorkeeper);
        addPasswordRoute(inside, deps, doorkeeper);
        ready();
      });
    },
  };
}

async function letIn(doorkeeper: Doorkeeper, request: FastifyRequest): Promise<void> {
  const visitor = await doorkeeper.find(request);
  if (!visitor) throw new AppError('credentials_invalid', 'Sign in to the library first.');
  const isReading = request.method === 'GET' || request.method === 'HEAD';
  if (!isReading && !doorkeeper.mayChange(request, visitor)) {
    throw new AppError(
      'permission_denied',
      'This change did not come from the library’s own page. Reload it and try again.',
    );
  }
  request.visitor = visitor;
}

function addSignInRoutes(app: FastifyInstance, deps: LibraryFaceDeps, doorkeeper: Doorkeeper): void {
  app.get(`${LIBRARY_API}/session`, async (request) => {
    const visitor = await doorkeeper.find(request);
    if (visitor) return await withStanding(deps, presentSignIn(visitor, deps.clock()));
    return { signedIn: false, ...(deps.allowsSignUp && { signUp: true }) };
  });

  app.post(`${LIBRARY_API}/sign-in`, async (request, reply) => {
    const { name, password } = readAs(SignInBody, request.body);
    return await withStanding(deps, await doorkeeper.open(request, reply, { name, password }));
  });

  app.post(`${LIBRARY_API}/sign-out`, async (request, reply) => {
    const visitor = await doorkeeper.find(request);
    if (visitor && !doorkeeper.mayChange(request, visitor)) {
      throw new AppError('permission_denied', 'Sign out on the library’s own page.');
    }
    await doorkeeper.close(request, reply);
    return { signedIn: false };
  });
}

/** A new password signs the person out everywhere; here they are signed in again. */
function addPasswordRoute(app: FastifyInstance, deps: LibraryFaceDeps, doorkeeper: Doorkeeper): void {
  app.post(`${LIBRARY_API}/password`, async (request, reply) => {
    const { current, next } = readAs(PasswordBody, request.body);
    const account = accountOf(request);
    try {
      await deps.accounts.changePassword(account, { current, next }, request.ip);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'credentials_invalid') throw error;
      throw new AppError('permission_denied', 'That is not the password that you have now.');
    }
    const { email: name } = account;
    return await withStanding(deps, await doorkeeper.open(request, reply, { name, password: next }));
  });
}

/** Says so when nobody vouches for the person's address yet. */
async function withStanding({ accounts }: LibraryFaceDeps, signIn: LibrarySignIn): Promise<LibrarySignIn> {
  if (!signIn.signedIn || (await accounts.isConfirmed(signIn.person.id))) return signIn;
  return { ...signIn, person: { ...signIn.person, awaitsConfirmation: true } };
}

/** JSON in, or a form with files; JSON out; nothing kept by anybody on the way. */
async function answerInJson(app: FastifyInstance): Promise<void> {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string', bodyLimit: 256 * 1024 },
    (_request, body, parsed) => {
      try {
        parsed(null, body === '' ? undefined : JSON.parse(String(body)));
      } catch {
        parsed(null, undefined);
      }
    },
  );
  await app.register(multipart, { throwFileSizeLimit: false });
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
  });
  app.setErrorHandler<FastifyError>((error, request, reply) => refuse(error, request, reply));
}

/** An answer that the page shows as it is. */
function refuse(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof AppError && error.code !== 'internal') {
    if (error.retryAfterSeconds !== undefined) reply.header('retry-after', String(error.retryAfterSeconds));
    const message = error.code === 'credentials_invalid' ? signInWords(request, error) : error.message;
    return reply.code(STATUSES[error.code] ?? 400).send({ code: error.code, message });
  }
  if (error.statusCode !== undefined && error.statusCode < 500) {
    return reply.code(error.statusCode).send({ code: 'parameter_value_invalid', message: error.message });
  }
  request.log.error({ err: error }, 'the library failed');
  return reply.code(500).send({ code: 'internal', message: 'The server failed. Its log says why.' });
}

function signInWords(request: FastifyRequest, error: AppError): string {
  return request.url.startsWith(`${LIBRARY_API}/sign-in`)
    ? 'There is no account with this name and password.'
    : error.message;
}

const STATUSES: Readonly<Partial<Record<ErrorCode, number>>> = {
  credentials_invalid: 401,
  permission_denied: 403,
  document_unknown: 404,
  conflict: 409,
  upload_too_large: 413,
  format_unsupported: 415,
  media_type_mismatch: 415,
  password_required: 415,
  engine_missing: 501,
  busy: 503,
};
