import { transform } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { makeSamples } from './samples.js';

const values = {
  origin: 'http://127.0.0.1:8080',
  apiKey: `it's a "key" \\ with $signs\``,
  saveUrl: 'http://127.0.0.1:8080/playground/callback/abc',
};

describe('the samples', () => {
  it('hold the real address and receiver', () => {
    for (const { code } of makeSamples(values)) {
      expect(code).toContain(values.origin);
      expect(code).toContain(values.saveUrl);
    }
  });

  it('in JavaScript are valid, whatever characters the key has', async () => {
    for (const { code, language } of makeSamples(values)) {
      if (language === 'javascript') await expect(transform(code, { format: 'esm' })).resolves.toBeDefined();
    }
  });

  it('in the shell have every quote closed', () => {
    const shell = makeSamples(values).find(({ language }) => language === 'shell');
    const outsideComments = (shell?.code ?? '').replace(/^#.*$/gm, '');
    expect((outsideComments.match(/'/g) ?? []).length % 2).toBe(0);
  });
});
