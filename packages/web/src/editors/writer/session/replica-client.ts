import type { CoeditingClient } from '@officina/engine/writer/replica';

/** What this page asks of the replica's client. Everything is synchronous and pure; the page brings time and network. */
export type ReplicaClient = Pick<
  CoeditingClient,
  | 'sequence'
  | 'package'
  | 'confirmedReplica'
  | 'pending'
  | 'canUndo'
  | 'canRedo'
  | 'commit'
  | 'commitPackage'
  | 'perform'
  | 'undo'
  | 'redo'
  | 'receive'
  | 'reject'
  | 'select'
  | 'anchorsOf'
  | 'selectionOf'
>;
