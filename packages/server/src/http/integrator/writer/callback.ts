import { AppError } from '@officina/protocol';
import type { Static } from '@sinclair/typebox';
import type { CallbackSettings } from '../../../domain/saving/callback-settings.js';
import { invalid } from '../parameter.js';
import type { CallbackSettingsSchema } from './schema.js';

const PARAMETER = 'callback_settings';
const DEFAULT_TIMEOUT_MS = 120_000;

/** RFC 9110 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/;
/** Visible characters, spaces and tabs of Latin-1: what a header may carry. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** Headers that belong to the connection or to the body that we make. */
const OWN_HEADERS = new Set([
  'connection',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** The settings of saves. Refuses by AppError what no push could be made with, naming the key. */
export function readCallback(
  sent: Static<typeof CallbackSettingsSchema> | undefined,
): CallbackSettings | null {
  if (!sent) return null;
  const url = URL.canParse(sent.save_url) ? new URL(sent.save_url) : undefined;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw invalid(PARAMETER, 'save_url', `"${sent.save_url.slice(0, 200)}" is not an http or https URL.`);
  }
  return {
    saveUrl: sent.save_url,
    format: sent.save_format,
    method: sent.http_method_type?.toLowerCase() === 'put' ? 'put' : 'post',
    retries: sent.retries ?? 0,
    timeoutMs: sent.timeout ?? DEFAULT_TIMEOUT_MS,
    params: readParams(sent.save_url_params ?? {}),
    headers: readHeaders(sent.save_url_headers ?? {}),
  };
}

function readParams(sent: Readonly<Record<string, string | number>>): Record<string, string | number> {
  for (const name of Object.keys(sent)) {
    // The name stands in a header of its part.
    if (name === '' || name.length > 200 || /[\r\n"]/.test(name)) throw badName('save_url_params', name);
  }
  return { ...sent };
}

function readHeaders(sent: Readonly<Record<string, string | number>>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(sent)) {
    if (!TOKEN.test(name)) throw badName('save_url_headers', name);
    if (OWN_HEADERS.has(name.toLowerCase())) {
      throw invalid(PARAMETER, `save_url_headers.${name}`, `The header "${name}" is set by the server.`);
    }
    if (!HEADER_VALUE.test(String(value))) {
      throw invalid(
        PARAMETER,
        `save_url_headers.${name}`,
        'The value holds a character that no header carries.',
      );
    }
    headers[name] = String(value);
  }
  return headers;
}

function badName(key: string, name: string): AppError {
  const blame = { parameter: PARAMETER, key: `${key}.${name.slice(0, 100)}` };
  return new AppError('parameter_name_invalid', 'The name cannot be sent.', { blame });
}
