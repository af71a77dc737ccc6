import type { Permissions } from '@officina/protocol';
import type { Session } from '../domain/sessions/session.js';

/** The permissions without those that change the document. */
export function readOnly(permissions: Permissions): Permissions {
  return {
    ...permissions,
    'document.edit': false,
    'document.fill': false,
    'review.comment': false,
    'review.changes.resolve': false,
  };
}

/** What the session's person may do here: a preview changes nothing, whatever it was given. */
export function permissionsOf(session: Session): Permissions {
  return session.mode === 'preview' ? readOnly(session.permissions) : session.permissions;
}
