import type { CoeditingClient, Step } from '@officina/engine/writer/replica';

/** What this page asks of the replica's client. Everything is synchronous and pure; the page brings time and network. */
export type ReplicaClient = Pick<
  CoeditingClient,
  | 'sequence'
  | 'package'
  | 'pending'
  | 'commit'
  | 'receive'
  | 'reject'
  | 'select'
  | 'anchorsOf'
  | 'selectionOf'
  | 'digest'
> & {
  readonly canUndo?: boolean;
  readonly canRedo?: boolean;
  undo?(at: number): Step;
  redo?(at: number): Step;
};
