import type { DocumentState, DocumentVersion, DocumentVersions } from '@officina/protocol';
import { formatMoment } from '../format-time.js';
import { earlierName } from './version-words.js';

/** One row of the panel. */
export type HistoryEntry =
  | { readonly kind: 'version'; readonly key: string; readonly at: number; readonly version: DocumentVersion }
  | { readonly kind: 'state'; readonly key: string; readonly at: number; readonly state: DocumentState };

/** Versions and the states between them in one list, the latest first. */
export function historyEntries({ versions, states }: DocumentVersions): readonly HistoryEntry[] {
  const entries: HistoryEntry[] = [
    ...versions.map((version) => ({
      ...{ kind: 'version' as const, key: `v${version.number}`, at: version.savedAt },
      version,
    })),
    ...states.map((state) => ({
      ...{ kind: 'state' as const, key: `at${state.sequence}`, at: state.at },
      state,
    })),
  ];
  return entries.sort((a, b) => placeOf(b) - placeOf(a) || b.at - a.at);
}

/** Where in the document's life it stands: clocks may go back, the log does not. */
function placeOf(entry: HistoryEntry): number {
  return entry.kind === 'version' ? entry.version.sequence : entry.state.sequence;
}

/** The entry in the middle of a sentence. */
export function titleOf(entry: HistoryEntry): string {
  if (entry.kind === 'version')
    return earlierName({ version: entry.version.number, at: entry.at }, formatMoment);
  return entry.state.kind === 'opened'
    ? 'the document as it was opened'
    : earlierName({ version: null, at: entry.at }, formatMoment);
}

/** The last part of the entry's address. */
export function addressOf(entry: HistoryEntry): string {
  return entry.kind === 'version' ? String(entry.version.number) : `at-${entry.state.sequence}`;
}
