import { findNode, replaceNode, type TreeDocOp, withPart } from '@docx-editor.dev/core/store';
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

/** What later operations name by its node, like a paragraph, and what no editor reports as created. */
const NAMED_LATER: ReadonlySet<string> = new Set(['hyperlink', 'sdt']);

/** Whether an edit made links or controls: cut in two, the second half goes by a name that the editor has to learn. */
export const makesWhatIsNamed = (execution: Execution): boolean =>
  execution.settled.some((step) =>
    step.some(({ change }) =>
      change.added.some((node) => node.kind !== 'textValue' && NAMED_LATER.has(node.localName)),
    ),
  );

/** Whether an edit changed a part that it does not name: what is typed into a note that nothing refers to any more does. */
export const wentElsewhere = (execution: Execution, operations: readonly TreeDocOp[]): boolean =>
  execution.settled.some((step) => step.some(({ after }) => !namesPart(operations, `${after.name}#`)));

function namesPart(value: unknown, prefix: string): boolean {
  if (typeof value === 'string') return value.startsWith(prefix);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((each) => namesPart(each, prefix));
}
