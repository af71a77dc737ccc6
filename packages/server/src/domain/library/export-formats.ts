/** Formats in which a document can be had. */
export const EXPORT_FORMATS = ['docx', 'doc', 'odt', 'rtf', 'txt', 'html', 'pdf', 'sxw'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Formats that need a converter. */
export type ConvertedFormat = Exclude<ExportFormat, 'docx' | 'txt' | 'html' | 'sxw'>;

const MEDIA_TYPES: Readonly<Record<ExportFormat, string>> = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  doc: 'application/msword',
  odt: 'application/vnd.oasis.opendocument.text',
  rtf: 'application/rtf',
  txt: 'text/plain; charset=utf-8',
  html: 'text/html; charset=utf-8',
  pdf: 'application/pdf',
  sxw: 'application/vnd.sun.xml.writer',
};

export function mediaTypeOf(format: ExportFormat): string {
  return MEDIA_TYPES[format];
}

/** What makes other formats of a docx. */
export interface DocumentExports {
  /** What can always be made; a page with pictures comes as a zip of both. Refuses by AppError. */
  exportAs(
    docx: Uint8Array,
    format: 'html' | 'txt',
    title: string,
  ): Promise<{ bytes: Uint8Array; packaging: 'plain' | 'zip' }>;
  /** Refuses by AppError: engine_missing, saying what is not installed; format_unsupported, busy. */
  convert(docx: Uint8Array, format: ConvertedFormat, title: string): Promise<Uint8Array>;
}

/** A document as a file of a format. */
export interface ExportedFile {
  bytes: Uint8Array;
  mediaType: string;
  extension: string;
}
