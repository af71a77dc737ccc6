import { AppError } from '@officina/protocol';
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify';
import { prepareScope, sendError } from './face-scope.js';
import { API_PREFIXES, refuseCall } from './not-offered.js';
import { addPlanRoutes, type PlanRoutesDeps } from './plan-routes.js';
import { presentError, type WireAnswer } from './wire-errors.js';
import { addWriterRoutes, type WriterRoutesDeps } from './writer/routes.js';

export { PATTERNS, WRITER_BASE, writerUrls } from './writer/browser-urls.js';
export { PARTIAL_DEFAULTS } from './writer/permissions.js';

export interface IntegratorDeps extends WriterRoutesDeps, PlanRoutesDeps {}

/** The Office Integrator dialect: its calls, and an answer in its words for every other path below its prefixes. */
export function integratorFace(deps: IntegratorDeps): FastifyPluginAsync {
  return async (app) => {
    await prepareScope(app);
    addWriterRoutes(app, deps);
    addPlanRoutes(app, deps);
    for (const prefix of API_PREFIXES) {
      const urls = prefix === '/api/v1' ? [`${prefix}/*`] : [prefix, `${prefix}/*`];
      for (const url of urls)
        app.all(url, { schema: { hide: true } }, (request, reply) => {
          const path = pathOf(request);
          const allowed = allowedMethods(app, path);
          if (request.method === 'OPTIONS' && allowed.length > 0) {
            return reply
              .code(204)
              .header('allow', [...allowed, 'OPTIONS'].join(', '))
              .send();
          }
          return sendError(request, reply, refuseCall(request.method, path, allowed));
        });
    }
  };
}

/** Answers in the dialect a request that cannot be read, if the dialect owns its path; `/` stands for an unknown path. */
export function refuseBrokenRequest(path: string, reason: string): WireAnswer | undefined {
  const isOurs = path === '/' || API_PREFIXES.some((prefix) => path.startsWith(prefix));
  return isOurs ? presentError(new AppError('method_invalid', reason)) : undefined;
}

/** Methods that some route takes at this path; the catch-all itself does not count. */
function allowedMethods(app: FastifyInstance, path: string): string[] {
  if (API_PREFIXES.includes(path.replace(/\/$/, ''))) return [];
  return (['GET', 'HEAD', 'POST', 'PUT', 'DELETE'] as const).filter((method) => {
    const route = app.findRoute({ method, url: path });
    return route !== null && !('*' in route.params);
  });
}

function pathOf(request: FastifyRequest): string {
  return (request.url.split('?', 1)[0] ?? '/').replace(/\/{2,}/g, '/');
}
