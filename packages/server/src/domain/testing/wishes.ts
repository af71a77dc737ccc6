import { createHash } from 'node:crypto';
import { PERMISSION_KEYS, type Permissions } from '@officina/protocol';
import { PLAIN_BLANK } from '../content/plain-blank.js';
import type { EditingWish, SessionWish, Source } from '../documents/opening.js';
import type { ApiKey } from '../keys/api-key.js';
import type { CallbackSettings } from '../saving/callback-settings.js';

export const ALL_RIGHTS = Object.fromEntries(
  PERMISSION_KEYS.map((key) => [key, true]),
) as unknown as Permissions;

export function uploadOf(text: string): Source {
  const bytes = new TextEncoder().encode(text);
  return {
    from: 'upload',
    bytes,
    fileName: null,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}

export function callbackTo(saveUrl: string): CallbackSettings {
  return {
    saveUrl,
    format: 'docx',
    method: 'post',
    retries: 0,
    timeoutMs: 10_000,
    params: {},
    headers: {},
  };
}

export interface WishOptions {
  id?: string | null;
  /** Text of the file that is sent. */
  file?: string;
  source?: Source;
  user?: string;
  session?: Partial<SessionWish>;
}

/** A call that is boring in everything that the test does not say. */
export function wishOf(apiKey: ApiKey, options: WishOptions = {}): EditingWish {
  return {
    apiKey,
    kind: 'document',
    documentId: options.id === undefined ? 'plan' : options.id,
    name: 'Plan',
    source: options.source ?? (options.file === undefined ? null : uploadOf(options.file)),
    defaults: PLAIN_BLANK,
    settings: { trackChanges: null, language: null },
    session: {
      userId: options.user ?? null,
      displayName: 'Guest',
      permissions: ALL_RIGHTS,
      callback: null,
      interfaceLanguage: 'en',
      unit: 'in',
      view: 'pageview',
      ui: { saveButton: true, chatPanel: true, fileMenu: true, darkMode: true },
      ...options.session,
    },
  };
}
