import { createSaveMemory, type ReceivedSave, type SaveMemory } from './received-save.js';
import { SAVE_HEADERS, sha256Hex, verifyDelivery } from './signature.js';

export interface SaveReceiverOptions {
  /** The signing secret of the API key (`whsec_…`), which is not the key itself. */
  secret: string;
  /**
   * Stores the file. What it returns is shown to the person who saved. When it throws a `SaveRefused` its words are
   * shown; when it throws anything else the server is told to try again.
   */
  onSave: (save: ReceivedSave) => Promise<string | undefined> | string | undefined;
  /** Keep one in your database when several processes receive, or when a restart must not forget. */
  memory?: SaveMemory;
  /** Name of the part that holds the file, if `save_url_params` renames it with `$content`. */
  filePart?: string;
  /** Milliseconds since 1970. */
  now?: () => number;
  /** How far the time of the signature may be off. */
  toleranceSeconds?: number;
}

/** Tells the person why the file was not stored. A 4xx other than 408, 409, 421, 423, 425 and 429 means that a repetition will not help. */
export class SaveRefused extends Error {
  readonly status: number;

  constructor(message: string, status = 422) {
    super(message);
    this.name = 'SaveRefused';
    this.status = status;
  }
}

const DEFAULT_TOLERANCE_SECONDS = 300;
const STORED = 'Document Saved Successfully';
const ALREADY_NEWER = 'A newer version of the document is stored already.';

/**
 * Makes the handler of a `save_url`: it verifies signature and hash, stores each delivery once although it may come
 * more than once, and never lets an older version of a document follow a newer one. Takes a web-standard Request and
 * answers a Response; for `node:http` and Express see `toNodeHandler`.
 */
export function createSaveReceiver(options: SaveReceiverOptions): (request: Request) => Promise<Response> {
  const memory = options.memory ?? createSaveMemory();
  const now = options.now ?? Date.now;
  const toleranceSeconds = options.toleranceSeconds ?? DEFAULT_TOLERANCE_SECONDS;
  /** The last thing that goes on for each line of versions: saves of one document are stored one after the other. */
  const lines = new Map<string, Promise<Response>>();

  return async (request) => {
    if (request.method !== 'POST' && request.method !== 'PUT')
      return answer(405, 'Only POST and PUT bring saves.');
    const signed = readSigned(request.headers);
    if (!signed) return answer(401, 'The request carries no signature of a save.');
    if (Math.abs(now() / 1000 - signed.timestampSeconds) > toleranceSeconds) {
      return answer(401, 'The signature is too old, or the clock of one of the servers is wrong.');
    }
    if (!(await verifyDelivery(options.secret, signed, signed.signatures))) {
      return answer(401, 'The signature is wrong: the signing secret is not the one of the API key.');
    }
    const save = await readSave(request, signed);
    if (typeof save === 'string') return answer(400, save);
    if ((await sha256Hex(save.bytes)) !== signed.sha256) {
      return answer(400, 'The file does not have the hash that was signed. Send it again.');
    }
    return inLine(lineOf(request, save), (line) => store(save, line));
  };

  async function store(save: ReceivedSave, line: string): Promise<Response> {
    const before = await memory.findAnswer(save.deliveryId);
    if (before && before.sha256 !== save.sha256) {
      return answer(409, `The delivery ${save.deliveryId} was stored with other bytes before.`);
    }
    if (before) return answer(200, before.message);
    if ((await memory.findVersion(line)) > save.version) return answer(200, ALREADY_NEWER);
    try {
      const message = (await options.onSave(save)) || STORED;
      const { deliveryId, sha256, version } = save;
      await memory.remember({ deliveryId, sha256, message, line, version });
      return answer(200, message);
    } catch (error) {
      if (error instanceof SaveRefused) return answer(error.status, error.message);
      return answer(500, 'The application could not store the file.');
    }
  }

  async function inLine(line: string, work: (line: string) => Promise<Response>): Promise<Response> {
    const turn = (lines.get(line) ?? Promise.resolve()).then(() => work(line));
    lines.set(line, turn);
    try {
      return await turn;
    } finally {
      if (lines.get(line) === turn) lines.delete(line);
    }
  }

  async function readSave(request: Request, signed: Signed): Promise<ReceivedSave | string> {
    let form: FormData;
    try {
      form = await request.formData();
    } catch {
      return 'The body is not complete multipart/form-data.';
    }
    const name = options.filePart ?? 'content';
    const file = form.get(name);
    if (file === null || typeof file === 'string') return `There is no file in the part "${name}".`;
    const fields: Record<string, string> = {};
    for (const [field, value] of form) if (typeof value === 'string') fields[field] = value;
    return {
      deliveryId: signed.deliveryId,
      fileName: file.name,
      mediaType: file.type,
      bytes: new Uint8Array(await file.arrayBuffer()),
      sha256: signed.sha256,
      fields,
      documentId: decode(request.headers.get(SAVE_HEADERS.document)),
      version: Number(request.headers.get(SAVE_HEADERS.version) ?? 0),
      life: request.headers.get(SAVE_HEADERS.life),
      reason: request.headers.get(SAVE_HEADERS.reason) ?? 'user',
      attempt: Number(request.headers.get(SAVE_HEADERS.attempt) ?? 1),
    };
  }
}

interface Signed {
  deliveryId: string;
  timestampSeconds: number;
  sha256: string;
  signatures: string;
}

function readSigned(headers: Headers): Signed | undefined {
  const deliveryId = headers.get(SAVE_HEADERS.id);
  const timestampSeconds = Number(headers.get(SAVE_HEADERS.timestamp) ?? Number.NaN);
  const sha256 = headers.get(SAVE_HEADERS.sha256);
  const signatures = headers.get(SAVE_HEADERS.signature);
  if (!deliveryId || !sha256 || !signatures || !Number.isInteger(timestampSeconds)) return undefined;
  return { deliveryId, timestampSeconds, sha256, signatures };
}

/** Versions are compared within one life of a document, in one format, at one address. */
function lineOf(request: Request, save: ReceivedSave): string {
  const url = new URL(request.url);
  return JSON.stringify([save.life ?? save.deliveryId, save.fields.format ?? '', url.pathname, url.search]);
}

function decode(text: string | null): string | null {
  try {
    return text === null ? null : decodeURIComponent(text);
  } catch {
    return text;
  }
}

function answer(status: number, message: string): Response {
  return new Response(JSON.stringify({ message }), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
  });
}
