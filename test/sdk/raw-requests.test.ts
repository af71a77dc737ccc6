import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TEST_API_KEY } from '../../packages/server/src/domain/testing/domain-fixture.js';
import { openTestServer, type TestServer } from '../../packages/server/src/http/test-server.js';

const DOCUMENTS = '/writer/officeapi/v1/documents';

let server: TestServer;
let port: number;

beforeEach(async () => {
  server = await openTestServer();
  const address = await server.app.listen({ host: '127.0.0.1', port: 0 });
  port = Number(new URL(address).port);
});

afterEach(() => server.app.close());

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Record<string, unknown>;
}

/** Sends bytes as they are and reads the whole answer; the connection is closed by the server. */
async function send(request: string): Promise<Answer> {
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('end', () => resolve(Buffer.concat(chunks).toString()));
    socket.on('error', reject);
  });
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  const [line = '', ...fields] = head.split('\r\n');
  const headers = fields.map((field) => {
    const at = field.indexOf(':');
    return [field.slice(0, at).toLowerCase(), field.slice(at + 1).trim()] as const;
  });
  return {
    status: Number(line.split(' ')[1]),
    headers: Object.fromEntries(headers),
    body: body === '' ? {} : (JSON.parse(body) as Record<string, unknown>),
  };
}

function call(
  method: string,
  target: string,
  fields: Record<string, string> = {},
  body = '',
): Promise<Answer> {
  const isChunked = 'Transfer-Encoding' in fields;
  const length = body === '' || isChunked ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
  const all = { Host: `127.0.0.1:${port}`, Connection: 'close', ...length, ...fields };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return send([`${method} ${target} HTTP/1.1`, ...lines, '', body].join('\r\n'));
}

/** A multipart body as curl and its kin write it; each part is given with its own header lines. */
function multipart(...parts: readonly (readonly [headers: string, content: string])[]): {
  fields: Record<string, string>;
  body: string;
} {
  const boundary = '------------------------d74496d66958873e';
  const text = parts.map(([headers, content]) => `--${boundary}\r\n${headers}\r\n\r\n${content}\r\n`);
  return {
    fields: { 'Content-Type': `multipart/form-data; boundary=${boundary}` },
    body: `${text.join('')}--${boundary}--\r\n`,
  };
}

const field = (name: string, content: string) =>
  [`Content-Disposition: form-data; name="${name}"`, content] as const;

const KEY = field('apikey', TEST_API_KEY);
const query = `?apikey=${TEST_API_KEY}`;

const post = (form: ReturnType<typeof multipart>, target = DOCUMENTS) =>
  call('POST', target, form.fields, form.body);

async function storedText(answer: Answer): Promise<string> {
  const document = await server.domain.documents.findById(server.key.id, String(answer.body.document_id));
  return new TextDecoder().decode(await server.domain.blobStore.get(document?.originalBlob ?? ''));
}

describe('requests as other clients send them', () => {
  it('curl --form with the key and every object as parts', async () => {
    const answer = await post(
      multipart(
        KEY,
        [
          'Content-Disposition: form-data; name="document"; filename="plan.txt"\r\nContent-Type: text/plain',
          'words',
        ],
        field('document_info', '{"document_name":"New","document_id":"1349"}'),
        field('user_info', '{"user_id":"123","display_name":"Amelia"}'),
        field('permissions', '{"document.edit":"true","document.print":true}'),
        field(
          'callback_settings',
          '{"save_format":"docx","save_url":"https://app.example/save","http_method_type":"PUT","context_info":"x"}',
        ),
      ),
    );

    expect(answer.status).toBe(200);
    expect(Object.keys(answer.body)).toEqual([
      'document_url',
      'document_id',
      'session_id',
      'save_url',
      'session_delete_url',
      'document_delete_url',
    ]);
    expect(await storedText(answer)).toBe('words');
    const session = await server.domain.sessions.find(String(answer.body.session_id));
    expect(session?.callback?.method).toBe('put');
    expect(session?.permissions['document.edit']).toBe(true);
  });

  it('curl with single quotes inside the JSON', async () => {
    const answer = await post(multipart(KEY, field('document_info', "{'document_name':'New'}")));

    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({
      code: 1831,
      message: 'Error occurred. Parameter value is either incorrect or invalid.',
      parameter_name: 'document_info',
    });
  });

  it('sloppy JSON with bare keys', async () => {
    const answer = await post(multipart(KEY, field('ui_options', '{file_menu: "show"}')));

    expect(answer.body).toMatchObject({ code: 1831, parameter_name: 'ui_options' });
  });

  it('an urlencoded form without a file', async () => {
    const answer = await call(
      'POST',
      '/writer/officeapi/v1/document',
      { 'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8' },
      new URLSearchParams({
        apikey: TEST_API_KEY,
        document_info: '{"document_name":"Über","document_id":"1"}',
      }).toString(),
    );

    expect(answer.status).toBe(200);
    const document = await server.domain.documents.findById(server.key.id, '1');
    expect(document?.name).toBe('Über');
  });

  it('a file part with a media type and no file name', async () => {
    const headers =
      'Content-Disposition: form-data; name="document"\r\nContent-Type: application/octet-stream';
    const answer = await post(multipart([headers, 'by bytes']), `${DOCUMENTS}${query}&`);

    expect(answer.status).toBe(200);
    expect(await storedText(answer)).toBe('by bytes');
  });

  it('a JSON part with its own media type and file name, as browsers send blobs', async () => {
    const headers =
      'Content-Disposition: form-data; name="document_info"; filename="blob"\r\nContent-Type: application/json';
    const answer = await post(multipart(KEY, [headers, '{"document_id":"7"}']));

    expect(answer.body.document_id).toBe('7');
  });

  it('an empty file field of a web form', async () => {
    const headers =
      'Content-Disposition: form-data; name="document"; filename=""\r\nContent-Type: application/octet-stream';
    const answer = await post(multipart(KEY, [headers, '']));

    expect(answer.headers['x-officina-document']).toBe('created');
    expect(server.domain.engine.blanks).toHaveLength(1);
  });

  it('curl that forgot the @ before the path', async () => {
    const answer = await post(multipart(KEY, field('document', '/home/me/plan.docx')));

    expect(answer.body).toMatchObject({ code: 1831, parameter_name: 'document' });
    expect(answer.body.detail).toContain('--form document=@FILE');
  });

  it('a POST with no body, no content type and no length', async () => {
    const answer = await call('POST', `${DOCUMENTS}${query}&`);

    expect(answer.status).toBe(200);
  });

  it('a POST with a content type and an empty body', async () => {
    for (const type of ['application/json', 'application/x-www-form-urlencoded', 'text/plain']) {
      const answer = await call('POST', `${DOCUMENTS}${query}`, {
        'Content-Type': type,
        'Content-Length': '0',
      });
      expect(answer.status, type).toBe(200);
    }
  });

  it('a chunked body without a content type', async () => {
    const chunked = { 'Transfer-Encoding': 'chunked' };
    const empty = await call('POST', `${DOCUMENTS}${query}`, chunked, '0\r\n\r\n');
    const full = await call('POST', `${DOCUMENTS}${query}`, chunked, '1\r\nx\r\n0\r\n\r\n');

    expect(empty.status).toBe(200);
    expect(full.body.code).toBe(1831);
  });

  it('a GET and a DELETE with a content length of 0, and doubled slashes', async () => {
    const created = await call('POST', `${DOCUMENTS}${query}`);
    const id = String(created.body.document_id);

    const details = await call('GET', `//writer//officeapi/v1//documents/${id}${query}&`, {
      'Content-Length': '0',
    });
    const deleted = await call('DELETE', `${DOCUMENTS}/${id}/${query}`, {
      'Content-Length': '0',
      'Content-Type': 'application/json',
    });

    expect(details.body.document_id).toBe(id);
    expect(deleted.body).toEqual({ document_deleted: true });
  });

  it('the singular forms of every path', async () => {
    const v1 = '/writer/officeapi/v1';
    const created = await call('POST', `${v1}/document${query}`);
    const { document_id: id, session_id: session } = created.body;

    expect((await call('GET', `${v1}/document/${id}/sessions${query}`)).body.active_sessions_count).toBe('0');
    expect((await call('GET', `${v1}/document/${id}${query}`)).body.active_sessions_count).toBe(0);
    expect((await call('GET', `${v1}/session/${session}${query}`)).body.status).toBe('inactive');
    expect((await call('POST', `${v1}/document/${session}/save`)).body.state).toBe('accepted');
    expect((await call('DELETE', `${v1}/session/${session}${query}`)).body).toEqual({
      session_deleted: true,
    });
    expect((await call('DELETE', `${v1}/document/${id}${query}`)).body).toEqual({ document_deleted: true });
  });

  it('both forms of the preview path', async () => {
    const file = 'Content-Disposition: form-data; name="document"; filename="plan.txt"';
    for (const name of ['document', 'documents']) {
      const answer = await post(multipart(KEY, [file, 'words']), `/writer/officeapi/v1/${name}/preview`);
      expect(Object.keys(answer.body), name).toEqual([
        'preview_url',
        'session_id',
        'document_id',
        'session_delete_url',
        'document_delete_url',
      ]);
    }
  });

  it('HEAD and OPTIONS', async () => {
    const created = await call('POST', `${DOCUMENTS}${query}`);
    const target = `${DOCUMENTS}/${created.body.document_id}${query}`;

    expect(await call('HEAD', target)).toMatchObject({ status: 200, body: {} });
    expect((await call('OPTIONS', target)).headers.allow).toBe('GET, HEAD, DELETE, OPTIONS');
  });

  it('methods and paths that are none', async () => {
    for (const [method, target] of [
      ['PUT', DOCUMENTS],
      ['PATCH', DOCUMENTS],
      ['PROPFIND', DOCUMENTS],
      ['GET', `${DOCUMENTS}${query}`],
      ['get', DOCUMENTS],
      ['BREW', DOCUMENTS],
      ['POST', '/writer/officeapi/v1/documents/1/2/3'],
      ['GET', '/writer/officeapi/v2/documents'],
      ['GET', '/writer/officeapi'],
      ['GET', '/api/v1/nothing'],
    ] as const) {
      const answer = await call(method, target);
      expect(answer.status, `${method} ${target}`).toBe(400);
      expect(answer.body, `${method} ${target}`).toMatchObject({
        code: 1838,
        message: 'Invalid method. Please use a valid method and try again.',
      });
    }
  });

  it('calls that are not offered', async () => {
    const v1 = '/officeapi/v1';
    for (const target of [
      `/writer${v1}/document/compare`,
      `/writer${v1}/document/watermark`,
      `/writer${v1}/document/merge`,
      `/writer${v1}/document/merge/webhook`,
      `/writer${v1}/documents/pdf/combine`,
      `/writer${v1}/document/combine`,
      `/writer${v1}/templates`,
      `/writer${v1}/template`,
      `/writer${v1}/fields`,
      `/writer${v1}/fillabletemplates`,
      `/writer${v1}/fillabletemplates/fillablelink`,
      `/sheet${v1}/spreadsheet`,
      `/show${v1}/presentation`,
      `/pdfeditor${v1}/documents`,
    ]) {
      const answer = await call('POST', `${target}${query}`);
      expect(answer.status, target).toBe(400);
      expect(answer.body.code, target).toBe(1838);
      expect(answer.body.message, target).toMatch(/not offered by this server\.$/);
    }
  });

  it('a key that is missing, wrong, given twice, or holds a plus sign', async () => {
    const { addApiKey } = await import('../../packages/server/src/domain/testing/domain-fixture.js');
    await addApiKey(server.domain, 'plus+key');

    expect((await call('POST', DOCUMENTS)).body).toMatchObject({
      code: 1837,
      message: 'Mandatory parameter(s) missing.',
      parameter_name: 'apikey',
    });
    expect((await call('POST', `${DOCUMENTS}?apikey=`)).body.code).toBe(1837);
    expect((await call('POST', `${DOCUMENTS}?apikey=wrong`)).body).toMatchObject({
      code: 1846,
      message: 'Invalid API Key.',
    });
    expect((await call('POST', `${DOCUMENTS}${query}&apikey=other`)).body).toMatchObject({
      code: 1831,
      parameter_name: 'apikey',
    });
    expect((await call('POST', `${DOCUMENTS}${query}&apikey=${TEST_API_KEY}`)).status).toBe(200);
    expect((await call('POST', `${DOCUMENTS}?apikey=plus+key&`)).status).toBe(200);
  });

  it('broken escapes, broken headers and huge headers', async () => {
    expect((await call('GET', `/writer/officeapi/v1/sessions/%ZZ${query}`)).body.code).toBe(1838);
    expect((await call('GET', DOCUMENTS, { 'Bad Header': 'x' })).body.code).toBe(1838);
    expect((await call('GET', DOCUMENTS, { 'X-Huge': 'x'.repeat(70_000) })).status).toBe(400);
    const broken = await call('POST', `${DOCUMENTS}${query}`, { 'Content-Type': ';;;' }, 'x');
    expect(broken.body.code).toBe(1831);
  });

  it('never lets an API key come back in an answer', async () => {
    const answer = await call('GET', `/writer/officeapi/v1/sessions/%ZZ${query}`);

    expect(JSON.stringify(answer.body)).not.toContain(TEST_API_KEY);
  });
});
