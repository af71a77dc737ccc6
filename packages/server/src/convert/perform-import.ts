import { type MediaKind, sniffMedia } from '@officina/engine/kit';
import {
  applyDocumentSettings,
  type ImportRefusal,
  importDocx,
  importHtml,
  importText,
  vetDocx,
} from '@officina/engine/writer';
import type { ErrorCode } from '@officina/protocol';
import type { ImportSettings } from '../domain/content/document-engine.js';
import { claimOf } from './claimed-kind.js';
import type { ForeignFormat, JobAnswer } from './jobs.js';
import { severReferences } from './sever-references.js';
import { type PackageFault, vetOpenDocument } from './vet-open-document.js';
import { vetRtf } from './vet-rtf.js';

const CODE_OF_REFUSAL: Readonly<Record<ImportRefusal, ErrorCode>> = {
  'not-a-document': 'format_unsupported',
  malformed: 'format_unsupported',
  'forbidden-content': 'format_unsupported',
  'too-large': 'upload_too_large',
  encrypted: 'password_required',
};

const FOREIGN: ReadonlySet<MediaKind> = new Set<ForeignFormat>([
  'doc',
  'odt',
  'rtf',
  'sxw',
  'pdf',
  'encrypted-docx',
]);

/** Any bytes could be called text, so only a name makes them a text document. */
const TEXT_NAME = /\.(txt|text)$/i;
const PAGE_NAME = /\.x?html?$/i;

/** Reads a file from outside. Runs where a crash or a flood of memory harms nobody. */
export function performImport(
  bytes: Uint8Array,
  fileName: string | null,
  settings: ImportSettings = LEAVE_ALONE,
): Performed {
  return perform(bytes, fileName, (file) => open(file, settings));
}

/** As `performImport`, for a docx that nobody is going to edit. */
export function performVet(bytes: Uint8Array, fileName: string | null): Performed {
  return perform(bytes, fileName, ({ docx, isMade, warnings }) => {
    const vetted = vetDocx(docx);
    if (!vetted.ok) return refuse(CODE_OF_REFUSAL[vetted.reason], vetted.detail);
    const answer: JobAnswer = { kind: 'vetted', warnings: [...warnings, ...vetted.warnings] };
    return { answer, blobs: isMade ? [docx] : [] };
  });
}

/** A docx, or what was made one. */
interface Received {
  docx: Uint8Array;
  isMade: boolean;
  warnings: readonly string[];
}

function perform(bytes: Uint8Array, fileName: string | null, take: (file: Received) => Performed): Performed {
  const kind = sniffMedia(bytes);
  const claim = claimOf(fileName, kind);
  if (claim.verdict === 'mismatch') return refuse('media_type_mismatch', claim.detail);
  const warnings = claim.verdict === 'other-document' ? [claim.warning] : [];
  if (isForeign(kind)) {
    // Another program reads it, and what a few bytes can do to that one is found out here, where it harms nobody.
    const fault = faultOf(bytes, kind);
    if (fault) return refuse(CODE_OF_REFUSAL[fault.reason], fault.detail);
    const severed = isOpenDocument(kind) ? severReferences(bytes) : null;
    return { answer: { kind: 'foreign', format: kind, warnings }, blobs: severed === null ? [] : [severed] };
  }
  const name = fileName ?? '';
  if ((kind === 'txt' || kind === 'html') && TEXT_NAME.test(name)) {
    return take({ docx: importText(bytes), isMade: true, warnings: [] });
  }
  // A fragment is known by its name alone.
  if (kind === 'html' || (kind === 'txt' && PAGE_NAME.test(name))) {
    const page = importHtml(bytes);
    return take({ docx: page.docx, isMade: true, warnings: [...warnings, ...page.warnings] });
  }
  return take({ docx: bytes, isMade: false, warnings });
}

interface Performed {
  answer: JobAnswer;
  blobs: readonly Uint8Array[];
}

const LEAVE_ALONE: ImportSettings = { trackChanges: null, language: null };

/** Settings are part of the import: the file with them in it is what counts as the original from then on. */
function open({ docx, isMade, warnings }: Received, { trackChanges, language }: ImportSettings): Performed {
  const received = importDocx(docx);
  if (!received.ok) return refuse(CODE_OF_REFUSAL[received.reason], received.detail);
  let original: Uint8Array;
  try {
    original = applyDocumentSettings(docx, received.value.base, {
      ...(trackChanges !== null && { trackChanges }),
      ...(language !== null && { language }),
    });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const answer: JobAnswer = {
      kind: 'refused',
      code: 'parameter_value_invalid',
      message: `${error.message}.`,
    };
    return { answer, blobs: [] };
  }
  const opened = original === docx ? received : importDocx(original);
  if (!opened.ok) throw new Error(`The engine refuses its own settings: ${opened.detail}`);
  return {
    answer: { kind: 'imported', warnings: [...warnings, ...received.warnings] },
    blobs: isMade || original !== docx ? [opened.value.base, original] : [opened.value.base],
  };
}

function refuse(code: ErrorCode, detail: string): Performed {
  return { answer: { kind: 'refused', code, message: `The file cannot be opened: ${detail}.` }, blobs: [] };
}

function faultOf(bytes: Uint8Array, format: ForeignFormat): PackageFault | null {
  if (format === 'rtf') return vetRtf(bytes);
  return isOpenDocument(format) ? vetOpenDocument(bytes) : null;
}

function isOpenDocument(format: ForeignFormat): boolean {
  return format === 'odt' || format === 'sxw';
}

function isForeign(kind: MediaKind): kind is ForeignFormat {
  return FOREIGN.has(kind);
}
