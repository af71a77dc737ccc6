import type { SequencedOperation } from '@officina/protocol';
import type { Document } from '../../domain/documents/document.js';
import type { ApiKey } from '../../domain/keys/api-key.js';
import type { Save } from '../../domain/saving/save.js';
import type { Session } from '../../domain/sessions/session.js';

/** Boring values of every kind; a test names only what it is about. */

export function sampleKey(change: Partial<ApiKey> = {}): ApiKey {
  return {
    id: 'key-1',
    name: 'Contracts',
    createdAt: 1_000,
    revokedAt: null,
    allowedOrigins: [],
    egressAllow: [],
    monthlyCallLimit: null,
    savesOnLeave: true,
    saveIntervalMinutes: null,
    strictRetries: false,
    signingSecret: 'whsec_1',
    formerSigningSecret: null,
    formerSigningUntil: null,
    ...change,
  };
}

export function sampleDocument(change: Partial<Document> = {}): Document {
  return {
    key: 'life-1',
    face: 'writer',
    kind: 'document',
    apiKeyId: 'key-1',
    documentId: 'doc-1',
    name: 'Contract',
    locked: false,
    settingsAtUnlock: null,
    createdAt: 1_000,
    expiresAt: 10_000,
    state: 'living',
    endedAt: null,
    purgeAt: null,
    importedSha256: null,
    originalBlob: 'a'.repeat(64),
    baseBlob: 'b'.repeat(64),
    deliveredSequence: 0,
    ...change,
  };
}

export function sampleSession(change: Partial<Session> = {}): Session {
  return {
    id: 'session-1',
    apiKeyId: 'key-1',
    documentKey: 'life-1',
    documentId: 'doc-1',
    mode: 'edit',
    user: { userId: 'user-1', displayName: 'Ada' },
    permissions: {
      'document.export': true,
      'document.print': true,
      'document.edit': true,
      'review.changes.resolve': true,
      'review.comment': true,
      'collab.chat': true,
      'document.pausecollaboration': false,
      'document.fill': true,
    },
    callback: null,
    interfaceLanguage: 'en',
    unit: 'in',
    view: 'pageview',
    ui: { saveButton: true, chatPanel: false, fileMenu: true, darkMode: false },
    createdAt: 1_000,
    expiresAt: 10_000,
    expiresAtMost: 100_000,
    openedAt: null,
    state: 'living',
    endedAt: null,
    ...change,
  };
}

export function sampleSave(change: Partial<Omit<Save, 'version'>> = {}): Omit<Save, 'version'> {
  return {
    id: 'save-1',
    documentKey: 'life-1',
    apiKeyId: 'key-1',
    documentId: 'doc-1',
    documentName: 'Contract',
    sessionId: 'session-1',
    userId: 'user-1',
    reason: 'user',
    force: false,
    sequence: 5,
    targetId: 'target-1',
    target: {
      saveUrl: 'https://app.example/save',
      format: 'docx',
      method: 'post',
      retries: 1,
      timeoutMs: 10_000,
      params: { id: 7, name: '$filename' },
      headers: { 'x-token': 'secret' },
    },
    state: 'accepted',
    blob: null,
    sha256: null,
    attempts: 0,
    nextAttemptAt: 1_000,
    leasedUntil: null,
    leaseOwner: null,
    createdAt: 1_000,
    settledAt: null,
    message: null,
    ...change,
  };
}

/** Operations numbered from `first`, each the next of its client. */
export function sampleOperations(
  first: number,
  count: number,
  change: Partial<SequencedOperation> = {},
): SequencedOperation[] {
  return Array.from({ length: count }, (_, index) => ({
    sequence: first + index,
    client: 'client-1',
    n: first + index,
    base: first + index - 1,
    actor: 'user-1',
    author: 'Ada',
    at: 1_000,
    o: { kind: 'insert', text: `text ${first + index}` },
    ...change,
  }));
}
