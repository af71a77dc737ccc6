import { AppError } from '@officina/protocol';

/** Calls of the dialect that this server does not offer, by what follows `/officeapi/v1`. */
const NOT_OFFERED: readonly { path: RegExp; what: string }[] = [
  { path: /^\/documents?\/compare$/, what: 'Comparison' },
  { path: /^\/documents?\/watermark$/, what: 'Watermarks' },
  { path: /^\/documents?\/(pdf\/)?combine$/, what: 'Combining PDFs' },
  { path: /^\/documents?\/merge(\/.*)?$/, what: 'Merging' },
  { path: /^\/fields$/, what: 'Merge fields' },
  { path: /^\/templates?(\/.*)?$/, what: 'Merge templates' },
  { path: /^\/fillabletemplates?(\/.*)?$/, what: 'Fillable templates' },
];

const SERVICES: Readonly<Record<string, string>> = {
  sheet: 'The sheet editor',
  show: 'The presentation editor',
  pdfeditor: 'The PDF editor',
};

/** Prefixes under which every path is answered in the dialect. */
export const API_PREFIXES = [
  '/writer/officeapi',
  '/sheet/officeapi',
  '/show/officeapi',
  '/pdfeditor/officeapi',
  '/api/v1',
];

/** Why the call cannot be made: it exists in the dialect but not here, its method is another one, or it does not exist. */
export function refuseCall(method: string, path: string, allowed: readonly string[]): AppError {
  const [, service = '', ...rest] = path.split('/');
  const other = SERVICES[service];
  if (other) return new AppError('call_not_offered', `${other} is not offered by this server.`);
  const call = rest
    .join('/')
    .replace(/^officeapi\/v1/, '')
    .replace(/\/+$/, '');
  const known = NOT_OFFERED.find((one) => one.path.test(call));
  if (known) return new AppError('call_not_offered', `${known.what} is not offered by this server.`);
  if (allowed.length > 0) {
    return new AppError('method_invalid', `This address takes ${allowed.join(', ')}, not ${method}.`);
  }
  return new AppError('method_invalid', `There is no call ${method} ${path.slice(0, 200)}.`);
}
