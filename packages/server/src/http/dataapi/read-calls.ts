import type { ListName } from '../../domain/library/library-store.js';
import { type Answer, type Call, type CallContext, fields, type PrivateContext } from './call.js';
import { invalid } from './parameters.js';
import * as present from './present.js';

/** Calls that change nothing; by GET, and by POST for clients that post everything. */
export const READ_CALLS: readonly Call[] = [
  {
    word: 'incomingdocuments',
    argument: 'none',
    method: 'read',
    reach: 'private',
    answer: async (context) => ({
      kind: 'list',
      container: 'incomingdocuments',
      entries: await openList(context, { list: 'incoming', of: context.caller.id }),
      write: (entry) => present.WRITE_INCOMING[context.dialect](entry, context.view),
    }),
  },
  {
    word: 'incomingdocuments/count',
    argument: 'none',
    method: 'read',
    reach: 'private',
    answer: (context) => countList(context, { list: 'incoming', of: context.caller.id }),
  },
  {
    word: 'documents',
    argument: 'none',
    method: 'read',
    reach: 'private',
    answer: (context) => list(context, 'documents', { list: 'owned', of: context.caller.id }),
  },
  {
    word: 'documents/count',
    argument: 'none',
    method: 'read',
    reach: 'private',
    answer: (context) => countList(context, { list: 'owned', of: context.caller.id }),
  },
  {
    word: 'documents/tag',
    argument: 'tag',
    method: 'read',
    reach: 'private',
    answer: (context) =>
      list(context, 'documents', { list: 'tagged', of: context.caller.id, tag: context.argument }),
  },
  {
    word: 'publicdocuments',
    argument: 'none',
    method: 'read',
    reach: 'private',
    answer: (context) => list(context, 'publicdocuments', { list: 'published', of: context.caller.id }),
  },
  {
    word: 'publicdocuments',
    argument: 'none',
    method: 'read',
    reach: 'public',
    answer: (context) => list(context, 'publicdocuments', { list: 'public' }),
  },
  {
    word: 'trasheddocuments',
    argument: 'none',
    method: 'read',
    reach: 'private',
    answer: (context) => list(context, 'trasheddocuments', { list: 'trashed', of: context.caller.id }),
  },
  {
    word: 'info',
    argument: 'id',
    method: 'read',
    reach: 'private',
    answer: async ({ services, caller, argument, view }) => {
      const entry = await services.library.describe(caller.id, argument);
      return fields([['document', present.presentEntry(entry, present.DESCRIBED, view)]]);
    },
  },
  {
    word: 'version',
    argument: 'id',
    method: 'read',
    reach: 'private',
    answer: async ({ services, caller, argument, view }) =>
      fields(present.presentVersions(await services.library.versions(caller.id, argument), view.now)),
  },
  {
    word: 'share',
    argument: 'id',
    method: 'read',
    reach: 'private',
    answer: async ({ services, caller, argument }) => {
      const { entry, shares } = await services.library.shares(caller.id, argument);
      return fields(present.presentShares(entry, shares));
    },
  },
  {
    word: 'tags',
    argument: 'none',
    method: 'read',
    reach: 'private',
    answer: async ({ services, caller, parameters }) => {
      const range = parameters.range(Number.MAX_SAFE_INTEGER);
      const order = parameters.text('sort-order')?.toLowerCase() ?? 'desc';
      if (order !== 'asc' && order !== 'desc') throw invalid('sort-order', '"sort-order" is asc or desc.');
      return fields(present.presentTags(await services.library.listTags(caller.id, { ...range, order })));
    },
  },
  {
    word: 'content',
    argument: 'id',
    method: 'read',
    reach: 'both',
    answer: async ({ services, argument, parameters, view }) => {
      const { library } = services;
      const read = await library.read(view.callerId, argument, parameters.text('version') || undefined);
      return fields(present.presentContent(read.entry, read.version, await library.html(read)));
    },
  },
];

async function list(context: CallContext, container: string, name: ListName): Promise<Answer> {
  return {
    kind: 'list',
    container,
    entries: await openList(context, name),
    write: (entry) => present.WRITE_LISTED[context.dialect](entry, context.view),
  };
}

function openList({ services, parameters }: CallContext, name: ListName) {
  return services.library.open(name, parameters.range());
}

async function countList({ services, caller }: PrivateContext, name: ListName): Promise<Answer> {
  return fields(present.presentCount(caller, await services.library.count(name)));
}
