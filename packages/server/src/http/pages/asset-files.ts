import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip, constants as zlib } from 'node:zlib';

export type AssetEncoding = 'br' | 'gzip' | 'identity';

/** One built file in one encoding, ready to be sent. */
export interface Asset {
  bytes: Uint8Array;
  encoding: AssetEncoding;
  mediaType: string;
  /** Strong and different per encoding, with its quotes. */
  etag: string;
  /** Whether another `Accept-Encoding` would get other bytes. */
  varies: boolean;
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.gif': 'image/gif',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.otf': 'font/otf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};
const COMPRESSIBLE = /^(?:text\/|application\/(?:json|wasm)|image\/(?:svg|x-icon)|font\/(?:ttf|otf))/;
const LEAST_COMPRESSED_BYTES = 1024;
/** Of the levels this one gives most of the gain: 11 is a tenth smaller and some twenty times slower. */
const BROTLI_QUALITY = 6;
/** Every name that a build makes; nothing that could climb out of the folder. */
const SAFE_PATH = /^(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/;

const compressBrotli = promisify(brotliCompress);
const compressGzip = promisify(gzip);

/** The files of one built folder. Each is read and compressed once, when first asked for, and kept in memory. */
export class AssetFiles {
  readonly #folder: string;
  readonly #assets = new Map<string, Promise<Asset | undefined>>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The file at `path` (relative, with `/`) in the best encoding the browser takes; undefined when there is none. */
  async find(path: string, acceptEncoding: string | undefined): Promise<Asset | undefined> {
    if (!SAFE_PATH.test(path)) return undefined;
    const mediaType = MEDIA_TYPES[extname(path)];
    if (mediaType === undefined) return undefined;
    const encoding = COMPRESSIBLE.test(mediaType) ? chooseEncoding(acceptEncoding) : 'identity';
    return this.#once(path, encoding, mediaType);
  }

  /** Makes files ready before they are asked for; a file that cannot be read is left to whoever asks. */
  async prepare(paths: readonly string[], acceptEncoding: string | undefined): Promise<void> {
    // One after the other: the compression of a large file keeps a core busy, and others may have use for it.
    for (const path of paths) await this.find(path, acceptEncoding).catch(() => undefined);
  }

  #once(path: string, encoding: AssetEncoding, mediaType: string): Promise<Asset | undefined> {
    const key = `${encoding}:${path}`;
    const known = this.#assets.get(key);
    if (known) return known;
    const asset = this.#load(path, encoding, mediaType).then((loaded) => {
      // A name that is not there is asked of the disk again: a build may bring it, and guesses must not fill memory.
      if (!loaded) this.#assets.delete(key);
      return loaded;
    });
    asset.catch(() => this.#assets.delete(key));
    this.#assets.set(key, asset);
    return asset;
  }

  async #load(path: string, encoding: AssetEncoding, mediaType: string): Promise<Asset | undefined> {
    const plain = await readIfThere(join(this.#folder, path));
    if (!plain) return undefined;
    const varies = COMPRESSIBLE.test(mediaType) && plain.length >= LEAST_COMPRESSED_BYTES;
    const used = varies ? encoding : 'identity';
    const digest = createHash('sha256').update(plain).digest('base64url').slice(0, 22);
    return {
      bytes: await encode(plain, used),
      encoding: used,
      mediaType,
      etag: `"${digest}${used === 'identity' ? '' : `-${used}`}"`,
      varies,
    };
  }
}

/** Reads `Accept-Encoding` (RFC 9110 12.5.3) as far as the choice needs: what is named with `q=0` is refused. */
export function chooseEncoding(acceptEncoding: string | undefined): AssetEncoding {
  const accepted = new Map<string, boolean>();
  for (const part of (acceptEncoding ?? '').toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim());
    accepted.set(name, !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter)));
  }
  const takes = (name: string) => accepted.get(name) ?? accepted.get('*') ?? false;
  if (takes('br')) return 'br';
  return takes('gzip') ? 'gzip' : 'identity';
}

async function encode(plain: Uint8Array, encoding: AssetEncoding): Promise<Uint8Array> {
  switch (encoding) {
    case 'br':
      return compressBrotli(plain, {
        params: {
          [zlib.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
          [zlib.BROTLI_PARAM_SIZE_HINT]: plain.length,
        },
      });
    case 'gzip':
      return compressGzip(plain, { level: 8 });
    case 'identity':
      return plain;
    default:
      return encoding satisfies never;
  }
}

async function readIfThere(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return undefined;
    throw error;
  }
}
