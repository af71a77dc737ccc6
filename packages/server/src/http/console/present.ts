import type { ConsoleAccount, ConsoleAttempt, ConsoleDelivery, ConsoleKey } from '@officina/protocol';
import type { ListedAccount } from '../../domain/accounts/account.js';
import type { ApiKey } from '../../domain/keys/api-key.js';
import type { DeliveryAttempt, Save } from '../../domain/saving/save.js';

export function presentKey(key: ApiKey): ConsoleKey {
  const { id, name, createdAt, revokedAt, allowedOrigins, egressAllow, monthlyCallLimit } = key;
  const { savesOnLeave, saveIntervalMinutes, strictRetries } = key;
  return {
    ...{ id, name, createdAt, revokedAt, allowedOrigins, egressAllow, monthlyCallLimit },
    ...{ savesOnLeave, saveIntervalMinutes, strictRetries },
  };
}

export function presentAccount(account: ListedAccount): ConsoleAccount {
  const { id, email, loginName, displayName, createdAt, disabledAt, confirmedAt, documents } = account;
  return { id, email, loginName, displayName, createdAt, disabledAt, confirmedAt, documents };
}

/** Without headers, form fields and query values: an application may have put its secrets there. */
export function presentDelivery(save: Save): ConsoleDelivery {
  const { target } = save;
  const url = URL.canParse(target.saveUrl) ? new URL(target.saveUrl) : null;
  return {
    id: save.id,
    documentId: save.documentId,
    documentName: save.documentName,
    keyId: save.apiKeyId,
    userId: save.userId,
    reason: save.reason,
    version: save.version,
    state: save.state,
    method: target.method.toUpperCase(),
    format: target.format,
    host: url?.host ?? '',
    url: url ? hideSecrets(url) : '',
    attempts: save.attempts,
    nextAttemptAt: save.state === 'accepted' || save.state === 'built' ? save.nextAttemptAt : null,
    createdAt: save.createdAt,
    settledAt: save.settledAt,
    message: save.message,
    hasFile: save.blob !== null,
  };
}

export function presentAttempt(attempt: DeliveryAttempt): ConsoleAttempt {
  const { number, startedAt, durationMs, status, outcome, answer } = attempt;
  return { number, startedAt, durationMs, status, outcome, answer };
}

function hideSecrets(url: URL): string {
  const names = [...url.searchParams.keys()].map((name) => `${encodeURIComponent(name)}=…`);
  return `${url.origin}${url.pathname}${names.length > 0 ? `?${names.join('&')}` : ''}`;
}
