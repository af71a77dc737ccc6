import type { Permissions } from '@officina/protocol';

/** Filling form fields goes through the editor too; the document's own protection limits it to the fields. */
export function mayEdit(permissions: Permissions): boolean {
  return permissions['document.edit'] || permissions['document.fill'];
}

export function mayComment(permissions: Permissions): boolean {
  return permissions['review.comment'];
}
