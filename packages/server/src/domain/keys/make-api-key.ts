import { randomBytes } from 'node:crypto';
import type { ApiKey } from './api-key.js';

const KEY_BYTES = 16;
const ID_BYTES = 8;
const SIGNING_BYTES = 32;
const FORMER_SIGNS_MS = 24 * 3_600_000;

/** A new key's text: 32 lower-case hex letters, as clients of the Integrator API know it. */
export function makeSecret(): string {
  return randomBytes(KEY_BYTES).toString('hex');
}

/** A key with the defaults of a new installation; its text is stored as a hash only (`hashApiKey`). */
export function makeApiKey(name: string, now: number): ApiKey {
  return {
    id: randomBytes(ID_BYTES).toString('hex'),
    name,
    createdAt: now,
    revokedAt: null,
    allowedOrigins: [],
    egressAllow: [],
    monthlyCallLimit: null,
    savesOnLeave: true,
    saveIntervalMinutes: null,
    strictRetries: false,
    signingSecret: makeSigningSecret(),
    formerSigningSecret: null,
    formerSigningUntil: null,
  };
}

/** A new signing secret; the one before goes on signing for a day, so that no callback is refused meanwhile. */
export function renewSigning(key: ApiKey, now: number) {
  return {
    signingSecret: makeSigningSecret(),
    formerSigningSecret: key.signingSecret,
    formerSigningUntil: now + FORMER_SIGNS_MS,
  } satisfies Partial<ApiKey>;
}

/** What callbacks are signed with at this time, the newest first. */
export function signingSecretsOf(key: ApiKey, now: number): readonly string[] {
  const { signingSecret, formerSigningSecret: former, formerSigningUntil: until } = key;
  return former !== null && until !== null && now < until ? [signingSecret, former] : [signingSecret];
}

/** The form that Standard Webhooks libraries take as it is. */
function makeSigningSecret(): string {
  return `whsec_${randomBytes(SIGNING_BYTES).toString('base64')}`;
}
