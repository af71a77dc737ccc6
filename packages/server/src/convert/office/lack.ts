import type { OfficeSearch } from './installation.js';
import type { OfficeTarget } from './office-converter.js';

const TARGETS: ReadonlySet<string> = new Set(['pdf', 'odt', 'rtf', 'doc'] satisfies OfficeTarget[]);

/** Why files of a format cannot be made on this machine, and what would help; null when they can. */
export function lackFor(search: OfficeSearch, format: string): string | null {
  if (search.found || !TARGETS.has(format)) return null;
  return `To save as ${format} this server lacks ${search.missing}. It is installed by: ${search.install}.`;
}
