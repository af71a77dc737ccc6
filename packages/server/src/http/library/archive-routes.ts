import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Account } from '../../domain/accounts/account.js';
import type { AccountArchives } from '../../domain/archive/account-archives.js';
import type { ImportReport } from '../../domain/archive/account-import.js';
import type { Clock } from '../../domain/time.js';
import { attachment } from '../kit/attachment.js';

export interface ArchiveRoutesDeps {
  archives: AccountArchives;
  clock: Clock;
}

/**
 * The whole account as a zip: `GET PATH` streams it out, `POST PATH` takes one in as the raw body of type
 * `application/zip` and answers what came of it. To be put behind doors that ask for a sign-in and, for the second, for
 * its value against foreign pages; `accountOf` is whose doors they were.
 */
export function addArchiveRoutes(
  app: FastifyInstance,
  path: string,
  deps: ArchiveRoutesDeps,
  accountOf: (request: FastifyRequest) => Account,
): void {
  // Not read into memory: the archive goes to the disk while it comes.
  app.addContentTypeParser('application/zip', (_request, payload, parsed) => parsed(null, payload));

  app.get(path, (request, reply): FastifyReply => {
    const account = accountOf(request);
    const day = new Date(deps.clock()).toISOString().slice(0, 10);
    return reply
      .type('application/zip')
      .header('content-disposition', attachment(`${account.email} ${day}.zip`))
      .send(deps.archives.export(account));
  });

  app.post(path, async (request, reply): Promise<FastifyReply | ImportReport> => {
    const account = accountOf(request);
    if (request.headers['content-type'] !== 'application/zip') {
      return reply.code(415).send({
        code: 'format_unsupported',
        message: 'Send the archive itself as the body, as application/zip.',
      });
    }
    return await deps.archives.import(account, request.raw);
  });
}
