/** What a session's person may do; the keys are the wire names of the Integrator API. */
export interface Permissions {
  'document.export': boolean;
  'document.print': boolean;
  'document.edit': boolean;
  'review.changes.resolve': boolean;
  'review.comment': boolean;
  'collab.chat': boolean;
  'document.pausecollaboration': boolean;
  'document.fill': boolean;
}

export const PERMISSION_KEYS = [
  'document.export',
  'document.print',
  'document.edit',
  'review.changes.resolve',
  'review.comment',
  'collab.chat',
  'document.pausecollaboration',
  'document.fill',
] as const satisfies readonly (keyof Permissions)[];

/** These rights, and no others. */
export function permissionsOnly(...granted: readonly (keyof Permissions)[]): Permissions {
  const entries = PERMISSION_KEYS.map((key) => [key, granted.includes(key)] as const);
  return Object.fromEntries(entries) as unknown as Permissions;
}
