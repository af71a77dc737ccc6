import type { DeliveryAttempt, Save } from '../../domain/saving/save.js';
import type { DeliveryAttemptRow, SaveRow } from '../tables.js';
import { asFlag, asJson, type Columns, columnNames, writeColumns } from './columns.js';

const COLUMNS: Columns<Save> = {
  id: { name: 'id' },
  documentKey: { name: 'document_key' },
  version: { name: 'version' },
  apiKeyId: { name: 'api_key_id' },
  documentId: { name: 'document_id' },
  documentName: { name: 'document_name' },
  sessionId: { name: 'session_id' },
  userId: { name: 'user_id' },
  reason: { name: 'reason' },
  force: { name: 'force', ...asFlag },
  sequence: { name: 'sequence' },
  targetId: { name: 'target_id' },
  target: { name: 'target', ...asJson },
  state: { name: 'state' },
  blob: { name: 'blob' },
  sha256: { name: 'sha256' },
  attempts: { name: 'attempts' },
  nextAttemptAt: { name: 'next_attempt_at' },
  leasedUntil: { name: 'leased_until' },
  leaseOwner: { name: 'lease_owner' },
  createdAt: { name: 'created_at' },
  settledAt: { name: 'settled_at' },
  message: { name: 'message' },
};

/** By name: what is prepared once must not change with the table. */
export const SAVE_COLUMNS = columnNames(COLUMNS) as (keyof SaveRow)[];

export function toSaveColumns(change: Partial<Save>): Partial<SaveRow> {
  const row: Partial<SaveRow> = writeColumns<Save>(COLUMNS, change);
  if (change.target !== undefined) row.host = hostOf(change.target.saveUrl);
  return row;
}

/** Host and port as a URL writes them; empty when the text is no URL, which then fails at delivery and not here. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : '';
}

export function toSave(row: SaveRow): Save {
  return {
    id: row.id,
    documentKey: row.document_key,
    apiKeyId: row.api_key_id,
    documentId: row.document_id,
    documentName: row.document_name,
    sessionId: row.session_id,
    userId: row.user_id,
    reason: row.reason as Save['reason'],
    force: row.force === 1,
    version: row.version,
    sequence: row.sequence,
    targetId: row.target_id,
    target: JSON.parse(row.target) as Save['target'],
    state: row.state as Save['state'],
    blob: row.blob,
    sha256: row.sha256,
    attempts: row.attempts,
    nextAttemptAt: row.next_attempt_at,
    leasedUntil: row.leased_until,
    leaseOwner: row.lease_owner,
    createdAt: row.created_at,
    settledAt: row.settled_at,
    message: row.message,
  };
}

export function toAttempt(row: DeliveryAttemptRow): DeliveryAttempt {
  return {
    saveId: row.save_id,
    number: row.number,
    startedAt: row.started_at,
    durationMs: row.duration_ms,
    status: row.status,
    answer: row.answer,
    outcome: row.outcome as DeliveryAttempt['outcome'],
  };
}
