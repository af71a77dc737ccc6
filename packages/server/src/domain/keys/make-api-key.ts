import { randomBytes } from 'node:crypto';
import type { ApiKey } from './api-key.js';
import { makeSigningSecret } from './signing-secrets.js';

const KEY_BYTES = 16;
const ID_BYTES = 8;

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
