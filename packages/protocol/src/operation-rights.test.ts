import type { OperationKind } from '@officina/engine/writer/replica';
import { describe, expect, it } from 'vitest';
import { canWrite, hasRight, OPERATION_RIGHTS, type OperationRight, rightOf } from './operation-rights.js';
import type { Permissions } from './permissions.js';

const NOTHING: Permissions = {
  'document.export': false,
  'document.print': false,
  'document.edit': false,
  'review.changes.resolve': false,
  'review.comment': false,
  'collab.chat': false,
  'document.pausecollaboration': false,
  'document.fill': false,
};

// Does not compile when the engine has a kind that the table forgets, or the table one that the engine never had.
const complete: Record<OperationKind, OperationRight> = OPERATION_RIGHTS;
const known: Record<keyof typeof OPERATION_RIGHTS, unknown> = {} as Record<OperationKind, unknown>;

describe('operation rights', () => {
  it('[RO12] every kind of the engine has a right', () => {
    expect(Object.keys(complete).length).toBeGreaterThan(100);
    expect(known).toBeDefined();
  });

  it('[RO12] a kind that nobody knows has none, and neither have names of Object.prototype', () => {
    for (const kind of ['', 'rm', '__proto__', 'constructor', 'toString'])
      expect(rightOf(kind)).toBeUndefined();
  });

  it('[RO13] commenting needs review.comment alone', () => {
    const commenter = { ...NOTHING, 'review.comment': true };
    expect(hasRight(commenter, OPERATION_RIGHTS.addComment)).toBe(true);
    expect(hasRight(commenter, OPERATION_RIGHTS.insertText)).toBe(false);
    expect(hasRight(commenter, OPERATION_RIGHTS.acceptRevision)).toBe(false);
  });

  it('[RO13] filling needs document.fill or document.edit and gives nothing else', () => {
    const filler = { ...NOTHING, 'document.fill': true };
    expect(hasRight(filler, OPERATION_RIGHTS.setContentControlValue)).toBe(true);
    expect(hasRight(filler, OPERATION_RIGHTS.insertText)).toBe(false);
    expect(hasRight({ ...NOTHING, 'document.edit': true }, OPERATION_RIGHTS.setContentControlValue)).toBe(
      true,
    );
  });

  it('[RO13] nobody may rewrite the author of a tracked change', () => {
    const everything = Object.fromEntries(
      Object.keys(NOTHING).map((key) => [key, true]),
    ) as unknown as Permissions;
    expect(hasRight(everything, OPERATION_RIGHTS.setRevisionAttribution)).toBe(false);
  });

  it('a reader cannot write', () => {
    expect(canWrite(NOTHING)).toBe(false);
    expect(canWrite({ ...NOTHING, 'review.comment': true })).toBe(true);
  });
});
