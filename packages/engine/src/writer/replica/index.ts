export type { AnchoredSelection, Install, LocalEdit, Received, Selection, Step } from './client.js';
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
export type { Replica, ReplicaSource } from './replica.js';
