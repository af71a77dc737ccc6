import type { ReviewTraces } from '@officina/engine/writer';
import { AppError } from '@officina/protocol';
import type {
  FormatMaker,
  MadeFile,
  OutputFormat,
  OutputOptions,
} from '../domain/conversion/format-maker.js';
import type { PageExporter } from './create-document-engine.js';
import { encryptPackage } from './encrypted/encrypt-package.js';
import type { OfficeConverter } from './office/index.js';

/** Our own code for what is docx, page or text; LibreOffice for the rest. */
export function createFormatMaker(
  pages: PageExporter,
  office: Pick<OfficeConverter, 'fromDocx'>,
): FormatMaker {
  return {
    async make(docx, format, options) {
      if (options.password !== null && !PROTECTABLE.has(format)) {
        throw new AppError('parameter_value_invalid', `A file of the format ${format} cannot be protected.`, {
          blame: { parameter: 'output_options', key: 'password' },
        });
      }
      const traces: ReviewTraces = {
        changes: CHANGES[options.changes],
        comments: options.comments === 'all' ? 'keep' : 'remove',
      };
      const isAsItIs = traces.changes === 'keep' && traces.comments === 'keep';
      const settled = isAsItIs ? docx : (await pages.exportAs(docx, 'docx', options.title, traces)).bytes;
      return makeFile(pages, office, settled, format, options);
    },
  };
}

const PROTECTABLE: ReadonlySet<OutputFormat> = new Set(['docx', 'zdoc', 'zfdoc', 'pdf']);

const CHANGES = { as_markups: 'keep', all: 'accept', none: 'reject' } as const;

async function makeFile(
  pages: PageExporter,
  office: Pick<OfficeConverter, 'fromDocx'>,
  docx: Uint8Array,
  format: OutputFormat,
  { title, password }: OutputOptions,
): Promise<MadeFile> {
  switch (format) {
    case 'docx':
    case 'zdoc':
    case 'zfdoc':
      return plain(password === null ? docx : await encryptPackage(docx, password));
    case 'txt':
      return pages.exportAs(docx, 'txt', title);
    case 'html':
    case 'htm':
      return pages.exportAs(docx, 'html', title);
    case 'zip':
      return pages.exportAs(docx, 'zip', title);
    case 'pdf':
      return plain(await office.fromDocx(docx, format, password === null ? {} : { password }));
    case 'odt':
    case 'rtf':
    case 'doc':
      return plain(await office.fromDocx(docx, format));
    default:
      return format satisfies never;
  }
}

function plain(bytes: Uint8Array): MadeFile {
  return { bytes, packaging: 'plain' };
}
