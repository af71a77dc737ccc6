import type { LibraryEntry } from '../../domain/library/library-document.js';
import { type Answer, type Call, fields, type PrivateContext } from './call.js';
import { htmlFile, uploadedFile } from './offered-file.js';
import { invalid, missing } from './parameters.js';
import * as present from './present.js';

/** Calls that change something; by POST only. */
export const WRITE_CALLS: readonly Call[] = [
  write('uploaddocument', 'none', upload, ['content']),
  write('savedocument', 'id', saveContent),
  write('newdocument', 'none', createDocument),
  write('renamedocument', 'none', rename),
  write('sharedocument', 'id', share),
  write('cancelsharing', 'id', async ({ services, caller, argument, parameters }) =>
    short(await services.sharing.cancel(caller.id, argument, parameters.require('emailid').trim())),
  ),
  write('trashdocument', 'id', async ({ services, caller, argument }) =>
    short(await services.shelf.trash(caller.id, argument)),
  ),
  write('deletedocument', 'id', async ({ services, caller, argument }) =>
    short(await services.shelf.delete(caller.id, argument)),
  ),
  write('restoredocument', 'id', async ({ services, caller, argument }) =>
    short(await services.shelf.restore(caller.id, argument)),
  ),
  write('makepublic', 'id', async ({ services, caller, argument, parameters }) => {
    const publication = {
      allowsComments: parameters.boolean('allowcomment') ?? false,
      showsComments: parameters.boolean('showcomment') ?? false,
    };
    return short(await services.shelf.publish(caller.id, argument, publication));
  }),
  write('removepublic', 'id', async ({ services, caller, argument }) =>
    short(await services.shelf.publish(caller.id, argument, null)),
  ),
  write('addtags', 'id', async ({ services, caller, argument, parameters }) => {
    const { entry, tags } = await services.library.addTags(caller.id, argument, readTags(parameters));
    return fields(present.presentTagged(entry, tags));
  }),
  write('removetags', 'id', async ({ services, caller, argument, parameters }) => {
    const { entry, tags } = await services.library.removeTags(caller.id, argument, readTags(parameters));
    return fields(present.presentTagged(entry, tags));
  }),
];

const LONGEST_TAG = 100;

function write(
  word: string,
  argument: 'none' | 'id',
  answer: (context: PrivateContext) => Promise<Answer>,
  files: readonly string[] = [],
): Call {
  return { word, argument, method: 'write', reach: 'private', files, answer };
}

function short(entry: LibraryEntry): Answer {
  return fields(present.presentShort(entry));
}

async function upload({ services, caller, parameters }: PrivateContext): Promise<Answer> {
  const file = uploadedFile(parameters);
  const documentId = parameters.text('documentId')?.trim() ?? '';
  const entry =
    documentId === ''
      ? await services.authorship.create(caller.id, { name: parameters.text('documentName') ?? null, file })
      : await services.authorship.save(caller.id, documentId, file);
  return fields(present.presentUploaded(entry));
}

async function saveContent({
  services,
  caller,
  argument,
  parameters,
  view,
}: PrivateContext): Promise<Answer> {
  const content = parameters.text('content');
  if (content === undefined) throw missing('content');
  const { authorship } = services;
  const version = parameters.text('version') || undefined;
  const saved = await authorship.save(caller.id, argument, htmlFile(content), version);
  const name = parameters.text('documentName');
  const entry =
    name && name !== saved.document.name ? await authorship.rename(caller.id, argument, name) : saved;
  return fields(present.presentEntry(entry, present.SAVED, view));
}

async function createDocument({ services, caller, parameters, view }: PrivateContext): Promise<Answer> {
  const name = parameters.require('documentName');
  const content = parameters.text('content') ?? '';
  const file = content === '' ? null : htmlFile(content);
  const entry = await services.authorship.create(caller.id, { name, file });
  return fields(present.presentEntry(entry, present.SAVED, view));
}

async function rename({ services, caller, parameters, view }: PrivateContext): Promise<Answer> {
  const documentId = parameters.require('documentId').trim();
  const name = parameters.require('documentName');
  const entry = await services.authorship.rename(caller.id, documentId, name);
  return fields(present.presentEntry(entry, present.SAVED, view));
}

async function share({ services, caller, argument, parameters }: PrivateContext): Promise<Answer> {
  const stated = parameters.text('documentId')?.trim();
  if (stated && stated !== argument) throw invalid('documentId', '"documentId" is not the one in the path.');
  const names = parameters
    .require('shareto')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) throw missing('shareto');
  const canWrite = parameters.boolean('allowtowrite') ?? false;
  const { entry, emails } = await services.sharing.share(caller.id, argument, names, canWrite);
  return fields(present.presentShared(entry, emails));
}

/** The page's table says `tags`, its form `tagname`: both count. */
function readTags(parameters: PrivateContext['parameters']): readonly string[] {
  const text = `${parameters.text('tags') ?? ''} ${parameters.text('tagname') ?? ''}`;
  const names = [...new Set(text.split(/[\s\p{Cc}\p{Cs}]+/u).filter((name) => name !== ''))];
  if (names.length === 0) throw missing('tags');
  if (names.some((name) => name.length > LONGEST_TAG)) {
    throw invalid('tags', `A tag has at most ${LONGEST_TAG} characters.`);
  }
  return names;
}
