import { AppError } from '@officina/protocol';
import type { FastifyRequest } from 'fastify';
import type { Range } from '../../domain/library/lists.js';
import { type Form, readForm, type UploadedFile } from '../kit/form.js';
import type { UploadBudget } from '../kit/upload-budget.js';
import { MalformedRequest } from './wire-errors.js';

/** Every parameter that some call of the dialect knows; others are passed over, for old clients send what they like. */
const TEXTS = [
  'apikey',
  'ticket',
  'authtoken',
  'scope',
  'start-from',
  'limit',
  'sort-order',
  'version',
  'shareto',
  'allowtowrite',
  'emailid',
  'documentId',
  'documentName',
  'tags',
  'tagname',
  'content',
  'contentType',
  'allowcomment',
  'showcomment',
  'LOGIN_ID',
  'PASSWORD',
  'FROM_AGENT',
  'servicename',
  'SCOPE',
  'EMAIL_ID',
] as const;
export type TextParameter = (typeof TEXTS)[number];

/** A page is as long as the vendor's. */
const LONGEST_PAGE = 100;

export interface BodyRules {
  maxUploadBytes: number;
  uploads: UploadBudget;
}

/** What a request says, in its query and in its body alike. */
export class Parameters {
  readonly #query: URLSearchParams;
  readonly #form: Form;

  constructor(query: URLSearchParams, form: Form) {
    this.#query = query;
    this.#form = form;
  }

  /** The parameter as it was sent. */
  text(name: TextParameter): string | undefined {
    return this.#form.texts.get(name) ?? this.#query.get(name) ?? undefined;
  }

  /** Refuses by AppError: parameter_missing, also for an empty one. */
  require(name: TextParameter): string {
    const text = this.text(name);
    if (text === undefined || text.trim() === '') throw missing(name);
    return text;
  }

  /** Refuses by AppError: parameter_value_invalid. */
  boolean(name: TextParameter): boolean | undefined {
    const text = this.text(name)?.trim().toLowerCase();
    if (text === undefined || text === '') return undefined;
    if (text !== 'true' && text !== 'false') throw invalid(name, `"${name}" is true or false.`);
    return text === 'true';
  }

  /** `start-from` and `limit`. Refuses by AppError: parameter_value_invalid. */
  range(longestPage: number = LONGEST_PAGE): Range {
    const from = this.#positive('start-from') ?? 1;
    const limit = this.#positive('limit') ?? null;
    if (limit !== null && limit > longestPage) {
      throw invalid('limit', `"limit" is a number from 1 to ${longestPage}.`);
    }
    return { from, limit };
  }

  file(name: string): UploadedFile | undefined {
    return this.#form.files.get(name);
  }

  #positive(name: TextParameter): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = /^\d{1,15}$/.test(text) ? Number(text) : 0;
    if (value < 1) throw invalid(name, `"${name}" is a whole number from 1.`);
    return value;
  }
}

export function readQuery(request: FastifyRequest): URLSearchParams {
  const at = request.url.indexOf('?');
  return new URLSearchParams(at < 0 ? '' : request.url.slice(at + 1));
}

/**
 * Reads the body and gives its memory back when `task` is done. Refuses by MalformedRequest, and by AppError as the form
 * reader does.
 */
export async function withParameters<T>(
  request: FastifyRequest,
  files: readonly string[],
  rules: BodyRules,
  task: (parameters: Parameters) => Promise<T>,
): Promise<T> {
  const { form, dispose } = await readForm(request, {
    texts: TEXTS,
    files,
    maxFileBytes: rules.maxUploadBytes,
    budget: rules.uploads,
    isLenient: true,
  }).catch((error: unknown) => {
    throw isMalformed(error) ? new MalformedRequest(error.message, { cause: error }) : error;
  });
  try {
    return await task(new Parameters(readQuery(request), form));
  } finally {
    dispose();
  }
}

export function missing(name: TextParameter): AppError {
  return new AppError('parameter_missing', `"${name}" is needed.`, { blame: { parameter: name } });
}

export function invalid(name: TextParameter, message: string): AppError {
  return new AppError('parameter_value_invalid', message, { blame: { parameter: name } });
}

/** The form reader blames a parameter when there is one; else the body itself is no form. */
function isMalformed(error: unknown): error is AppError {
  return (
    error instanceof AppError &&
    error.code === 'parameter_value_invalid' &&
    error.blame.parameter === undefined
  );
}
