import { type OoxmlPackage, resolveInternalTarget, type StoryScope } from '@docx-editor.dev/core/store';

const NOTES = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/';

/** The part a story of the editor lives in. */
export function partOfScope(pkg: OoxmlPackage, scope: StoryScope): string {
  if (scope.kind === 'body') return pkg.mainDocumentPart;
  const records = pkg.relationships.get(pkg.mainDocumentPart) ?? [];
  const record =
    scope.kind === 'headerFooter'
      ? records.find((each) => each.id === scope.rId)
      : records.find((each) => each.type === `${NOTES}${scope.noteKind}s`);
  const target = record && resolveInternalTarget(record.ownerPart, record.rawTarget);
  return target?.ok ? target.partName : pkg.mainDocumentPart;
}
