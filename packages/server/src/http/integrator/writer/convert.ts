import { AppError } from '@officina/protocol';
import { Type } from '@sinclair/typebox';
import type { FastifyReply } from 'fastify';
import type { ConversionWish, ConvertedFile } from '../../../domain/conversion/conversion.js';
import { SAVE_FORMATS } from '../../../domain/saving/callback-settings.js';
import type { Form } from '../../kit/form.js';
import { invalid, objectParameter, readObject, readText } from '../parameter.js';
import { warningHeaders } from './present.js';
import type { CallReference } from './reference.js';
import * as schema from './schema.js';
import { readSource } from './wishes.js';

export const CONVERTING_PARAMETERS = {
  files: ['document'],
  texts: ['apikey', 'url', 'output_options', 'password', 'format'],
} as const;

/** `sxw` is a name of the dialect that nothing here can write; it is known, so that the refusal can say so. */
const FORMATS = [...SAVE_FORMATS, 'zip', 'sxw'] as const;
const MAX_PASSWORD_LENGTH = 255;

const OutputOptionsSchema = Type.Object(
  {
    format: schema.oneOf(
      FORMATS,
      'What to make of the file. Pages with pictures come as zip; sxw cannot be made.',
    ),
    document_name: Type.Optional(
      Type.String({
        maxLength: 255,
        description: 'Name of the file that comes back. Default: that of the file sent.',
      }),
    ),
    password: Type.Optional(
      Type.String({
        maxLength: MAX_PASSWORD_LENGTH,
        description: 'Protects the file that comes back: docx and pdf.',
      }),
    ),
    include_changes: Type.Optional(
      schema.oneOf(
        ['as_markups', 'all', 'none'],
        'Tracked changes: shown, accepted or rejected. Default: as_markups.',
      ),
    ),
    include_comments: Type.Optional(schema.oneOf(['all', 'none'], 'Default: all.')),
  },
  { additionalProperties: false, description: 'What to make of the file.' },
);
const outputOptions = objectParameter('output_options', OutputOptionsSchema);

export const convertDocument: CallReference = {
  operationId: 'convertDocument',
  summary: 'Convert a document',
  description:
    'Answers with the file itself. `document` or `url` is mandatory, and `output_options` with its `format`.',
  parameters: {
    apikey: schema.API_KEY_SCHEMA,
    document: schema.FILE_SCHEMA,
    url: schema.URL_SCHEMA,
    output_options: OutputOptionsSchema,
    password: Type.String({ description: 'Opens the file that is sent, when it is protected.' }),
  },
  answer: Type.Any({ description: 'The file.' }),
};

/** What a convert call asks for. Refuses by AppError, naming parameter and key. */
export function readConvertingForm(form: Form): Omit<ConversionWish, 'apiKey'> {
  const { texts } = form;
  const options = readObject(outputOptions, texts);
  // Clients from before `output_options` sent the format alone.
  const alone = readText('format', texts, 20);
  const format = options?.format ?? FORMATS.find((known) => known === alone?.toLowerCase());
  if (alone !== undefined && !format) throw invalid('format', undefined, `"${alone}" is not a format.`);
  if (!format) {
    throw new AppError(
      'parameter_missing',
      'Say what to make of the file: output_options={"format":"pdf"}.',
      {
        blame: { parameter: 'output_options' },
      },
    );
  }
  if (format === 'sxw') {
    throw new AppError(
      'format_unsupported',
      'Files of the format sxw can be read but not made; odt is its heir.',
      {
        blame: { parameter: 'output_options', key: 'format' },
      },
    );
  }
  const source = readSource(form);
  if (!source) {
    throw new AppError('parameter_missing', 'Send the file as "document" or its address as "url".', {
      blame: { parameter: 'document' },
    });
  }
  return {
    source,
    format,
    password: readText('password', texts, MAX_PASSWORD_LENGTH) ?? null,
    name: options?.document_name?.trim() ? options.document_name : null,
    outputPassword: options?.password || null,
    changes: options?.include_changes ?? 'as_markups',
    comments: options?.include_comments ?? 'all',
  };
}

/** Sends the file so that the official clients can take it: an exact media type, a quoted name, a length. */
export function sendConverted(reply: FastifyReply, file: ConvertedFile): FastifyReply {
  return reply
    .header('content-disposition', dispositionOf(file.fileName))
    .header('x-content-type-options', 'nosniff')
    .header('content-length', file.bytes.byteLength)
    .headers(warningHeaders(file.warnings))
    .type(file.mediaType)
    .send(Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength));
}

/** The official clients take what follows the last apostrophe, so the extended form is there only when it must be. */
function dispositionOf(fileName: string): string {
  const safe = fileName.replace(/[\p{Cc}\p{Cs}/\\"]/gu, '_').replaceAll("'", '’');
  if (/^[\x20-\x7e]*$/.test(safe)) return `attachment; filename="${safe}"`;
  const plain = safe.replace(/[^\x20-\x7e]/g, '_');
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(safe).replace(/[()*]/g, escapeSign)}`;
}

function escapeSign(sign: string): string {
  return `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
}
