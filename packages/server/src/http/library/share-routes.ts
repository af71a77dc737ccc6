import type { LibraryShares } from '@officina/protocol';
import type { FastifyInstance } from 'fastify';
import type { LibraryFaceDeps } from './ports.js';
import { presentShares } from './present.js';
import { accountOf, type IdRequest, LIBRARY_API, viewOf } from './request.js';
import { CancelBody, PublishBody, readAs, ShareBody, SharingBody } from './schema.js';

/** With whom a document is shared; every change answers how it stands afterwards. */
export function addShareRoutes(app: FastifyInstance, deps: LibraryFaceDeps): void {
  const { sharing, shelf, library } = deps;
  const one = `${LIBRARY_API}/documents/:id`;
  const show = async (request: IdRequest): Promise<LibraryShares> => {
    const { entry, shares } = await library.shares(accountOf(request).id, request.params.id);
    return presentShares(entry, shares, viewOf(deps, request));
  };

  app.get(`${one}/shares`, show);

  app.post(`${one}/shares`, async (request: IdRequest) => {
    const { people, canWrite } = readAs(ShareBody, request.body);
    const names = people.map((name) => name.trim()).filter((name) => name !== '');
    await sharing.share(accountOf(request).id, request.params.id, names, canWrite);
    return await show(request);
  });

  app.post(`${one}/shares/cancel`, async (request: IdRequest) => {
    const { email } = readAs(CancelBody, request.body);
    await sharing.cancel(accountOf(request).id, request.params.id, email);
    return await show(request);
  });

  app.post(`${one}/sharing`, async (request: IdRequest) => {
    const { isSharing } = readAs(SharingBody, request.body);
    await sharing.setSharing(accountOf(request).id, request.params.id, isSharing);
    return await show(request);
  });

  app.post(`${one}/publish`, async (request: IdRequest) => {
    const { isPublic } = readAs(PublishBody, request.body);
    const publication = isPublic ? { allowsComments: false, showsComments: false } : null;
    await shelf.publish(accountOf(request).id, request.params.id, publication);
    return await show(request);
  });
}
