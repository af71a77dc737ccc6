import type { LibraryNews } from '@officina/protocol';
import type { FastifyInstance } from 'fastify';
import type { LibraryChange } from '../../domain/library/changes.js';
import type { Doorkeeper } from './doorkeeper.js';
import type { LibraryFaceDeps } from './ports.js';
import { accountOf, LIBRARY_API } from './request.js';

/** Proxies close what is silent for a minute; the sign-in is looked at each time. */
const BEAT_MS = 25_000;
const MOST_STREAMS = 2_000;

interface Stream {
  accountId: string;
  write(text: string): void;
  end(): void;
}

/** `GET /library/api/news`: server-sent events about documents that the person has, had or just got. */
export function addNewsRoute(app: FastifyInstance, deps: LibraryFaceDeps, doorkeeper: Doorkeeper): void {
  const streams = new Set<Stream>();
  const follow = (change: LibraryChange) => {
    if (streams.size === 0) return;
    tell(deps, streams, change).catch((error: unknown) =>
      app.log.error({ err: error, documentId: change.documentId }, 'news of the library were not told'),
    );
  };
  const endAll = () => {
    for (const stream of [...streams]) stream.end();
  };
  const stopListening = deps.changes.listen({
    onChange: follow,
    onFarChange: follow,
    // A page that has to come back asks for its list again.
    onMissed: endAll,
  });
  app.addHook('preClose', async () => {
    stopListening();
    endAll();
  });

  app.get(`${LIBRARY_API}/news`, (request, reply) => {
    reply.hijack();
    const { raw } = reply;
    let cancelBeat = () => {};
    const stream: Stream = {
      accountId: accountOf(request).id,
      write: (text) => void raw.write(text),
      end: () => {
        cancelBeat();
        streams.delete(stream);
        raw.end();
      },
    };
    raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      // nginx would hold the events back.
      'x-accel-buffering': 'no',
    });
    raw.on('close', stream.end);
    raw.on('error', stream.end);
    if (streams.size >= MOST_STREAMS) return stream.end();
    stream.write('retry: 3000\n\n');
    streams.add(stream);
    const beat = () => {
      cancelBeat = deps.scheduler.schedule(deps.clock() + BEAT_MS, async () => {
        // A sign-out or a new password ends the stream too.
        const visitor = await doorkeeper.find(request).catch(() => undefined);
        if (!visitor || !streams.has(stream)) return stream.end();
        stream.write(':\n\n');
        beat();
      });
    };
    beat();
  });
}

async function tell(
  deps: LibraryFaceDeps,
  streams: ReadonlySet<Stream>,
  { documentId, ownerId, what, former }: LibraryChange,
): Promise<void> {
  const shares = what === 'removed' ? [] : await deps.shares.list(documentId);
  const having = new Set([ownerId, ...shares.map(({ accountId }) => accountId)]);
  for (const stream of [...streams]) {
    const has = having.has(stream.accountId);
    if (!has && !former.includes(stream.accountId)) continue;
    const isGone = what === 'removed' || !has;
    const news: LibraryNews = { documentId, what: isGone ? 'gone' : what === 'added' ? 'listed' : 'changed' };
    stream.write(`data: ${JSON.stringify(news)}\n\n`);
  }
}
