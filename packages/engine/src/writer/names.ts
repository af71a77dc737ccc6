/** Namespaces and media types of ECMA-376 and the extensions of it that this engine reads by name. */
export const WML = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
/** The same vocabulary in files written as "Strict" (ISO/IEC 29500-1). */
export const WML_STRICT = 'http://purl.oclc.org/ooxml/wordprocessingml/main';
export const W14 = 'http://schemas.microsoft.com/office/word/2010/wordml';
export const MCE = 'http://schemas.openxmlformats.org/markup-compatibility/2006';
export const XSI = 'http://www.w3.org/2001/XMLSchema-instance';
export const RELATIONSHIPS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
export const DOCUMENT_PART_TYPES: readonly string[] = [
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml',
  'application/vnd.ms-word.document.macroEnabled.main+xml',
  'application/vnd.ms-word.template.macroEnabledTemplate.main+xml',
];
