import type { FastifyInstance } from 'fastify';
import { SCHEMAS } from './schemas/index.js';

/** The answers' schemas, at the address that the vendor's pages name. */
export function addSchemaRoutes(app: FastifyInstance): void {
  app.get<{ Params: { file: string } }>(
    '/schema/restapi/:file',
    { schema: { hide: true } },
    (request, reply) => {
      const { file } = request.params;
      const name = file.replace(/\.xsd$/i, '').toLowerCase();
      if (name === file.toLowerCase() || !Object.hasOwn(SCHEMAS, name)) return reply.callNotFound();
      return reply.type('text/xml;charset=UTF-8').send(SCHEMAS[name]);
    },
  );
}
