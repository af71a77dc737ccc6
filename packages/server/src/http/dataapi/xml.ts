/** What XML 1.0 has no place for, not even escaped (production 2), and halves of characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is about
const ILLEGAL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

/** Most values: nothing in them needs a second look. */
const PLAIN = /^[ !#-%'-;=?-~]*$/;

/** Text between tags. Line ends are escaped where a reader would change them, and `>` always, for `]]>` is not allowed. */
export function escapeText(text: string): string {
  if (PLAIN.test(text)) return text;
  return text
    .replace(ILLEGAL, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
}

export function escapeAttribute(text: string): string {
  return escapeText(text).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');
}
