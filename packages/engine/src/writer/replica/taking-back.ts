import { differenceOf } from './blocks.js';
import type { Done } from './history.js';
import type { Inverse } from './inverse.js';
import type { JsonValue, Operation } from './operation.js';
import { relocked } from './relock.js';
import type { View } from './view.js';

/** Whether an inverse brings back less than there was. */
export const losesSomething = (inverse: Inverse): boolean =>
  inverse.how === 'operations' && inverse.lossy === true;

/** What takes an own step back in `view`: its inverses, or, when these lose something, the blocks as they were (`whole`). */
export function takingBack(done: Done, whole: boolean, view: View): readonly Operation[] {
  if (!whole && done.inverses.every((each) => each.how === 'operations'))
    return done.inverses
      .slice()
      .reverse()
      .flatMap((each) => (each.how === 'operations' ? each.ops : []));
  const difference = differenceOf(done.after, done.before, view, { keepNames: true });
  if (!difference) return [];
  const values = relocked(difference, done.after, view);
  const standing = done.standing as unknown as JsonValue;
  return [{ kind: 'replaceBlocks', values: { ...values, standing } }];
}
