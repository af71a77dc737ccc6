import { afterEach, describe, expect, it } from 'vitest';
import { TEST_API_KEY } from '../../../domain/testing/domain-fixture.js';
import { openTestServer, type TestServer, type TestServerOptions } from '../../test-server.js';

let server: TestServer;

afterEach(() => server.app.close());

const use = async (options?: TestServerOptions) => {
  server = await openTestServer(options);
};

const convert = (
  texts: Record<string, unknown>,
  file?: { text: string; name: string },
  path = 'document',
) => {
  const form = new FormData();
  for (const [name, value] of Object.entries(texts)) {
    form.append(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  if (file) form.append('document', new Blob([file.text]), file.name);
  const url = `/writer/officeapi/v1/${path}/convert?apikey=${TEST_API_KEY}&`;
  return server.app.inject({ method: 'POST', url, payload: form });
};

const PLAN = { text: 'a plan', name: 'Plan.docx' };

describe('conversion', () => {
  it('[FO30] answers with the file, its exact type, its quoted name and its length', async () => {
    await use();
    const answer = await convert({ output_options: { format: 'pdf', document_name: 'Report' } }, PLAN);

    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe('application/pdf');
    expect(answer.headers['content-disposition']).toBe('attachment; filename="Report.pdf"');
    expect(answer.headers['content-length']).toBe(String(answer.rawPayload.length));
    expect(answer.body).toContain('pdf of a plan');
  });

  it('[FO30] takes the name of the file that was sent, and never lets one break out of its quotes', async () => {
    await use();
    const named = await convert({ output_options: { format: 'html' } }, PLAN);
    expect(named.headers['content-disposition']).toBe('attachment; filename="Plan.html"');
    expect(named.headers['content-type']).toBe('text/html; charset=utf-8');

    const odd = { format: 'docx', document_name: 'A "b" \'c\' é.docx' };
    const answer = await convert({ output_options: odd }, PLAN);
    expect(answer.headers['content-disposition']).toBe(
      'attachment; filename="A _b_ _c_ _.docx"; filename*=UTF-8\'\'A%20_b_%20%E2%80%99c%E2%80%99%20%C3%A9.docx',
    );
  });

  it('[FO30] hands out zdoc as docx and pages with their pictures as zip', async () => {
    await use();
    const zdoc = await convert({ output_options: { format: 'zdoc' } }, PLAN, 'documents');
    expect(zdoc.headers['content-disposition']).toBe('attachment; filename="Plan.zdoc"');
    expect(zdoc.headers['content-type']).toContain('wordprocessingml.document');
    const zip = await convert({ format: 'zip' }, PLAN);
    expect(zip.headers['content-disposition']).toBe('attachment; filename="Plan.zip"');
    expect(zip.headers['content-type']).toBe('application/zip');
  });

  it('[FO4] warns in a header of what was odd about a file, wherever one is taken', async () => {
    await use();
    const warnings = String.raw`["This is \u201codd\u201d."]`;
    const odd = { ...PLAN, text: 'odd' };
    const converted = await convert({ output_options: { format: 'txt' } }, odd);
    expect(converted.headers['x-officina-warnings']).toBe(warnings);
    for (const path of ['documents', 'document/preview']) {
      const form = new FormData();
      form.append('document', new Blob([odd.text]), odd.name);
      const url = `/writer/officeapi/v1/${path}?apikey=${TEST_API_KEY}`;
      const answer = await server.app.inject({ method: 'POST', url, payload: form });
      expect(answer.headers['x-officina-warnings'], path).toBe(warnings);
    }
    const plain = await convert({ output_options: { format: 'txt' } }, PLAN);
    expect(plain.headers['x-officina-warnings']).toBeUndefined();
  });

  it('[FO31] hands the options down', async () => {
    await use();
    const options = { format: 'pdf', password: 'out', include_changes: 'none', include_comments: 'none' };
    const answer = await convert(
      { output_options: options, password: 'in' },
      { ...PLAN, text: 'protected:in' },
    );
    expect(answer.body).toContain('"password":"out","changes":"none","comments":"none"');
  });

  it('[FO32] names what is to blame', async () => {
    await use();
    const cases = [
      [{}, PLAN, 1837, 'output_options', undefined],
      [{ output_options: { format: 'pdf' } }, undefined, 1837, 'document', undefined],
      [{ output_options: { format: 'png' } }, PLAN, 1831, 'output_options', 'format'],
      [{ output_options: { format: 'sxw' } }, PLAN, 1852, 'output_options', 'format'],
      [{ output_options: { format: 'rtf' } }, PLAN, 1852, 'output_options', 'format'],
      [{ output_options: { format: 'pdf', pages: 1 } }, PLAN, 1832, 'output_options', 'pages'],
      [{ output_options: { format: 'pdf' } }, { ...PLAN, text: 'broken' }, 1852, 'document', undefined],
      [{ output_options: { format: 'pdf' } }, { ...PLAN, text: 'protected:x' }, 1831, 'password', undefined],
      [{ format: 'png' }, PLAN, 1831, 'format', undefined],
    ] as const;
    for (const [texts, file, code, parameter, key] of cases) {
      const answer = await convert(texts, file);
      expect(answer.statusCode, answer.body).toBe(400);
      expect(answer.json()).toMatchObject({
        code,
        parameter_name: parameter,
        ...(key ? { key_name: key } : {}),
      });
    }
  });

  it('[FO33] counts what was made, and nothing that was refused', async () => {
    await use({ key: { monthlyCallLimit: 1 } });
    await convert({ output_options: { format: 'rtf' } }, PLAN);
    expect((await convert({ output_options: { format: 'txt' } }, PLAN)).statusCode).toBe(200);
    expect((await server.domain.usage.overview(server.key)).used).toBe(1);
    expect((await convert({ output_options: { format: 'txt' } }, PLAN)).json()).toMatchObject({ code: 1845 });
  });

  it('[FO33] keeps nothing', async () => {
    await use();
    await convert({ output_options: { format: 'txt' } }, PLAN);
    expect(server.domain.tables.documents.size).toBe(0);
  });
});
