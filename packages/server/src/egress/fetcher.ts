import { Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { AppError } from '@officina/protocol';
import type { DocumentFetcher } from '../domain/saving/deliverer.js';
import type { Clock, Scheduler } from '../domain/time.js';
import type { EgressGuard } from './egress-policy.js';
import { EgressRefusal, type InboundAnswer, NameUnresolved, sendGuarded } from './guarded-request.js';

export interface FetcherDeps {
  guard: EgressGuard;
  clock: Clock;
  scheduler: Scheduler;
  /** `OFFICINA_MAX_UPLOAD_MB` counts for fetched files too, after any decompression. */
  maxBytes: number;
}

/** A document must have arrived within this: the caller waits for it. */
const FETCH_LIMIT_MS = 60_000;
const BLAME = { blame: { parameter: 'url' } };

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** Fetches the documents that callers name by `url`. */
export function createFetcher({ guard, clock, scheduler, maxBytes }: FetcherDeps): DocumentFetcher {
  return {
    async fetch(url, egressAllow) {
      if (!URL.canParse(url)) throw new AppError('parameter_value_invalid', `"${url}" is not a URL.`, BLAME);
      const timeout = new AbortController();
      const cancel = scheduler.schedule(clock() + FETCH_LIMIT_MS, () => timeout.abort());
      const request = {
        url,
        method: 'GET' as const,
        callerHeaders: {},
        ownHeaders: { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'Officina' },
        egressAllow,
        signal: timeout.signal,
      };
      try {
        return await sendGuarded(guard, request, readDocument);
      } catch (error) {
        throw refusalOf(error, url, timeout.signal.aborted);
      } finally {
        cancel();
      }
    },
  };

  async function readDocument(answer: InboundAnswer) {
    if (answer.status < 200 || answer.status > 299) {
      throw new AppError(
        'parameter_value_invalid',
        `The url answered ${answer.status} instead of the document.`,
        BLAME,
      );
    }
    const bytes = await readWithin(decoded(answer), maxBytes);
    if (bytes.length === 0) {
      throw new AppError('parameter_value_invalid', 'The url answered with an empty file.', BLAME);
    }
    const mediaType = textOf(answer.headers['content-type'])?.split(';')[0]?.trim().toLowerCase();
    return { bytes, fileName: fileNameIn(answer), mediaType: mediaType || null };
  }
}

/** Stops as soon as the limit is passed, so that a bomb is never inflated further than that. */
async function readWithin(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) {
      throw new AppError(
        'upload_too_large',
        `The file behind the url is larger than ${maxBytes} bytes.`,
        BLAME,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function decoded({ headers, body }: InboundAnswer): AsyncIterable<Uint8Array> {
  const encoding = textOf(headers['content-encoding'])?.toLowerCase() ?? 'identity';
  if (encoding === 'identity' || encoding === '') return body;
  const decoder = DECODERS[encoding];
  if (!decoder) {
    throw new AppError(
      'parameter_value_invalid',
      `The url answered in the content encoding "${encoding}", which is not read.`,
      BLAME,
    );
  }
  const source = Readable.from(body);
  const output = decoder();
  source.on('error', (error) => output.destroy(error));
  return source.pipe(output);
}

/** The name that the answer gives the file, else the end of the URL's path. */
function fileNameIn({ headers, url }: InboundAnswer): string | null {
  const disposition = textOf(headers['content-disposition']) ?? '';
  const extended = /filename\*\s*=\s*utf-8''([^;]+)/i.exec(disposition)?.[1];
  const plain = /filename\s*=\s*(?:"([^"]*)"|([^;\s]+))/i.exec(disposition);
  const last = url.pathname.split('/').at(-1);
  const name = decode(extended) ?? plain?.[1] ?? plain?.[2] ?? decode(last);
  return name?.split(/[/\\]/).at(-1) || null;
}

function decode(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch {
    return text;
  }
}

function textOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

function refusalOf(error: unknown, url: string, isTimedOut: boolean): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof EgressRefusal) {
    return new AppError('egress_refused', error.message, { ...BLAME, cause: error });
  }
  const origin = new URL(url).origin;
  if (isTimedOut) {
    const message = `${origin} did not send the document within ${FETCH_LIMIT_MS / 1000} s.`;
    return new AppError('busy', message, { ...BLAME, cause: error });
  }
  const reason = error instanceof NameUnresolved ? error.message : `${origin} could not be read.`;
  return new AppError('parameter_value_invalid', reason, { ...BLAME, cause: error });
}
