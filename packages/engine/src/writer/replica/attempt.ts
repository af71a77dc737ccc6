import type { OoxmlPackage } from '@docx-editor.dev/core/store';
import { type Standing, standingBefore } from './comeback.js';
import type { Execution, StepSource } from './execute.js';
import type { Turn } from './frame.js';
import { type Inverse, planInverse } from './inverse.js';
import type { Operation, OperationKind } from './operation.js';
import { implicitPieces } from './overlay.js';
import type { DocumentReplica } from './replica.js';
import { NotCarried } from './translate.js';

/** A local run that can still be taken back. */
export interface Attempt {
  readonly execution: Execution;
  readonly operations: readonly Operation[];
  readonly inverses: readonly Inverse[];
  readonly before: OoxmlPackage;
  readonly standing: readonly Standing[];
  /** Keeps it. */
  settle(): void;
  /** As if it had never run. */
  drop(): void;
}

/** Runs steps on a local view so that they can still be dropped; null when operations cannot carry them. */
export function attemptOn(
  local: DocumentReplica,
  key: string,
  turn: Turn,
  kinds: readonly OperationKind[],
  source: StepSource,
): Attempt | null {
  const { workspace } = local;
  const before = local.package;
  const below = workspace.overlay;
  const drop = () => {
    workspace.overlay = below;
    workspace.store.installAuthoritativePackageSnapshot(before);
  };
  const settle = () => {
    workspace.overlay.merge();
    workspace.overlay = below;
  };
  const inverses: Inverse[] = [];
  const planned: StepSource = (step, frame) => {
    const operation = source(step, frame);
    inverses[step] = planInverse(frame.view, operation, frame.key);
    return operation;
  };
  workspace.overlay = below.fork();
  try {
    const execution = local.run(key, turn, kinds, planned, true);
    const operations = execution.operations.filter((each) => each !== undefined);
    const kept = inverses.filter((_, step) => execution.operations[step] !== undefined);
    const standing = standingBefore(
      execution.settled.flat(),
      (node) => workspace.identity.logicalOf(node),
      (logical, length) => below.pieces(logical) ?? implicitPieces(logical, length),
    );
    return { execution, operations, inverses: kept, before, standing, settle, drop };
  } catch (error) {
    drop();
    if (error instanceof NotCarried) return null;
    throw error;
  }
}
