import { describe, expect, it } from 'vitest';
import { ACTIONS, type Action, judge, ROLES, type Situation, STANDINGS, type Verdict } from './policy.js';

/** The policy once more, in sentences; each of the table's cells is asked. */
function expected(action: Action, { role, standing, isPublic, isLockedByOther }: Situation): Verdict {
  const isOwner = role === 'owner';
  const isGuest = role === 'writer' || role === 'reader';
  const isKept = standing !== 'trashed';
  if (action === 'read' && isPublic && isKept) return 'allowed';
  const isAllowed = (() => {
    switch (action) {
      case 'see':
        return isOwner || (isGuest && isKept);
      case 'read':
        return isOwner || (isGuest && standing === 'shared');
      case 'tag':
        return (isOwner && isKept) || (isGuest && standing === 'shared');
      case 'save':
      case 'lock':
        return (isOwner && isKept) || (role === 'writer' && standing === 'shared');
      case 'rename':
      case 'share':
      case 'publish':
      case 'break_lock':
        return isOwner && isKept;
      case 'trash':
      case 'restore':
      case 'delete':
        return isOwner;
      default:
        return action satisfies never;
    }
  })();
  if (isAllowed) {
    return isLockedByOther && ['save', 'lock', 'rename'].includes(action) ? 'locked' : 'allowed';
  }
  return isOwner || (isGuest && isKept) ? 'denied' : 'hidden';
}

describe('the policy of the library', () => {
  it('[LI50] every role in every standing may do what its sentence says, and nothing else', () => {
    let cells = 0;
    for (const role of ROLES) {
      for (const standing of STANDINGS) {
        for (const isPublic of [false, true]) {
          for (const isLockedByOther of [false, true]) {
            const situation: Situation = { role, standing, isPublic, isLockedByOther };
            for (const action of ACTIONS) {
              const label = `${action} by ${JSON.stringify(situation)}`;
              expect(judge(action, situation), label).toBe(expected(action, situation));
              cells += 1;
            }
          }
        }
      }
    }
    expect(cells).toBe(4 * 3 * 2 * 2 * ACTIONS.length);
  });

  it('[LI51] readers cannot save, share or delete, whatever the document is', () => {
    for (const standing of STANDINGS) {
      for (const isPublic of [false, true]) {
        for (const action of ['save', 'share', 'delete', 'trash', 'rename', 'publish'] as const) {
          const situation: Situation = { role: 'reader', standing, isPublic, isLockedByOther: false };
          expect(judge(action, situation)).not.toBe('allowed');
        }
      }
    }
  });
});
