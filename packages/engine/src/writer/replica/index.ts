export { auditAddresses } from './audit.js';
export { CARRIAGE, type Carriage } from './carriage.js';
export { CoeditingClient } from './client.js';
export type {
  AnchoredSelection,
  ClientOptions,
  Install,
  Intent,
  LocalEdit,
  Received,
  RefusedWork,
  Selection,
  Step,
  Undone,
} from './client-values.js';
export type { ChangePlace } from './decisions.js';
export { digestOf } from './digest.js';
export type {
  Anchor,
  Author,
  CharacterRange,
  JsonValue,
  LogEntry,
  LogicalId,
  Message,
  NamedKind,
  Operation,
  OperationId,
  OperationKind,
  Outcome,
  Position,
  Property,
  PropertyDelta,
  Refusal,
  RefusalReason,
} from './operation.js';
export { CORE_VERSION } from './operation.js';
export { openReplica, type Replica, type ReplicaSource, type SnapshotPlace } from './replica.js';
