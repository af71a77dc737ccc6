import type { FastifyError, FastifyInstance, FastifyPluginCallback } from 'fastify';
import { AssetFiles } from './asset-files.js';
import { addAssetRoutes } from './asset-routes.js';
import { sendProblem } from './error-page.js';
import { addLibraryPages, type LibraryPagesDeps } from './library-pages.js';
import { makeNonce, sendPage } from './page-reply.js';
import { addPlaygroundRoutes, type PlaygroundDeps } from './playground/playground-routes.js';
import { addPrintRoute, type PrintRouteDeps } from './print-route.js';
import { renderShell } from './shell.js';
import { addVersionPages, type VersionPagesDeps } from './version-pages.js';
import { type PageName, WebManifest } from './web-manifest.js';
import { addWriterPages } from './writer-pages.js';

export interface PagesDeps
  extends Omit<VersionPagesDeps & LibraryPagesDeps & PrintRouteDeps, 'manifest' | 'basePath'> {
  /** Absolute path of the built pages. */
  webFolder: string;
  /** The address that people use, or null for the request's own. */
  publicUrl: string | null;
  playground: Omit<PlaygroundDeps, 'publicUrl'>;
}

/** Beside the address of a session's content. */
const PRINT_ADDRESS = '/writer/officeapi/v1/documents/:sessionId/print';

/** Everything that a browser opens: start page, console, editor, viewer, their files and the pages of trouble. */
export function registerPages(deps: PagesDeps): FastifyPluginCallback {
  return (app, _options, done) => {
    const manifest = new WebManifest(deps.webFolder);
    const basePath = deps.publicUrl ? new URL(deps.publicUrl).pathname.replace(/\/+$/, '') : '';

    app.setErrorHandler<FastifyError>((error, request, reply) => {
      // Only Fastify's own refusals of the request carry such a status: an address too long, a broken escape.
      if (error.statusCode !== undefined && error.statusCode < 500) return sendProblem(reply, 'not_found');
      request.log.error({ err: error }, 'a page failed');
      return sendProblem(reply, 'server_failed');
    });
    const files = new AssetFiles(deps.webFolder);
    addAssetRoutes(app, files);
    addWriterPages(app, { ...deps, manifest, basePath });
    addPrintRoute(app, PRINT_ADDRESS, { ...deps, manifest, basePath });
    addVersionPages(app, { ...deps, manifest, basePath });
    addLibraryPages(app, { ...deps, manifest, basePath });
    addOwnPage(app, { manifest, basePath, page: 'playground', title: 'Officina', addresses: ['/'] });
    prepareEditor(app, manifest, files);
    addOwnPage(app, {
      manifest,
      basePath,
      page: 'console',
      title: 'Console · Officina',
      addresses: ['/console', '/console/:section'],
    });
    addOwnPage(app, {
      manifest,
      basePath,
      page: 'library',
      title: 'Library · Officina',
      addresses: ['/library', '/library/:view', '/library/tags/:tag'],
    });
    app.register((own, _none, ready) => {
      addPlaygroundRoutes(own, { ...deps.playground, publicUrl: deps.publicUrl });
      ready();
    });
    done();
  };
}

/** A page of the server itself: never framed by anybody. */
function addOwnPage(
  app: FastifyInstance,
  own: {
    manifest: WebManifest;
    basePath: string;
    page: PageName;
    title: string;
    addresses: readonly string[];
  },
): void {
  for (const address of own.addresses) {
    app.get(address, async (_request, reply) => {
      const files = await own.manifest.find(own.page);
      if (!files) return sendProblem(reply, 'not_built', "'none'");
      const nonce = makeNonce();
      const html = renderShell({
        title: own.title,
        language: 'en',
        nonce,
        basePath: own.basePath,
        files,
        skeleton: 'panel',
      });
      return sendPage(reply, { status: 200, html, nonce, frameAncestors: "'none'" });
    });
  }
}

/**
 * Compresses the editor while somebody reads the start page: it takes the better part of a second, once, and the next
 * thing they do is to open it.
 */
function prepareEditor(app: FastifyInstance, manifest: WebManifest, files: AssetFiles): void {
  let isPrepared = false;
  app.addHook('onResponse', async (request, reply) => {
    if (isPrepared || reply.statusCode !== 200 || request.routeOptions.url !== '/') return;
    isPrepared = true;
    const editor = await manifest.find('editor');
    const accepted = request.headers['accept-encoding'];
    if (editor)
      await files.prepare([editor.script, ...editor.preloads, ...editor.soon], String(accepted ?? ''));
  });
}
