import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { AppError, type Permissions } from '@officina/protocol';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Document } from '../../domain/documents/document.js';
import type { ApiKey } from '../../domain/keys/api-key.js';
import type { Session } from '../../domain/sessions/session.js';
import { CallbackReceiver } from './playground/callback-receiver.js';
import { registerPages } from './register-pages.js';
import { PAGE_ENTRIES } from './web-manifest.js';

export const NOW = Date.UTC(2026, 10, 22, 12);

export const ALL_RIGHTS: Permissions = {
  'document.export': true,
  'document.print': true,
  'document.edit': true,
  'review.changes.resolve': true,
  'review.comment': true,
  'collab.chat': true,
  'document.pausecollaboration': true,
  'document.fill': true,
};

/** What a test may set; everything else is boring. */
export interface SiteOptions {
  session?: Partial<Session>;
  documentName?: string;
  allowedOrigins?: readonly string[];
  publicUrl?: string | null;
  apiKey?: string | null;
  isOperator?: boolean;
  isBuilt?: boolean;
  openFails?: Error;
  printFails?: Error;
  /** The document waits for this password. */
  password?: string;
}

export interface Site {
  app: FastifyInstance;
  receiver: CallbackReceiver;
  /** Ids of the sessions whose page was opened. */
  opened: string[];
  /** How often a docx was built. */
  builds: number;
  close(): Promise<void>;
}

/** A server with nothing but the pages, one living session `s1`, and a build of four tiny scripts. */
export async function openSite(options: SiteOptions = {}): Promise<Site> {
  const webFolder = await mkdtemp(join(tmpdir(), 'officina-pages-'));
  if (options.isBuilt !== false) await writeBuild(webFolder);
  const session = { ...makeSession(), ...options.session };
  const document = {
    ...makeDocument(),
    name: options.documentName ?? 'Plan',
    locked: options.password !== undefined,
  };
  const receiver = new CallbackReceiver({
    secret: Buffer.alloc(32, 7),
    origin: () => 'http://127.0.0.1:8080',
    clock: () => NOW,
  });
  const app = Fastify({ routerOptions: { maxParamLength: 400 } });
  const site: Site = {
    app,
    receiver,
    opened: [],
    builds: 0,
    close: async () => {
      await app.close();
      await rm(webFolder, { recursive: true, force: true });
    },
  };
  app.register(
    registerPages({
      webFolder,
      publicUrl: options.publicUrl ?? null,
      clock: () => NOW,
      async unlock(_sessionId, password) {
        if (password !== options.password) throw new AppError('password_wrong');
        document.locked = false;
      },
      sessions: {
        async open(id) {
          if (options.openFails) throw options.openFails;
          if (id !== session.id || session.state === 'deleted') throw new AppError('session_unknown');
          if (session.state === 'expired' || session.expiresAt <= NOW) throw new AppError('session_expired');
          site.opened.push(id);
          return { session, document };
        },
      },
      sessionStore: { find: async (id) => (id === session.id ? session : undefined) },
      documentStore: { find: async () => document },
      keys: { find: async () => ({ ...makeKey(), allowedOrigins: options.allowedOrigins ?? [] }) },
      content: {
        headSequence: async () => 5,
        build: async () => {
          site.builds += 1;
          return { bytes: new TextEncoder().encode('docx bytes'), sequence: 5 };
        },
      },
      toPdf: async () => {
        if (options.printFails) throw options.printFails;
        return new TextEncoder().encode('%PDF-1.7');
      },
      comparer: {
        compare: async (before, after) =>
          new TextEncoder().encode(
            JSON.stringify([before, after].map((each) => new TextDecoder().decode(each))),
          ),
      },
      versions: {
        list: async () => [
          {
            ...{ number: 2, sequence: 9, savedAt: NOW, by: 'Amelia', reason: 'user' as const },
            delivery: { state: 'delivered' as const, at: NOW, message: 'Stored' },
          },
        ],
        listStates: async () => [{ sequence: 4, at: NOW, kind: 'between' as const, people: ['Bruno'] }],
        find: async (_key, name) => {
          if ('sequence' in name)
            return name.sequence === 4 ? { sequence: 4, version: null, at: NOW } : undefined;
          return name.version === 2 ? { sequence: 9, version: 2, at: NOW } : undefined;
        },
        read: async (_key, name) =>
          new TextEncoder().encode('version' in name ? 'second version' : 'fourth state'),
      },
      library: {
        accountOf: async () => undefined,
        enter: async () => ({ to: 'public_page' }),
        describePublic: async () => {
          throw new AppError('document_unknown');
        },
      },
      playground: {
        apiKey: async () => (options.apiKey === undefined ? 'secret-key' : options.apiKey),
        isOperator: () => options.isOperator ?? false,
        receiver,
        version: '0.1.0',
        maxUploadBytes: 1024 * 1024,
      },
    }),
  );
  await app.ready();
  return site;
}

async function writeBuild(folder: string): Promise<void> {
  const heavy = { file: 'assets/heavy-GGGGHHHH.js', imports: ['_shared.js'] };
  const shared = { file: 'assets/shared-DkX92kAb.js', css: ['assets/shared-AAAABBBB.css'] };
  const entries = Object.entries(PAGE_ENTRIES).map(([name, source]) => [
    source,
    {
      file: `assets/${name}-CCCCDDDD.js`,
      imports: ['_shared.js'],
      dynamicImports: ['_heavy.js'],
      css: [`assets/${name}-EEEEFFFF.css`],
    },
  ]);
  const files: Record<string, string> = {
    '.vite/manifest.json': JSON.stringify(
      Object.fromEntries([['_shared.js', shared], ['_heavy.js', heavy], ...entries]),
    ),
    'assets/shared-DkX92kAb.js': 'export const x = 1;\n'.repeat(500),
    'assets/small-DkX92kAc.js': 'export {};',
    'fonts/arimo-400-0123456789.ttf': 'font'.repeat(1000),
    'fonts/NOTICE.txt': 'licence',
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

function makeSession(): Session {
  return {
    id: 's1',
    apiKeyId: 'k1',
    documentKey: 'd1',
    documentId: '1349',
    mode: 'edit',
    user: { userId: '123', displayName: 'Amelia' },
    permissions: ALL_RIGHTS,
    callback: null,
    interfaceLanguage: 'en',
    unit: 'in',
    view: 'pageview',
    ui: { saveButton: true, chatPanel: true, fileMenu: true, darkMode: true },
    createdAt: NOW - 1000,
    expiresAt: NOW + 3_600_000,
    expiresAtMost: NOW + 7_200_000,
    openedAt: null,
    state: 'living',
    endedAt: null,
  };
}

function makeDocument(): Document {
  return {
    key: 'd1',
    face: 'writer',
    kind: 'document',
    apiKeyId: 'k1',
    documentId: '1349',
    name: 'Plan',
    locked: false,
    settingsAtUnlock: null,
    createdAt: NOW - 1000,
    expiresAt: NOW + 3_600_000,
    state: 'living',
    endedAt: null,
    purgeAt: null,
    importedSha256: null,
    originalBlob: 'a',
    baseBlob: 'b',
    deliveredSequence: 0,
  };
}

function makeKey(): ApiKey {
  return {
    id: 'k1',
    name: 'test',
    createdAt: 0,
    revokedAt: null,
    allowedOrigins: [],
    egressAllow: [],
    monthlyCallLimit: null,
    savesOnLeave: true,
    saveIntervalMinutes: null,
    strictRetries: false,
    signingSecret: 'whsec_dGVzdA==',
    formerSigningSecret: null,
    formerSigningUntil: null,
  };
}
