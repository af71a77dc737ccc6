import { decodeAddresses, TargetGone } from './addresses.js';
import { type Frame, gone, malformed } from './frame.js';
import { inserted } from './intents.js';
import type { Anchor, CharacterRange, JsonValue, Operation } from './operation.js';
import type { Gap, Piece } from './overlay.js';
import type { TextIntent } from './settled-part.js';
import type { Found } from './view.js';

export type Place = { readonly paragraph: Found; readonly gap: Gap; readonly pieces: readonly Piece[] };

export function placeOf(frame: Frame, anchor: Anchor | undefined): Place {
  if (!anchor) throw malformed('an operation without its position');
  const place = frame.view.gap(anchor);
  if (!place) throw gone(`position ${anchor[0]}`);
  return place;
}

export function rangesOf(operation: Operation): readonly CharacterRange[] {
  if (!operation.ranges) throw malformed(`${operation.kind} without characters`);
  return operation.ranges;
}

export function valuesOf(operation: Operation): Readonly<Record<string, JsonValue>> {
  return operation.values ?? {};
}

/** The core's operation on the current state; a target that is gone refuses. */
export function decoded(
  frame: Frame,
  values: JsonValue,
): { value: Record<string, unknown>; part: string | null } {
  try {
    const { value, part } = decodeAddresses(frame.view, values);
    return { value: value as Record<string, unknown>, part };
  } catch (error) {
    if (error instanceof TargetGone) throw gone(error.message);
    throw error;
  }
}

export const tracked = (frame: Frame, operation: Operation) =>
  operation.tracked ? { revision: frame.revision } : {};

/** The text intent of an operation whose only position is where it inserts. */
export function insertionIntent(frame: Frame, values: JsonValue): TextIntent | undefined {
  const at = (values as { readonly $at?: Anchor; readonly $over?: unknown }).$at;
  if (!at || (values as { readonly $over?: unknown }).$over) return undefined;
  const place = frame.view.gap(at);
  return place ? inserted(frame, place.paragraph, place.pieces, place.gap) : undefined;
}
