import { AppError } from '@officina/protocol';
import type { OfferedFile } from '../../domain/library/authorship.js';
import type { Parameters } from './parameters.js';

/** What clients name as the type of a file: an extension, or a media type. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  docx: 'docx',
  doc: 'doc',
  odt: 'odt',
  rtf: 'rtf',
  sxw: 'sxw',
  html: 'html',
  htm: 'html',
  txt: 'txt',
  pdf: 'pdf',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/msword': 'doc',
  'application/vnd.oasis.opendocument.text': 'odt',
  'application/rtf': 'rtf',
  'text/rtf': 'rtf',
  'application/vnd.sun.xml.writer': 'sxw',
  'text/html': 'html',
  'text/plain': 'txt',
  'application/pdf': 'pdf',
};

/** The uploaded file; `contentType` goes before the extension. Refuses by AppError: upload_name_invalid, format_unsupported. */
export function uploadedFile(parameters: Parameters): OfferedFile {
  const file = parameters.file('content');
  if (!file) {
    throw new AppError('upload_name_invalid', 'Send the file as the multipart field "content".', {
      blame: { parameter: 'content' },
    });
  }
  const stated = parameters.text('contentType')?.trim().toLowerCase();
  if (!stated) return { bytes: file.bytes, fileName: file.fileName };
  const extension = Object.hasOwn(EXTENSIONS, stated) ? EXTENSIONS[stated] : undefined;
  if (extension === undefined) {
    throw new AppError('format_unsupported', `There is no file type "${stated.slice(0, 100)}" here.`, {
      blame: { parameter: 'contentType' },
    });
  }
  const name = file.fileName ?? 'Untitled';
  const fileName = name.toLowerCase().endsWith(`.${extension}`) ? name : `${name}.${extension}`;
  return { bytes: file.bytes, fileName };
}

/** Content that came as a text: HTML when it has a tag, else plain. */
export function htmlFile(content: string): OfferedFile {
  const encode = (text: string) => new TextEncoder().encode(text);
  if (!/<\/?[a-z!][^>]*>/i.test(content)) return { bytes: encode(content), fileName: 'content.txt' };
  const isWhole = /<html[\s>]/i.test(content);
  const page = isWhole
    ? content
    : `<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>${content}</body></html>`;
  return { bytes: encode(page), fileName: 'content.html' };
}
