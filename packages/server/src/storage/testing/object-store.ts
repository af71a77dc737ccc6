import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Bucket } from '../../domain/content/bucket.js';

const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const KEY_ID = 'AKIDEXAMPLE';
const REGION = 'eu-central-1';
/** Small, so that a test meets pages. */
const LIST_PAGE = 7;

/**
 * An object store in memory that speaks as much of S3 as blobs need, and believes no request whose signature it does not
 * find again by its own reckoning (AWS Signature Version 4).
 */
export class ObjectStore {
  readonly objects = new Map<string, Buffer>();
  /** How many of the next requests fail, and as what: a status, or a connection that breaks. */
  trouble: { left: number; as: number | 'broken' } = { left: 0, as: 503 };
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => this.#answer(request, Buffer.concat(chunks), response));
    });
  }

  static async start(): Promise<ObjectStore> {
    const store = new ObjectStore();
    await new Promise<void>((resolve) => store.#server.listen(0, '127.0.0.1', resolve));
    return store;
  }

  bucket(change: Partial<Bucket> = {}): Bucket {
    const { port } = this.#server.address() as AddressInfo;
    const account = { accessKeyId: KEY_ID, secretAccessKey: SECRET, sessionToken: null };
    return { url: `http://127.0.0.1:${port}/files`, region: REGION, prefix: 'blobs/', ...account, ...change };
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, body: Buffer, response: ServerResponse): void {
    if (this.trouble.left > 0) {
      this.trouble.left -= 1;
      if (this.trouble.as === 'broken') request.socket.destroy();
      else response.writeHead(this.trouble.as).end('<Error><Code>SlowDown</Code></Error>');
      return;
    }
    const url = new URL(request.url ?? '', 'http://store');
    if (!isSigned(request, url)) {
      response.writeHead(403).end('<Error><Code>SignatureDoesNotMatch</Code><Message>no</Message></Error>');
      return;
    }
    if (url.searchParams.get('list-type') === '2') this.#list(url, response);
    else this.#object(request, url.pathname.replace('/files/', ''), body, response);
  }

  #object(request: IncomingMessage, key: string, body: Buffer, response: ServerResponse): void {
    const found = this.objects.get(key);
    switch (request.method) {
      case 'PUT':
        if (request.headers['x-amz-content-sha256'] !== createHash('sha256').update(body).digest('hex')) {
          response.writeHead(400).end('<Error><Code>XAmzContentSHA256Mismatch</Code></Error>');
          return;
        }
        this.objects.set(key, body);
        response.end();
        return;
      case 'DELETE':
        this.objects.delete(key);
        response.writeHead(204).end();
        return;
      default:
        if (!found) response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>');
        else response.writeHead(200, { 'content-length': found.length }).end(found);
    }
  }

  #list(url: URL, response: ServerResponse): void {
    const prefix = url.searchParams.get('prefix') ?? '';
    const after = url.searchParams.get('continuation-token') ?? '';
    const names = [...this.objects.keys()].filter((key) => key.startsWith(prefix)).sort();
    const page = names.filter((key) => key > after).slice(0, LIST_PAGE);
    const last = page.at(-1);
    const goesOn = last !== undefined && last !== names.at(-1);
    const keys = page.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('');
    const token = goesOn ? `<NextContinuationToken>${last}</NextContinuationToken>` : '';
    response.end(`<ListBucketResult>${keys}${token}</ListBucketResult>`);
  }
}

function isSigned(request: IncomingMessage, url: URL): boolean {
  const parts =
    /Credential=([^/]+)\/(\d+)\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=(\w+)/.exec(
      request.headers.authorization ?? '',
    );
  if (!parts) return false;
  const [, keyId = '', day = '', region = '', signed = '', signature = ''] = parts;
  if (keyId !== KEY_ID || region !== REGION) return false;
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const query = [...url.searchParams]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
  const headers = signed.split(';').map((name) => `${name}:${String(request.headers[name] ?? '').trim()}\n`);
  const asked = [
    request.method,
    url.pathname,
    query,
    headers.join(''),
    signed,
    request.headers['x-amz-content-sha256'],
  ].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'], scope, hash(asked)].join('\n');
  const key = [day, region, 's3', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${SECRET}`);
  return hmac(key, toSign).toString('hex') === signature;
}

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
