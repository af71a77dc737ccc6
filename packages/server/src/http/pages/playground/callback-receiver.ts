import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Arrival, ArrivedFile } from '@officina/protocol';
import type { Clock } from '../../../domain/time.js';

const CALLBACK_PATH = '/playground/callback/';
const SECRET_BYTES = 16;
const TEXT_LENGTH = 22;
/** A playground shows the latest; nobody should fill the server's memory by pressing Save. */
const MOST_ARRIVALS = 100;
const MOST_KEPT_BYTES = 64 * 1024 * 1024;

interface Kept {
  token: string;
  arrival: Arrival;
  bytes: Uint8Array | null;
}

/**
 * The application that the playground plays: it takes saved files at addresses nobody can guess, and keeps the latest
 * in memory. An address is made from the server's secret, so it goes on working after a restart.
 */
export class CallbackReceiver {
  readonly #secret: Uint8Array;
  readonly #origin: () => string;
  readonly #clock: Clock;
  readonly #listeners = new Map<string, Set<(arrival: Arrival) => void>>();
  #kept: Kept[] = [];
  #lastId = 0;

  /** `origin` is where this server reaches itself (`http://127.0.0.1:8080`): a public address may not lead back to it. */
  constructor(deps: { secret: Uint8Array; origin: () => string; clock: Clock }) {
    this.#secret = deps.secret;
    this.#origin = deps.origin;
    this.#clock = deps.clock;
  }

  /** A new address and the token in it. */
  open(): { token: string; url: string } {
    const name = randomBytes(SECRET_BYTES).toString('base64url');
    const token = name + this.#sign(name);
    return { token, url: this.#urlOf(token) };
  }

  /** Whether `url` is, to the letter, the address of a receiver of this server: the one exemption from the egress rules. */
  owns(url: string): boolean {
    const token = url.slice(url.lastIndexOf('/') + 1);
    return this.isToken(token) && url === this.#urlOf(token);
  }

  isToken(token: string): boolean {
    if (token.length !== 2 * TEXT_LENGTH) return false;
    const given = Buffer.from(token.slice(TEXT_LENGTH));
    const expected = Buffer.from(this.#sign(token.slice(0, TEXT_LENGTH)));
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  /** Takes what was posted to a token's address. The token must have been checked. */
  async accept(
    token: string,
    request: { method: string; rawHeaders: readonly string[]; mediaType: string; body: Uint8Array },
  ): Promise<Arrival> {
    const form = await readForm(request.mediaType, request.body);
    const bytes = form.bytes && form.bytes.length <= MOST_KEPT_BYTES ? form.bytes : null;
    this.#lastId += 1;
    const arrival: Arrival = {
      id: this.#lastId,
      at: this.#clock(),
      method: request.method,
      headers: pairHeaders(request.rawHeaders),
      fields: form.fields,
      file: form.file && { ...form.file, isKept: bytes !== null },
      problem: form.problem,
    };
    this.#kept.push({ token, arrival, bytes });
    this.#makeRoom();
    for (const listener of this.#listeners.get(token) ?? []) listener(arrival);
    return arrival;
  }

  /** What arrived for the token, oldest first. */
  list(token: string): readonly Arrival[] {
    return this.#kept.filter((kept) => kept.token === token).map((kept) => kept.arrival);
  }

  file(token: string, id: number): { fileName: string; mediaType: string; bytes: Uint8Array } | undefined {
    const kept = this.#kept.find((candidate) => candidate.token === token && candidate.arrival.id === id);
    if (!kept?.bytes || !kept.arrival.file) return undefined;
    const { fileName, mediaType } = kept.arrival.file;
    return { fileName, mediaType, bytes: kept.bytes };
  }

  /** Hears every arrival for the token; returns a function that ends the listening. */
  listen(token: string, listener: (arrival: Arrival) => void): () => void {
    const listeners = this.#listeners.get(token) ?? new Set();
    listeners.add(listener);
    this.#listeners.set(token, listeners);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(token);
    };
  }

  #makeRoom(): void {
    this.#kept = this.#kept.slice(-MOST_ARRIVALS);
    let total = this.#kept.reduce((sum, kept) => sum + (kept.bytes?.length ?? 0), 0);
    for (const kept of this.#kept) {
      if (total <= MOST_KEPT_BYTES) return;
      if (!kept.bytes || !kept.arrival.file) continue;
      total -= kept.bytes.length;
      kept.bytes = null;
      kept.arrival = { ...kept.arrival, file: { ...kept.arrival.file, isKept: false } };
    }
  }

  #urlOf(token: string): string {
    return `${this.#origin()}${CALLBACK_PATH}${token}`;
  }

  #sign(name: string): string {
    return createHmac('sha256', this.#secret)
      .update(`playground receiver ${name}`)
      .digest('base64url')
      .slice(0, TEXT_LENGTH);
  }
}

/** Where this server reaches itself, for the address that it listens on. */
export function selfOrigin(host: string, port: number): string {
  if (host === '0.0.0.0' || host === '') return `http://127.0.0.1:${port}`;
  if (host === '::') return `http://[::1]:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

interface ReadForm {
  fields: (readonly [string, string])[];
  file: Omit<ArrivedFile, 'isKept'> | null;
  bytes: Uint8Array | null;
  problem: string | null;
}

async function readForm(mediaType: string, body: Uint8Array): Promise<ReadForm> {
  const read: ReadForm = { fields: [], file: null, bytes: null, problem: null };
  try {
    const form = await new Response(Buffer.from(body), { headers: { 'content-type': mediaType } }).formData();
    for (const [name, value] of form) {
      if (typeof value === 'string') {
        read.fields.push([name, value]);
      } else if (!read.file) {
        read.bytes = new Uint8Array(await value.arrayBuffer());
        read.file = { partName: name, fileName: value.name, mediaType: value.type, size: value.size };
      }
    }
    if (!read.file) read.problem = 'The form has no file part.';
  } catch {
    read.problem = `The body (${body.length} bytes of “${mediaType}”) is no form that could be read.`;
  }
  return read;
}

function pairHeaders(raw: readonly string[]): (readonly [string, string])[] {
  const pairs: (readonly [string, string])[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2)
    pairs.push([raw[index] ?? '', raw[index + 1] ?? '']);
  return pairs;
}
