import type { ApiKey, ApiKeyStore } from '../keys/api-key.js';
import type { CallbackSettings } from '../saving/callback-settings.js';
import type { EgressPolicy } from '../saving/deliverer.js';
import type { Save } from '../saving/save.js';

/**
 * The library opens documents as applications do, under a key that nobody can send: no text has its hash. It gives up
 * after a refusal, because what the library refuses once it refuses again.
 */
export const HOUSE_KEY: ApiKey = {
  id: 'library',
  name: 'Library',
  createdAt: 0,
  revokedAt: null,
  allowedOrigins: [],
  egressAllow: [],
  monthlyCallLimit: null,
  savesOnLeave: false,
  saveIntervalMinutes: null,
  strictRetries: true,
  signingSecret: '',
  formerSigningSecret: null,
  formerSigningUntil: null,
};

const SCHEME = 'library:';

/** Where a session of a library document saves to: no address of the network, but the document's own versions. */
export function houseTarget(documentId: string): CallbackSettings {
  return {
    saveUrl: `${SCHEME}//${documentId}/versions`,
    format: 'docx',
    method: 'post',
    retries: 2,
    timeoutMs: 120_000,
    params: {},
    headers: {},
  };
}

/** What the pipeline keeps as the library's answer to a save. */
export function answerOf(version: string): string {
  return `Version ${version}`;
}

/** What the library calls a save that it has kept; nothing for others. */
export function labelOf({ apiKeyId, state, message }: Pick<Save, 'apiKeyId' | 'state' | 'message'>): {
  label?: string;
} {
  const isKept = apiKeyId === HOUSE_KEY.id && state === 'delivered';
  return isKept && message?.startsWith(answerOf('')) ? { label: message } : {};
}

/** The keys of applications, and the library's own, which is in no list. */
export function withHouseKey(keys: Pick<ApiKeyStore, 'find'>): Pick<ApiKeyStore, 'find'> {
  return { find: async (id) => (id === HOUSE_KEY.id ? HOUSE_KEY : await keys.find(id)) };
}

/** Lets the library's own target pass; applications can only name addresses of http. */
export function withHouseTarget(egress: EgressPolicy): EgressPolicy {
  return {
    refusal: async (url, egressAllow) =>
      url.startsWith(SCHEME) ? undefined : await egress.refusal(url, egressAllow),
  };
}
