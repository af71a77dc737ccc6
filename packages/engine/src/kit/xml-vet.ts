import { SaxesParser } from 'saxes';
import type { XmlLimits } from './limits.js';

export type XmlRefusal = 'doctype' | 'too-deep' | 'too-many-elements' | 'too-many-attributes' | 'malformed';

export class XmlError extends Error {
  constructor(
    readonly reason: XmlRefusal,
    detail: string,
  ) {
    super(detail);
    this.name = 'XmlError';
  }
}

const PIECE = 64 * 1024;

/**
 * Reads XML once for its shape and throws `XmlError` at the first thing that is against the limits or not well formed.
 * A DOCTYPE is refused as such, so no entity is ever declared, expanded or fetched. Returns the number of elements.
 */
export function vetXml(text: string, limits: XmlLimits): number {
  // A DOCTYPE may stand only before the root element, but a late one is malformed anyway: one search settles both.
  if (text.includes('<!DOCTYPE') || text.includes('<!ENTITY')) {
    throw new XmlError('doctype', 'a document type declaration is not allowed');
  }
  const parser = new SaxesParser({ xmlns: false, position: false });
  let depth = 0;
  let elements = 0;
  let attributes = 0;
  parser.on('error', (cause) => {
    throw new XmlError('malformed', cause.message);
  });
  parser.on('doctype', () => {
    throw new XmlError('doctype', 'a document type declaration is not allowed');
  });
  parser.on('opentagstart', () => {
    attributes = 0;
    depth += 1;
    elements += 1;
    if (depth > limits.maxDepth)
      throw new XmlError('too-deep', `elements are nested deeper than ${limits.maxDepth}`);
    if (elements > limits.maxElements) {
      throw new XmlError('too-many-elements', `there are more than ${limits.maxElements} elements`);
    }
  });
  parser.on('attribute', () => {
    attributes += 1;
    if (attributes > limits.maxAttributes) {
      throw new XmlError(
        'too-many-attributes',
        `an element has more than ${limits.maxAttributes} attributes`,
      );
    }
  });
  parser.on('closetag', () => {
    depth -= 1;
  });
  for (let start = 0; start < text.length; start += PIECE) parser.write(text.slice(start, start + PIECE));
  parser.close();
  return elements;
}
