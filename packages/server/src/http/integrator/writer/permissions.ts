import { PERMISSION_KEYS, type Permissions, permissionsOnly } from '@officina/protocol';
import type { Static } from '@sinclair/typebox';
import type { PermissionsSchema, PreviewPermissionsSchema } from './schema.js';

/** What a key that is missing in a `permissions` object means, as documented; a deployment may choose otherwise. */
export const PARTIAL_DEFAULTS = permissionsOnly(
  'document.export',
  'document.print',
  'collab.chat',
  'document.fill',
);

/** Without the parameter a person may do everything: a document that nobody can edit would be of no use. */
const EVERYTHING = permissionsOnly(...PERMISSION_KEYS);
const READING = permissionsOnly('document.print');

export function editingPermissions(
  sent: Static<typeof PermissionsSchema> | undefined,
  defaults: Permissions,
): Permissions {
  if (!sent) return { ...EVERYTHING };
  return permissionsOnly(...PERMISSION_KEYS.filter((key) => isGranted(sent[key] ?? defaults[key])));
}

export function readingPermissions(sent: Static<typeof PreviewPermissionsSchema> | undefined): Permissions {
  return { ...READING, 'document.print': isGranted(sent?.['document.print'] ?? true) };
}

function isGranted(value: boolean | 'true' | 'false'): boolean {
  return value === true || value === 'true';
}
