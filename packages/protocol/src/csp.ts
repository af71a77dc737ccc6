export interface PagePolicy {
  /** Fresh for every answer; the page's only inline scripts carry it. */
  nonce: string;
  /** Who may frame the page: `'none'` for our own pages, `*` or a list of origins for a session's. */
  frameAncestors: string;
}

/**
 * The Content-Security-Policy of every page that we serve. Nothing foreign is ever loaded.
 *
 * The docx core shapes text with HarfBuzz, which is WebAssembly: hence `'wasm-unsafe-eval'`. It writes styles through
 * the CSSOM only, so no page needs `'unsafe-inline'`; style elements made at run time carry the page's nonce.
 * Pictures of a document are shown as `blob:` and `data:` addresses.
 */
export function contentSecurityPolicy({ nonce, frameAncestors }: PagePolicy): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}' 'wasm-unsafe-eval'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' blob: data:",
    "font-src 'self' blob: data:",
    "connect-src 'self' blob:",
    "worker-src 'self' blob:",
    "frame-src 'self' blob:",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "object-src 'none'",
    `frame-ancestors ${frameAncestors}`,
  ].join('; ');
}
