export { crc32 } from './crc32.js';
export { DEFAULT_PACKAGE_LIMITS, DEFAULT_XML_LIMITS, type PackageLimits, type XmlLimits } from './limits.js';
export { type MediaKind, sniffMedia } from './media-type.js';
export { decodeAs, decodeUtf8, decodeXml, encodeUtf8 } from './text-codec.js';
export { parseXmlTree, SourceElement } from './xml-source.js';
export {
  attributeOf,
  childElements,
  escapeAttribute,
  escapeText,
  legalXmlText,
  ROOT_SCOPE,
  XML_NAMESPACE,
  type XmlAttribute,
  type XmlElement,
  type XmlNode,
  type XmlScope,
  type XmlText,
} from './xml-tree.js';
export { vetXml, XmlError, type XmlRefusal } from './xml-vet.js';
export {
  inflateEntry,
  normalizeEntryName,
  readZipDirectory,
  type ZipArchive,
  type ZipEntry,
  ZipError,
  type ZipRefusal,
} from './zip-read.js';
export { writeZip, type ZipPiece } from './zip-write.js';
