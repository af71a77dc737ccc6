import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { AppError } from '@officina/protocol';
import yauzl from 'yauzl';
import type { ArchiveReader } from '../../domain/archive/archive-files.js';

/** Each file takes some memory for as long as the archive is open; more than anybody's documents and versions. */
const MOST_FILES = 500_000;
const LONGEST_PATH = 500;
/** Text compresses well; what inflates more than this was made to. Looked at only from a size on. */
const MOST_RATIO = 200;
const RATIO_FLOOR_BYTES = 8 * 1024 * 1024;
const STORED = 0;
const DEFLATED = 8;

/** What has to be kept of an entry of the directory. */
type File = Pick<
  yauzl.Entry,
  'relativeOffsetOfLocalHeader' | 'compressedSize' | 'uncompressedSize' | 'compressionMethod' | 'crc32'
>;

/** A zip on the disk, from outside: its directory is read at once, its files when they are asked for. */
export class ZipReader implements ArchiveReader {
  readonly #zip: yauzl.ZipFile;
  readonly #files: ReadonlyMap<string, File>;

  private constructor(zip: yauzl.ZipFile, files: ReadonlyMap<string, File>) {
    this.#zip = zip;
    this.#files = files;
  }

  /** Refuses by AppError: parameter_value_invalid for what is no zip that can be read within the limits. */
  static async open(path: string): Promise<ZipReader> {
    const zip = await yauzl.openPromise(path, { autoClose: false, strictFileNames: true }).catch(refuse);
    try {
      return new ZipReader(zip, await listFiles(zip));
    } catch (error) {
      zip.close();
      return refuse(error);
    }
  }

  async read(path: string, mostBytes: number): Promise<Uint8Array | undefined> {
    const file = this.#files.get(path);
    if (!file) return undefined;
    if (file.uncompressedSize > mostBytes) {
      throw new AppError('upload_too_large', `${path} has more than ${mostBytes} bytes.`);
    }
    try {
      return await this.#receive(path, file);
    } catch (error) {
      return refuse(error);
    }
  }

  close(): void {
    this.#zip.close();
  }

  async #receive(path: string, file: File): Promise<Uint8Array> {
    const { fileDataStart } = await this.#zip.readLocalFileHeaderPromise(file as yauzl.Entry, {
      minimal: true,
    });
    const { compressedSize, uncompressedSize } = file;
    const isDeflated = file.compressionMethod === DEFLATED;
    // The stream fails at the first byte beyond the size that the directory states. (3.4.0: the promised twin of this
    // method calls another one.)
    const stream = await new Promise<Readable>((resolve, reject) => {
      this.#zip.openReadStreamLowLevel(
        fileDataStart,
        compressedSize,
        0,
        compressedSize,
        isDeflated,
        uncompressedSize,
        (error, opened) => (error ? reject(error) : resolve(opened)),
      );
    });
    const chunks: Buffer[] = [];
    let sum = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      sum = crc32(chunk, sum);
      chunks.push(chunk);
    }
    if (sum !== file.crc32) throw new Error(`${path} is damaged`);
    return Buffer.concat(chunks);
  }
}

async function listFiles(zip: yauzl.ZipFile): Promise<ReadonlyMap<string, File>> {
  if (zip.entryCount > MOST_FILES) throw new Error(`it has more than ${MOST_FILES} files`);
  const files = new Map<string, File>();
  for await (const entry of zip.eachEntry()) {
    const { fileName, compressedSize, uncompressedSize, compressionMethod } = entry;
    if (fileName.endsWith('/')) continue;
    if (fileName.length > LONGEST_PATH) throw new Error('it has a file with a name that is too long');
    if (files.has(fileName)) throw new Error(`it has ${fileName} twice`);
    if (entry.isEncrypted()) throw new Error(`${fileName} is encrypted`);
    if (compressionMethod !== STORED && compressionMethod !== DEFLATED) {
      throw new Error(`${fileName} is compressed in an unknown way`);
    }
    if (uncompressedSize > RATIO_FLOOR_BYTES && uncompressedSize > compressedSize * MOST_RATIO) {
      throw new Error(`${fileName} inflates more than ${MOST_RATIO} times`);
    }
    const { relativeOffsetOfLocalHeader } = entry;
    files.set(fileName, {
      ...{ relativeOffsetOfLocalHeader, compressedSize, uncompressedSize, compressionMethod },
      crc32: entry.crc32,
    });
  }
  refuseOverlaps(files);
  return files;
}

/** Entries that share their bytes are a known way to make a small archive large. */
function refuseOverlaps(files: ReadonlyMap<string, File>): void {
  const inOrder = [...files.values()].sort(
    (one, other) => one.relativeOffsetOfLocalHeader - other.relativeOffsetOfLocalHeader,
  );
  let end = 0;
  for (const { relativeOffsetOfLocalHeader: start, compressedSize } of inOrder) {
    if (start < end) throw new Error('two of its files share their bytes');
    end = start + compressedSize;
  }
}

/** Whatever is wrong with a zip from outside is the zip's fault, unless the disk says otherwise. */
function refuse(error: unknown): never {
  if (error instanceof AppError || !(error instanceof Error)) throw error;
  if ('syscall' in error) throw error;
  throw new AppError(
    'parameter_value_invalid',
    `The archive cannot be read: ${error.message.replace(/\.$/, '')}.`,
    {
      cause: error,
    },
  );
}
