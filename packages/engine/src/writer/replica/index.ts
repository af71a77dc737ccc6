export { CARRIAGE, type Carriage } from './carriage.js';
export {
  type AnchoredSelection,
  type ClientOptions,
  CoeditingClient,
  type Install,
  type LocalEdit,
  type Received,
  type RefusedWork,
  type Selection,
  type Step,
} from './client.js';
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
export { openReplica, type Replica, type ReplicaSource } from './replica.js';
