import { AwsClient } from 'aws4fetch';
import type { BlobStore } from '../../domain/content/blob-store.js';
import type { Bucket } from '../../domain/content/bucket.js';
import { digest, isBlobName } from './digest.js';

const TRIES = 4;
const FIRST_PAUSE_MS = 100;
/** Of one request: a hundred megabytes take their time. */
const TIME_LIMIT_MS = 120_000;
const HTTP_NOT_FOUND = 404;

/**
 * Blobs as objects `PREFIXab/cdef…` of a bucket. The store checks each upload against the hash that it is signed with,
 * and shows an object only once it is whole. https://docs.aws.amazon.com/AmazonS3/latest/API/
 */
export class S3BlobStore implements BlobStore {
  readonly #bucket: Bucket;
  readonly #client: AwsClient;

  constructor(bucket: Bucket) {
    this.#bucket = bucket;
    const { accessKeyId, secretAccessKey, sessionToken, region } = bucket;
    this.#client = new AwsClient({
      ...{ accessKeyId, secretAccessKey, region, service: 's3', retries: 0 },
      ...(sessionToken === null ? {} : { sessionToken }),
    });
  }

  async put(bytes: Uint8Array): Promise<{ sha256: string; size: number }> {
    const sha256 = await digest(bytes);
    const size = bytes.byteLength;
    if ((await this.#sizeOf(sha256)) !== size)
      await this.#send('PUT', this.#addressOf(sha256), { bytes, sha256 });
    return { sha256, size };
  }

  async get(sha256: string): Promise<Uint8Array | undefined> {
    if (!isBlobName(sha256)) return undefined;
    const answer = await this.#send('GET', this.#addressOf(sha256));
    if (answer === undefined) return undefined;
    const bytes = new Uint8Array(await answer.arrayBuffer());
    if ((await digest(bytes)) !== sha256)
      throw new Error(`The blob ${sha256} is damaged: its content has another hash.`);
    return bytes;
  }

  async has(sha256: string): Promise<boolean> {
    return isBlobName(sha256) && (await this.#sizeOf(sha256)) !== undefined;
  }

  async remove(sha256: string): Promise<void> {
    if (isBlobName(sha256)) await this.#send('DELETE', this.#addressOf(sha256));
  }

  async *list(): AsyncIterable<string> {
    const { prefix } = this.#bucket;
    let token: string | null = null;
    do {
      const query = new URLSearchParams({ 'list-type': '2', prefix });
      if (token !== null) query.set('continuation-token', token);
      const answer: Response | undefined = await this.#send('GET', `${this.#bucket.url}/?${query}`);
      if (answer === undefined) throw new Error(`There is no bucket at ${this.#bucket.url}.`);
      const xml = await answer.text();
      for (const key of valuesOf(xml, 'Key')) {
        const name = key.slice(prefix.length).replace('/', '');
        if (isBlobName(name)) yield name;
      }
      token = valuesOf(xml, 'NextContinuationToken')[0] ?? null;
    } while (token !== null);
  }

  /** Undefined when there is none. */
  async #sizeOf(sha256: string): Promise<number | undefined> {
    const answer = await this.#send('HEAD', this.#addressOf(sha256));
    return answer === undefined ? undefined : Number(answer.headers.get('content-length'));
  }

  #addressOf(sha256: string): string {
    return `${this.#bucket.url}/${this.#bucket.prefix}${sha256.slice(0, 2)}/${sha256.slice(2)}`;
  }

  /** Undefined for what is not there. Asks again where the store or the way to it is in trouble. */
  async #send(
    method: string,
    address: string,
    body?: { bytes: Uint8Array; sha256: string },
  ): Promise<Response | undefined> {
    let trouble: unknown;
    for (let attempt = 0; attempt < TRIES; attempt++) {
      if (attempt > 0) await pause(FIRST_PAUSE_MS * 2 ** attempt);
      try {
        const answer = await this.#client.fetch(address, {
          method,
          signal: AbortSignal.timeout(TIME_LIMIT_MS),
          ...(body && {
            // Empty bytes are no body to the signer.
            body: body.bytes as Uint8Array<ArrayBuffer>,
            headers: { 'x-amz-content-sha256': body.sha256, 'content-type': 'application/octet-stream' },
          }),
        });
        if (answer.ok) return answer;
        const words = await answer.text();
        if (answer.status === HTTP_NOT_FOUND && method !== 'PUT') return undefined;
        trouble = new Error(`${method} of a blob was answered ${answer.status}: ${reasonIn(words)}`);
        if (answer.status < 500 && answer.status !== 429) break;
      } catch (error) {
        trouble = error;
      }
    }
    throw new Error('The object store cannot be used.', { cause: trouble });
  }
}

function reasonIn(xml: string): string {
  return (
    [valuesOf(xml, 'Code')[0], valuesOf(xml, 'Message')[0]].filter(Boolean).join(', ') || 'no reason given'
  );
}

/** Text of the elements of a name: S3's answers are flat, and the names asked for stand nowhere else in them. */
function valuesOf(xml: string, element: string): string[] {
  const found = xml.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, 'g'));
  return [...found].map(([, text = '']) =>
    text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'),
  );
}

function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, delayMs);
  });
}
