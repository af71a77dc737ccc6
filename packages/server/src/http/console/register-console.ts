import type { FastifyError, FastifyInstance, FastifyPluginCallback, FastifyRequest } from 'fastify';
import { Doorkeeper } from './doorkeeper.js';
import { addOperatorRoutes } from './operator-routes.js';
import type { ConsoleDeps } from './ports.js';
import { addSignInRoutes, refuse } from './sign-in-routes.js';

export interface Console {
  plugin: FastifyPluginCallback;
  /** Whether the request comes from a browser that is signed in. */
  isOperator(request: FastifyRequest): boolean;
}

/** The operator's API, `/console/api`. Its page is one of the pages and needs no sign-in to be loaded. */
export function createConsole(deps: ConsoleDeps): Console {
  const doorkeeper = new Doorkeeper(deps);
  return {
    isOperator: (request) => doorkeeper.find(request) !== undefined,
    plugin: (app, _options, done) => {
      answerInJson(app);
      addSignInRoutes(app, deps, doorkeeper);
      app.register((inside, _none, ready) => {
        inside.addHook('onRequest', async (request, reply) => {
          const signIn = doorkeeper.find(request);
          if (!signIn) return refuse(reply, 401, 'Sign in to the console first.');
          if (
            request.method !== 'GET' &&
            request.method !== 'HEAD' &&
            !doorkeeper.mayChange(request, signIn)
          ) {
            return refuse(
              reply,
              403,
              'This change did not come from the console’s own page. Reload it and try again.',
            );
          }
        });
        addOperatorRoutes(inside, deps);
        ready();
      });
      done();
    },
  };
}

/** JSON in, JSON out, nothing kept by anybody on the way. */
function answerInJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string', bodyLimit: 64 * 1024 },
    (_request, body, parsed) => {
      try {
        parsed(null, body === '' ? undefined : JSON.parse(String(body)));
      } catch {
        parsed(null, undefined);
      }
    },
  );
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
  });
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    if (error.statusCode !== undefined && error.statusCode < 500)
      return refuse(reply, error.statusCode, error.message);
    request.log.error({ err: error }, 'the console failed');
    return refuse(reply, 500, 'The server failed. Its log says why.');
  });
}
