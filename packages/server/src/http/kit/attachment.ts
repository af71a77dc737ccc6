/** `Content-Disposition` of a download (RFC 6266): a plain name for every reader, and the true one for those that know RFC 8187. */
export function attachment(fileName: string): string {
  const safe = fileName.replace(/[\p{Cc}\p{Cs}/\\]/gu, '_').trim() || 'document.docx';
  const plain = safe.replace(/[^\x20-\x7e]/g, '_').replace(/["']/g, '_');
  const encoded = encodeURIComponent(safe).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
