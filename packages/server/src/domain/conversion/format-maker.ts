import type { SaveFormat } from '../saving/callback-settings.js';

/** A page that is asked for as `zip` comes as one even without pictures. */
export type OutputFormat = SaveFormat | 'zip';

/** What becomes of the traces of a review. */
export interface ReviewOptions {
  /** Tracked changes stay as they are, are all accepted, or all rejected. */
  changes: 'as_markups' | 'all' | 'none';
  comments: 'all' | 'none';
}

export interface OutputOptions extends ReviewOptions {
  /** The document's name, without extension: the title of pages. */
  title: string;
  /** Protects the output; only some formats can be protected. */
  password: string | null;
}

export interface MadeFile {
  bytes: Uint8Array;
  /** A page with pictures comes as a zip of both. */
  packaging: 'plain' | 'zip';
}

/** Makes a file of some format of a docx, outside the event loop. */
export interface FormatMaker {
  /** Refuses by AppError: engine_missing, format_unsupported, upload_too_large, busy, parameter_value_invalid. */
  make(docx: Uint8Array, format: OutputFormat, options: OutputOptions): Promise<MadeFile>;
}

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

const MEDIA_TYPES: Readonly<Record<OutputFormat, string>> = {
  docx: DOCX,
  zdoc: DOCX,
  zfdoc: DOCX,
  doc: 'application/msword',
  odt: 'application/vnd.oasis.opendocument.text',
  rtf: 'application/rtf',
  txt: 'text/plain; charset=utf-8',
  html: 'text/html; charset=utf-8',
  htm: 'text/html; charset=utf-8',
  pdf: 'application/pdf',
  zip: 'application/zip',
};

export function mediaTypeOf(format: OutputFormat, packaging: MadeFile['packaging']): string {
  return MEDIA_TYPES[packaging === 'zip' ? 'zip' : format];
}
