import { AppError } from '@officina/protocol';
import type { FastifyReply } from 'fastify';
import { EXPORT_FORMATS } from '../../domain/library/export-formats.js';
import type { Library } from '../../domain/library/library.js';
import { attachment } from '../kit/attachment.js';
import type { Parameters } from './parameters.js';

/**
 * The document as a file, with its length, because clients show progress by it. Refuses by AppError: method_invalid,
 * parameter_value_invalid, document_unknown, engine_missing.
 */
export async function sendDownload(
  reply: FastifyReply,
  library: Library,
  address: { fileFormat: string; rest: readonly string[] },
  parameters: Parameters,
  callerId: string | null,
): Promise<FastifyReply> {
  const [documentId] = address.rest;
  if (documentId === undefined || address.rest.length > 1) throw new AppError('method_invalid');
  const format = EXPORT_FORMATS.find((one) => one === address.fileFormat);
  if (!format) {
    throw new AppError(
      'parameter_value_invalid',
      `There is no format "${address.fileFormat.slice(0, 100)}"; there are ${EXPORT_FORMATS.join(', ')}.`,
    );
  }
  const read = await library.read(callerId, documentId, parameters.text('version') || undefined);
  const { bytes, mediaType, extension } = await library.export(read, format);
  const { name } = read.entry.document;
  const fileName = name.toLowerCase().endsWith(`.${extension}`) ? name : `${name}.${extension}`;
  return reply
    .type(mediaType)
    .header('content-disposition', attachment(fileName))
    .header('content-length', bytes.byteLength)
    .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}
