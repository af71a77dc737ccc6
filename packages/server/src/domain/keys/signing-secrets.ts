import { randomBytes } from 'node:crypto';
import type { ApiKey } from './api-key.js';

const SIGNING_BYTES = 32;
const FORMER_SIGNS_MS = 24 * 3_600_000;

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
export function makeSigningSecret(): string {
  return `whsec_${randomBytes(SIGNING_BYTES).toString('base64')}`;
}
