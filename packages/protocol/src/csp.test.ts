import { expect, it } from 'vitest';
import { contentSecurityPolicy } from './csp.js';

it('allows nothing inline, nothing foreign, and WebAssembly', () => {
  const policy = contentSecurityPolicy({ nonce: 'abc', frameAncestors: "'none'" });

  expect(policy).not.toContain('unsafe-inline');
  expect(policy).not.toContain(' http');
  expect(policy).toContain("script-src 'self' 'nonce-abc' 'wasm-unsafe-eval'");
  expect(policy).toContain("frame-ancestors 'none'");
});
