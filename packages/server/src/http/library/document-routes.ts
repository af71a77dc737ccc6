import type { LibraryItem, LibraryPage, LibrarySort, LibraryTag, LibraryVersion } from '@officina/protocol';
import { AppError } from '@officina/protocol';
import type { FastifyInstance } from 'fastify';
import type { BrowsePlace } from '../../domain/library/browse.js';
import type { LibraryFaceDeps } from './ports.js';
import { presentItem, presentVersion } from './present.js';
import { accountOf, type IdRequest, LIBRARY_API, viewOf } from './request.js';
import { CreateBody, ListQuery, RenameBody, RestoreBody, readAs, TagsBody } from './schema.js';

const FIRST_PART = 60;
const LARGEST_PART = 300;
/** More tags than this are not shown beside the lists. */
const MOST_TAGS = 200;

/** Lists, and what people do with one document. */
export function addDocumentRoutes(app: FastifyInstance, deps: LibraryFaceDeps): void {
  const { browsing, library, authorship, shelf } = deps;
  const one = `${LIBRARY_API}/documents/:id`;
  const describe = async (request: IdRequest): Promise<LibraryItem> => {
    const browsed = await browsing.describe(accountOf(request).id, request.params.id);
    return presentItem(browsed, viewOf(deps, request));
  };

  app.get(`${LIBRARY_API}/documents`, async (request): Promise<LibraryPage> => {
    const { view, tag, search = '', sort = 'modified', next, limit } = readAs(ListQuery, request.query);
    const { entries, next: place } = await browsing.list({
      accountId: accountOf(request).id,
      view: view === 'tag' ? { tag: tag ?? '' } : view,
      search,
      sort,
      after: next === undefined ? null : readPlace(next, sort),
      limit: limit === undefined ? FIRST_PART : Math.min(LARGEST_PART, Math.max(1, Number(limit))),
    });
    const shown = viewOf(deps, request);
    return {
      items: entries.map((entry) => presentItem(entry, shown)),
      next: place && writePlace(place),
    };
  });

  app.get(`${LIBRARY_API}/tags`, async (request): Promise<{ tags: readonly LibraryTag[] }> => {
    const range = { from: 1, limit: MOST_TAGS, order: 'desc' } as const;
    return { tags: await library.listTags(accountOf(request).id, range) };
  });

  app.post(`${LIBRARY_API}/documents`, async (request): Promise<{ id: string }> => {
    const { name } = readAs(CreateBody, request.body);
    const { document } = await authorship.create(accountOf(request).id, { name, file: null });
    return { id: document.id };
  });

  app.get(one, describe);

  app.post(`${one}/rename`, async (request: IdRequest) => {
    const { name } = readAs(RenameBody, request.body);
    await authorship.rename(accountOf(request).id, request.params.id, name);
    return await describe(request);
  });

  app.post(`${one}/tags`, async (request: IdRequest) => {
    const { add, remove } = readAs(TagsBody, request.body);
    const { id } = accountOf(request);
    await library.removeTags(id, request.params.id, remove);
    await library.addTags(id, request.params.id, add);
    return await describe(request);
  });

  app.post(`${one}/lock`, async (request: IdRequest) => {
    await shelf.lock(accountOf(request).id, request.params.id);
    return await describe(request);
  });

  app.post(`${one}/unlock`, async (request: IdRequest) => {
    await shelf.unlock(accountOf(request).id, request.params.id);
    return await describe(request);
  });

  for (const verb of ['trash', 'restore', 'delete'] as const) {
    app.post(`${one}/${verb}`, async (request: IdRequest) => {
      await shelf[verb](accountOf(request).id, request.params.id);
      return { done: true };
    });
  }

  app.get(`${one}/versions`, async (request: IdRequest): Promise<{ versions: LibraryVersion[] }> => {
    const versions = await browsing.versions(accountOf(request).id, request.params.id);
    return { versions: versions.map(presentVersion) };
  });

  app.post(`${one}/versions/restore`, async (request: IdRequest) => {
    const { version } = readAs(RestoreBody, request.body);
    const { id } = accountOf(request);
    const { docx } = await library.read(id, request.params.id, version);
    await deps.editing.requireEmpty(request.params.id);
    await authorship.saveDocx(id, request.params.id, docx);
    return await describe(request);
  });
}

/** Where the next part of a list begins, in a form that nobody has to understand. */
function writePlace({ key, id }: BrowsePlace): string {
  return Buffer.from(JSON.stringify([key, id])).toString('base64url');
}

function readPlace(text: string, sort: LibrarySort): BrowsePlace {
  try {
    const [key, id] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[];
    const isKey = sort === 'name' ? typeof key === 'string' : Number.isSafeInteger(key);
    if (isKey && typeof id === 'string') return { key: key as string | number, id };
  } catch {
    // Said below, in the same words as for what is readable and no place.
  }
  throw new AppError('parameter_value_invalid', '"next" is no place in a list.');
}
