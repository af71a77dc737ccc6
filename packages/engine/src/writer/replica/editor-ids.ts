import { findNode, replaceNode, withPart } from '@docx-editor.dev/core/store';
import type { Execution } from './execute.js';
import { partOf } from './identity.js';
import type { DocumentReplica } from './replica.js';

/** New blocks keep the ids the editor gave them, so that the paragraph under the caret is never renamed. */
export function adoptEditorIds(
  local: DocumentReplica,
  execution: Execution,
  created: readonly string[],
): boolean {
  if (created.length !== execution.created.length) return false;
  if (created.length === 0) return true;
  const names = new Map<string, string>();
  for (const step of execution.settled)
    for (const { names: each } of step) for (const [raw, name] of each) names.set(raw, name);
  if (created.every((id, i) => names.get(execution.created[i] as string) === id)) return true;
  let pkg = local.package;
  for (let i = 0; i < created.length; i++) {
    const id = created[i] as string;
    const name = names.get(execution.created[i] as string);
    const part = pkg.parts.get(partOf(id));
    const node = name && part ? findNode(part, name) : null;
    if (!name || !part || !node || findNode(part, id)) return false;
    const renamed = replaceNode(part, name, Object.freeze({ ...node, id }), { deferValidation: true });
    if (!renamed.ok) return false;
    pkg = withPart(pkg, renamed.part);
    local.workspace.identity.alias(name, id);
  }
  local.workspace.store.installAuthoritativePackageSnapshot(pkg);
  return true;
}
