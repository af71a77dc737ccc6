import { createHash } from 'node:crypto';
import type { Multipart, MultipartFile } from '@fastify/multipart';
import { AppError } from '@officina/protocol';
import type { FastifyRequest } from 'fastify';
import type { UploadBudget } from './upload-budget.js';

export interface UploadedFile {
  /** Null when the part has no file name, or an empty one. */
  fileName: string | null;
  mediaType: string;
  bytes: Uint8Array;
  sha256: string;
}

/** What a request's body holds: texts and files by the name of their parameter. */
export interface Form {
  texts: ReadonlyMap<string, string>;
  files: ReadonlyMap<string, UploadedFile>;
}

export interface FormRules {
  texts: readonly string[];
  files: readonly string[];
  maxFileBytes: number;
  budget: UploadBudget;
  /** Texts that are not among `texts` are passed over, and of one that came twice the first counts. */
  isLenient?: boolean;
}

/** What a body parser leaves of a body that is no form. */
export class UnreadableBody {}

/** No call has a tenth of this many parameters. */
const MAX_PARTS = 100;
const MAX_TEXT_BYTES = 1024 * 1024;
/** How much of a body that is refused is still read, so that the caller gets to see the answer. */
const DRAIN_BYTES = 64 * 1024 * 1024;

/**
 * Reads a form in whatever way the caller sent it: multipart, urlencoded, or no body at all. A part is a file when it
 * has a file name or a media type other than text, because some clients send files without a name. Refuses by AppError,
 * naming the parameter: parameter_value_invalid, parameter_name_invalid, parameter_unsupported, upload_name_invalid,
 * upload_too_large, busy.
 *
 * `dispose` gives the memory back to the budget; to be called when the answer is out.
 */
export async function readForm(
  request: FastifyRequest,
  rules: FormRules,
): Promise<{ form: Form; dispose: () => void }> {
  if (request.isMultipart()) return new MultipartReader(request, rules).read();
  if (typeof request.body === 'string')
    return { form: readUrlencoded(request.body, rules), dispose: () => {} };
  if (request.body instanceof UnreadableBody) {
    throw new AppError(
      'parameter_value_invalid',
      `The body's Content-Type "${request.headers['content-type'] ?? ''}" is not multipart/form-data or application/x-www-form-urlencoded.`,
    );
  }
  return { form: { texts: new Map(), files: new Map() }, dispose: () => {} };
}

function readUrlencoded(body: string, rules: FormRules): Form {
  const texts = new Map<string, string>();
  for (const [name, text] of new URLSearchParams(body)) {
    // Some clients end the body with an empty pair.
    if (name === '' && text === '') continue;
    if (rules.files.includes(name) && text !== '') throw notAFile(name);
    addText(texts, name, text, rules);
  }
  return { texts, files: new Map() };
}

class MultipartReader {
  readonly #request: FastifyRequest;
  readonly #rules: FormRules;
  readonly #texts = new Map<string, string>();
  readonly #files = new Map<string, UploadedFile>();
  #takenBytes = 0;

  constructor(request: FastifyRequest, rules: FormRules) {
    this.#request = request;
    this.#rules = rules;
  }

  async read(): Promise<{ form: Form; dispose: () => void }> {
    const dispose = () => {
      this.#rules.budget.giveBack(this.#takenBytes);
      this.#takenBytes = 0;
    };
    try {
      this.#refuseHuge();
      const parts = this.#request.parts({
        isPartAFile: (_name, mediaType, fileName) => fileName !== undefined || mediaType !== 'text/plain',
        limits: { parts: MAX_PARTS, fieldSize: MAX_TEXT_BYTES, fileSize: this.#rules.maxFileBytes + 1 },
      });
      let refusal: unknown;
      let drained = 0;
      for await (const part of parts) {
        // After a refusal the rest is only read away: a caller who is still sending does not see an answer.
        if (refusal !== undefined) {
          drained += await drain(part, DRAIN_BYTES - drained);
          continue;
        }
        try {
          await this.#accept(part);
        } catch (error) {
          refusal = error;
          drained += await drain(part, DRAIN_BYTES - drained);
        }
      }
      if (refusal !== undefined) throw refusal;
      return { form: { texts: this.#texts, files: this.#files }, dispose };
    } catch (error) {
      dispose();
      throw toRefusal(error);
    }
  }

  #refuseHuge(): void {
    const length = Number(this.#request.headers['content-length'] ?? 0);
    if (length > this.#rules.maxFileBytes + MAX_PARTS * MAX_TEXT_BYTES)
      throw tooLarge(this.#rules, undefined);
  }

  async #accept(part: Multipart): Promise<void> {
    const name = part.fieldname ?? '';
    if (part.type === 'field') {
      if (part.valueTruncated) throw invalid(name, `"${name}" is longer than ${MAX_TEXT_BYTES} bytes.`);
      const text = String(part.value ?? '');
      if (this.#rules.files.includes(name)) {
        if (text !== '') throw notAFile(name);
        return;
      }
      return addText(this.#texts, name, text, this.#rules);
    }
    if (this.#rules.files.includes(name)) return this.#acceptFile(name, part);
    if (!this.#rules.texts.includes(name)) throw unknownFile(name);
    // A text may come as a file too: browsers send JSON blobs so.
    const { bytes } = await this.#receive(name, part, MAX_TEXT_BYTES);
    addText(this.#texts, name, new TextDecoder().decode(bytes), this.#rules);
  }

  async #acceptFile(name: string, part: MultipartFile): Promise<void> {
    if (this.#files.has(name)) throw twice(name);
    const received = await this.#receive(name, part, this.#rules.maxFileBytes);
    // A form whose file field was left empty.
    if (part.filename === '' && received.bytes.length === 0) return;
    this.#files.set(name, {
      fileName: part.filename || null,
      mediaType: part.mimetype,
      ...received,
    });
  }

  async #receive(
    name: string,
    part: MultipartFile,
    limitBytes: number,
  ): Promise<{ bytes: Uint8Array; sha256: string }> {
    const hash = createHash('sha256');
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of part.file as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limitBytes) {
        part.file.resume();
        throw tooLarge(this.#rules, name);
      }
      this.#rules.budget.take(chunk.length);
      this.#takenBytes += chunk.length;
      hash.update(chunk);
      chunks.push(chunk);
    }
    return { bytes: Buffer.concat(chunks, size), sha256: hash.digest('hex') };
  }
}

/** Reads a part away; gives up by an error when there is more than anybody should send after a refusal. */
async function drain(part: Multipart, limitBytes: number): Promise<number> {
  if (part.type === 'field' || part.file.destroyed) return 0;
  let size = 0;
  for await (const chunk of part.file as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limitBytes) throw invalid(part.fieldname, 'The body is too large.');
  }
  return size;
}

function addText(texts: Map<string, string>, name: string, text: string, rules: FormRules): void {
  if (!rules.texts.includes(name)) {
    if (rules.files.includes(name) || rules.isLenient) return;
    throw new AppError('parameter_unsupported', `This call has no parameter "${shorten(name)}".`, {
      blame: { parameter: shorten(name) },
    });
  }
  if (texts.has(name)) {
    if (rules.isLenient) return;
    throw twice(name);
  }
  texts.set(name, text);
}

/** What goes wrong while a body is read is the body's fault; only our own refusals know more. */
function toRefusal(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const code = (error as { code?: unknown }).code;
  const options = { cause: error };
  switch (code) {
    case 'FST_PARTS_LIMIT':
    case 'FST_FIELDS_LIMIT':
    case 'FST_FILES_LIMIT':
      return new AppError('parameter_unsupported', `The body has more than ${MAX_PARTS} parts.`, options);
    case 'FST_PROTO_VIOLATION':
      return new AppError('parameter_name_invalid', 'A part has a name that is not allowed.', options);
    default:
      return new AppError(
        'parameter_value_invalid',
        `The body cannot be read as multipart/form-data: ${error instanceof Error ? error.message : 'unknown fault'}.`,
        options,
      );
  }
}

function invalid(name: string, message: string): AppError {
  return new AppError('parameter_value_invalid', message, { blame: { parameter: shorten(name) } });
}

function twice(name: string): AppError {
  return invalid(name, `"${name}" was sent twice.`);
}

function notAFile(name: string): AppError {
  return invalid(name, `"${name}" must be sent as a file; with curl: --form ${name}=@FILE.`);
}

function unknownFile(name: string): AppError {
  return new AppError('upload_name_invalid', `This call takes no file named "${shorten(name)}".`, {
    blame: { parameter: shorten(name) },
  });
}

function tooLarge(rules: FormRules, name: string | undefined): AppError {
  const megabytes = Math.floor(rules.maxFileBytes / (1024 * 1024));
  return new AppError(
    'upload_too_large',
    `The file is larger than ${megabytes} MB; OFFICINA_MAX_UPLOAD_MB sets this limit.`,
    { blame: name === undefined ? {} : { parameter: name } },
  );
}

/** Callers' names come back in answers; a hostile one must not fill them. */
function shorten(name: string): string {
  return name.length > 100 ? `${name.slice(0, 100)}…` : name;
}
