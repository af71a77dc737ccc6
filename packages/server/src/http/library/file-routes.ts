import { AppError } from '@officina/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { attachment } from '../kit/attachment.js';
import { readForm } from '../kit/form.js';
import type { LibraryFaceDeps } from './ports.js';
import { type IdRequest, LIBRARY_API } from './request.js';
import { DownloadQuery, readAs } from './schema.js';

const ONE_YEAR = 'private, max-age=31536000, immutable';

/** Files in and out: with a sign-in whatever the person may read, without one what everybody may. */
export function addFileRoutes(
  app: FastifyInstance,
  deps: LibraryFaceDeps,
  reach: 'public' | 'private',
): void {
  const one = `${LIBRARY_API}/${reach === 'public' ? 'public' : 'documents'}/:id`;

  app.get(`${one}/download`, async (request: IdRequest, reply) => {
    const { format, version } = readAs(DownloadQuery, request.query);
    const read = await deps.library.read(readerOf(request), request.params.id, version);
    const { bytes, mediaType, extension } = await deps.library.export(read, format);
    const { name } = read.entry.document;
    const fileName = name.toLowerCase().endsWith(`.${extension}`) ? name : `${name}.${extension}`;
    reply.header('content-disposition', attachment(fileName));
    return sendBytes(reply, bytes, mediaType);
  });

  if (reach === 'public') {
    app.get(`${one}/content`, async (request: IdRequest, reply) => {
      const read = await deps.library.read(null, request.params.id);
      const { bytes, mediaType } = await deps.library.export(read, 'docx');
      return sendBytes(reply, bytes, mediaType);
    });
    return;
  }

  app.get(`${one}/picture`, async (request: IdRequest, reply) => {
    const read = await deps.library.read(readerOf(request), request.params.id);
    const picture = await deps.pictures.get(read);
    reply.header('cache-control', ONE_YEAR);
    return sendBytes(reply, picture.bytes, picture.mediaType);
  });

  app.post(`${LIBRARY_API}/documents/upload`, (request) => receive(deps, request, null));
  app.post(`${one}/upload`, (request: IdRequest) => receive(deps, request, request.params.id));
}

/** A file that becomes a document, or the next version of one. */
async function receive(
  deps: LibraryFaceDeps,
  request: FastifyRequest,
  documentId: string | null,
): Promise<{ id: string }> {
  const accountId = readerOf(request);
  if (accountId === null) throw new AppError('credentials_invalid');
  const { form, dispose } = await readForm(request, {
    texts: [],
    files: ['content'],
    maxFileBytes: deps.maxUploadBytes,
    budget: deps.uploads,
    isLenient: true,
  });
  try {
    const file = form.files.get('content');
    if (!file) throw new AppError('upload_name_invalid', 'Send the file as the multipart field "content".');
    const { bytes, fileName } = file;
    const { document } =
      documentId === null
        ? await deps.authorship.create(accountId, { name: null, file: { bytes, fileName } })
        : await deps.authorship.save(accountId, documentId, { bytes, fileName });
    return { id: document.id };
  } finally {
    dispose();
  }
}

function readerOf({ visitor }: FastifyRequest): string | null {
  return visitor?.account.id ?? null;
}

function sendBytes(reply: FastifyReply, bytes: Uint8Array, mediaType: string): FastifyReply {
  return reply
    .type(mediaType)
    .headers({
      'content-length': bytes.byteLength,
      // Shown by our own page only; opened by itself it can do nothing.
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'",
    })
    .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}
