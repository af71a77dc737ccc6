import type { BlobStore } from '../content/blob-store.js';
import type { DocumentContent } from '../content/document-content.js';
import type { DocumentStore } from '../documents/document.js';
import type { ApiKeyStore } from '../keys/api-key.js';
import type { SessionStore } from '../sessions/session.js';
import type { Clock, Scheduler } from '../time.js';
import type { SaveFormat } from './callback-settings.js';
import type { Deliverer } from './deliverer.js';
import type { RetryLimits } from './retry-policy.js';
import type { DeliveryAttempt, Save, SaveSignals, SaveStore } from './save.js';

/** Something that went wrong and that the pipeline survives; goes to the log. */
export interface SaveTrouble {
  at: 'lease' | 'build' | 'deliver' | 'settle' | 'accept' | 'wake' | 'purge';
  saveId: string | null;
  error: unknown;
}

/** What is counted of the pipeline. */
export interface SaveMeter {
  attempted(outcome: DeliveryAttempt['outcome'], durationMs: number): void;
  settled(state: Save['state'], ageMs: number): void;
}

export interface SaveLimits {
  /** Jobs at work at once: each holds one file in memory. */
  concurrency: number;
  /** Deliveries to one host at once. */
  perHost: number;
  /** A job is given to another worker when its holder has not been heard of for this long. */
  leaseMs: number;
  /** The store is asked for work at least this often: another process may have left some. */
  pollMs: number;
  /** Settled saves are forgotten after this; those that did not arrive after 30 days at the earliest. */
  keepMs: number;
  retry: RetryLimits;
}

export interface SavesDeps {
  saves: SaveStore;
  signals?: SaveSignals;
  sessions: SessionStore;
  documents: DocumentStore;
  keys: Pick<ApiKeyStore, 'find'>;
  blobs: BlobStore;
  content: DocumentContent;
  deliverer: Deliverer;
  /** Makes the target's format from docx; refuses by AppError. Absent: only formats that are docx can be delivered. */
  convert?: (docx: Uint8Array, format: SaveFormat, title: string) => Promise<Uint8Array>;
  clock: Clock;
  scheduler: Scheduler;
  /** From 0 to below 1. */
  random: () => number;
  newId: () => string;
  /** Names this process in leases; another one for every start. */
  nodeId: string;
  /** No other process works on the store: leases left from the last run are ended at the start. */
  isOnlyProcess: boolean;
  limits?: Partial<SaveLimits>;
  meter?: SaveMeter;
  report?: (trouble: SaveTrouble) => void;
}
