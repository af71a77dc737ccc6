import { expect, it } from 'vitest';
import { initialsOf } from './initials.js';

it.each([
  ['Ada Lovelace', 'AL'],
  ['  grace   brewster hopper ', 'GH'],
  ['Plato', 'P'],
  ['𝔸da 語', '𝔸語'],
  ['   ', '?'],
])('shortens %j to %j', (name, initials) => {
  expect(initialsOf(name)).toBe(initials);
});
