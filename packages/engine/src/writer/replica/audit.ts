import { liveLength, originalOf } from './overlay.js';
import type { DocumentReplica, Replica } from './replica.js';
import { modelText, paragraphOrder } from './view.js';

/**
 * Paragraphs whose addresses do not match their text, or that are not found by them: empty unless something is broken.
 * For tests and hash checks.
 */
export function auditAddresses(replica: Replica): readonly string[] {
  const { workspace, package: pkg } = replica as DocumentReplica;
  const problems: string[] = [];
  for (const part of pkg.parts.values()) {
    for (const node of paragraphOrder(part)) {
      const logical = workspace.identity.logicalOf(node);
      const pieces = workspace.overlay.pieces(logical);
      if (!pieces) continue;
      const length = modelText(part, node).length;
      if (liveLength(pieces) !== length)
        problems.push(`${logical} has ${length} characters and ${liveLength(pieces)} addresses`);
      for (const { run } of pieces)
        if (run !== originalOf(logical) && !workspace.overlay.holdersOf(run).includes(logical))
          problems.push(`${logical} holds ${run} and is not found by it`);
    }
  }
  return problems;
}
