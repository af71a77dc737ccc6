import { PERMISSION_KEYS, type Permissions } from '@officina/protocol';
import type { Static } from '@sinclair/typebox';
import type { PermissionsSchema, PreviewPermissionsSchema } from './schema.js';

/** What a key that is missing in a `permissions` object means, as documented; a deployment may choose otherwise. */
export const PARTIAL_DEFAULTS: Permissions = {
  'document.export': true,
  'document.print': true,
  'document.edit': false,
  'review.changes.resolve': false,
  'review.comment': false,
  'collab.chat': true,
  'document.pausecollaboration': false,
  'document.fill': true,
};

/** Without the parameter a person may do everything: a document that nobody can edit would be of no use. */
const EVERYTHING: Permissions = {
  'document.export': true,
  'document.print': true,
  'document.edit': true,
  'review.changes.resolve': true,
  'review.comment': true,
  'collab.chat': true,
  'document.pausecollaboration': true,
  'document.fill': true,
};

const READING: Permissions = {
  'document.export': false,
  'document.print': true,
  'document.edit': false,
  'review.changes.resolve': false,
  'review.comment': false,
  'collab.chat': false,
  'document.pausecollaboration': false,
  'document.fill': false,
};

export function editingPermissions(
  sent: Static<typeof PermissionsSchema> | undefined,
  defaults: Permissions,
): Permissions {
  if (!sent) return { ...EVERYTHING };
  const entries = PERMISSION_KEYS.map((key) => [key, isGranted(sent[key] ?? defaults[key])] as const);
  return Object.fromEntries(entries) as unknown as Permissions;
}

export function readingPermissions(sent: Static<typeof PreviewPermissionsSchema> | undefined): Permissions {
  return { ...READING, 'document.print': isGranted(sent?.['document.print'] ?? true) };
}

function isGranted(value: boolean | 'true' | 'false'): boolean {
  return value === true || value === 'true';
}
