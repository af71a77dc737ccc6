import { OBJECT_SHAPES } from './object-shapes.js';
import type { NamedKind, Operation, OperationKind } from './operation.js';
import { own, type Shape } from './shape.js';
import {
  anchor,
  bytes,
  delta,
  either,
  fields,
  flag,
  isAddress,
  isPlain,
  listOf,
  nothing,
  number,
  oneOf,
  optional,
  properties,
  type Rule,
  range,
  ranges,
  text,
  upTo,
} from './shape-rules.js';
import { STORY_SHAPES } from './story-shapes.js';
import { binding, part, tree } from './tree-rules.js';

const mime = oneOf('image/png', 'image/jpeg', 'image/gif', 'image/bmp', 'image/webp');
const relationship = fields({
  ownerPart: text,
  id: text,
  type: text,
  rawTarget: text,
  targetMode: oneOf('Internal', 'External'),
  order: number,
});
const standing: Rule = (value) =>
  Array.isArray(value) &&
  (value.length === 2 || (value.length === 3 && ranges(value[2]))) &&
  isAddress(value[0]) &&
  ranges(value[1]);
const print = isAddress as Rule;
const replacement = fields({
  parts: listOf(
    fields({
      name: isAddress as Rule,
      bindings: listOf(binding, 500),
      segments: listOf(
        fields({
          container: isAddress as Rule,
          after: either(nothing, isAddress as Rule),
          remove: listOf(fields({ id: isAddress as Rule, print })),
          insert: listOf(tree),
        }),
      ),
    }),
    1000,
  ),
  whole: listOf(
    fields({ name: isAddress as Rule, print: either(nothing, print), part: either(nothing, part) }),
    1000,
  ),
  relationships: listOf(
    fields({ owner: isAddress as Rule, print, records: either(nothing, listOf(relationship, 5000)) }),
    1000,
  ),
  bytes: listOf(fields({ name: isAddress as Rule, content: either(nothing, bytes) }), 1000),
  standing: optional(listOf(standing)),
  package: either(
    nothing,
    fields({ print, contentTypes: isPlain as Rule, externalTargets: isPlain as Rule }),
  ),
});

const comment = either(text, fields({ $made: isAddress as Rule }));
const OWN: { readonly [K in NamedKind]: Shape } = {
  addComment: own(fields({ text, initials: optional(text), start: anchor, end: anchor })),
  replyComment: own(fields({ text, initials: optional(text), start: anchor, end: anchor, replyTo: comment })),
  resolveComment: own(fields({ comment, resolved: flag })),
  deleteComment: own(fields({ comment, parent: optional(comment) })),
  insertImage: own(
    fields({
      image: bytes,
      mime,
      widthEmu: upTo(1e9),
      heightEmu: upTo(1e9),
      title: text,
      description: text,
    }),
    { at: 'needed' },
  ),
  pasteFragment: own(fields({ fragment: bytes, lastMarkCovered: flag }), { at: 'needed' }),
  reviveText: own(fields({ lost: listOf(fields({ range, text, properties })) })),
  replaceBlocks: own(replacement),
};

const SHAPES: { readonly [K in OperationKind]: Shape } = { ...STORY_SHAPES, ...OBJECT_SHAPES, ...OWN };

const COMMON: ReadonlySet<string> = new Set(['kind', 'part', 'values', 'tracked', 'fallback']);
const PLACES = ['at', 'ranges', 'delta'] as const;
const PLACE_RULES = { at: anchor, ranges, delta };

/** By the operations, which never change: each is asked for wherever it is executed or tried. */
const flaws = new WeakMap<Operation, string | null>();

/** What is wrong with an operation's shape; null when it may run. Any JSON at all gets an answer. */
export function flawOf(operation: Operation): string | null {
  if (typeof operation !== 'object' || operation === null) return 'unknown kind';
  const known = flaws.get(operation);
  if (known !== undefined) return known;
  const flaw = flawIn(operation);
  flaws.set(operation, flaw);
  return flaw;
}

function flawIn(operation: Operation): string | null {
  const { kind } = operation;
  if (typeof kind !== 'string' || !Object.hasOwn(SHAPES, kind)) return 'unknown kind';
  if (!isPlain(operation)) return `${kind} that is not plain JSON`;
  const shape = SHAPES[kind];
  for (const key of Object.keys(operation))
    if (!COMMON.has(key) && !PLACES.some((each) => each === key)) return `${kind} with ${key.slice(0, 40)}`;
  for (const each of PLACES) {
    const value = operation[each];
    if (value === undefined && shape[each] === 'needed') return `${kind} without ${each}`;
    const welcome = each === 'ranges' || shape[each] === 'needed';
    if (value !== undefined && !(welcome && PLACE_RULES[each](value as never))) return `${kind}: ${each}`;
  }
  if (operation.part !== undefined && !isAddress(operation.part)) return `${kind}: part`;
  if (operation.tracked !== undefined && operation.tracked !== true) return `${kind}: tracked`;
  if (operation.fallback !== undefined && !anchor(operation.fallback as never)) return `${kind}: fallback`;
  return shape.values(operation.values as never) ? null : `${kind}: values`;
}
