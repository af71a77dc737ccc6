import type { TreeDocOp, TreeDocOpKind } from '@docx-editor.dev/core/store';
import { anchor, fields, node, optional, type Rule, ranges } from './shape-rules.js';

/** What an operation of one kind must look like before anything of it runs. */
export interface Shape {
  readonly values: Rule;
  readonly at?: 'needed';
  /** Any kind may state characters: those that go with it, which its author saw. */
  readonly ranges?: 'needed';
  readonly delta?: 'needed';
}

type KeysOf<T> = T extends unknown ? keyof T : never;
/** What an address stands for on the wire, and what the server writes. */
type Addressed = 'op' | 'revision' | 'paragraphId' | 'offset' | 'start' | 'end';
/** Exactly the fields the core's operation has: one the core adds does not compile until it has a rule. */
type FieldRules<K extends TreeDocOpKind> = {
  readonly [F in Exclude<KeysOf<Extract<TreeDocOp, { readonly op: K }>>, Addressed>]: Rule;
};

export const at = anchor;
export const over = { $over: ranges, $at: optional(anchor) };

/** The core's operation with its place exchanged for an address. `R` are rules for what is not a field of the core. */
export const core = <K extends TreeDocOpKind>(
  _kind: K,
  rules: FieldRules<K>,
  place: Readonly<Record<string, Rule>> = {},
): Shape => ({
  values: optional(fields({ ...(rules as Readonly<Record<string, Rule>>), ...place })),
});

export const own = (values: Rule, rest: Omit<Shape, 'values'> = {}): Shape => ({ values, ...rest });
export const NEVER: Shape = { values: () => false };
export const place = { $at: at };
export const paragraph = { paragraphId: node };
