import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AssetFiles } from './asset-files.js';
import { sendProblem } from './error-page.js';

/** Folders of the build whose file names carry a hash of their content. */
const HASHED_FOLDERS = ['assets', 'fonts'];
const HASHED_NAME = /[-.][A-Za-z0-9_-]{8,}\.[a-z0-9]+$/;
const ONE_YEAR = 'public, max-age=31536000, immutable';

const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#2f5bea"/><path d="M10 7h8l5 5v13H10z" fill="#fff"/><path d="M18 7v5h5" fill="#c5d3ff"/><path d="M13 16h7M13 19h7M13 22h4" stroke="#2f5bea" stroke-width="1.6" stroke-linecap="round"/></svg>';

/** The built files. What carries its hash in its name is kept by browsers for ever; the rest is asked for again. */
export function addAssetRoutes(app: FastifyInstance, files: AssetFiles): void {
  for (const folder of HASHED_FOLDERS) {
    app.get(`/${folder}/*`, (request: FastifyRequest<{ Params: { '*': string } }>, reply) =>
      sendAsset(files, `${folder}/${request.params['*']}`, request, reply),
    );
  }
  app.get('/icon.svg', (_request, reply) =>
    reply
      .headers({ 'cache-control': 'public, max-age=86400', 'x-content-type-options': 'nosniff' })
      .type('image/svg+xml')
      .send(ICON),
  );
  // Browsers ask for it unbidden; it must not turn up as an error in their consoles.
  app.get('/favicon.ico', (_request, reply) => reply.redirect('icon.svg', 301));
}

async function sendAsset(
  files: AssetFiles,
  path: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const accepted = request.headers['accept-encoding'];
  const asset = await files.find(path, Array.isArray(accepted) ? accepted.join(',') : accepted);
  if (!asset) return sendProblem(reply, 'not_found');
  reply.headers({
    'cache-control': HASHED_NAME.test(path) ? ONE_YEAR : 'public, no-cache',
    etag: asset.etag,
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
  });
  if (asset.varies) reply.header('vary', 'accept-encoding');
  if (holds(request.headers['if-none-match'], asset.etag)) return reply.code(304).send();
  if (asset.encoding !== 'identity') reply.header('content-encoding', asset.encoding);
  return reply
    .type(asset.mediaType)
    .send(Buffer.from(asset.bytes.buffer, asset.bytes.byteOffset, asset.bytes.length));
}

/** RFC 9110 13.1.2, with the weak comparison that it asks for. */
function holds(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch
    .split(',')
    .some((part) => part.trim() === '*' || part.trim().replace(/^W\//, '') === etag);
}
