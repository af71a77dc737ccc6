import { describe, expect, it } from 'vitest';
import { createOfficina, type OfficinaError } from './officina.js';

function anApi(status: number, answer: object) {
  const calls: { method: string; url: string; form: FormData | null }[] = [];
  const api = createOfficina({
    baseUrl: 'https://docs.example/',
    apiKey: 'k+1',
    fetch: async (input, init) => {
      calls.push({
        method: init?.method ?? 'GET',
        url: String(input),
        form: init?.body instanceof FormData ? init.body : null,
      });
      return Response.json(answer, { status });
    },
  });
  return { api, calls };
}

const OPENED = {
  document_url: 'https://docs.example/writer/officeapi/v1/documents/s1/edit',
  document_id: 'd1',
  session_id: 's1',
  save_url: 'https://docs.example/writer/officeapi/v1/documents/s1/save',
  session_delete_url: 'https://docs.example/writer/officeapi/v1/sessions/s1',
  document_delete_url: 'https://docs.example/writer/officeapi/v1/documents/d1',
};

describe('API client', () => {
  it('opens a document from bytes with the words of the wire', async () => {
    const { api, calls } = anApi(200, OPENED);

    const opened = await api.openDocument({
      document: { bytes: new Uint8Array([1]), fileName: 'a.docx' },
      documentId: 'd1',
      user: { id: 'u', displayName: 'Ann' },
      permissions: { 'document.edit': true },
      callback: {
        saveUrl: 'https://app.example/',
        format: 'docx',
        timeoutMs: 10_000,
        params: { id: '$session_id' },
      },
    });

    expect(opened).toMatchObject({ sessionId: 's1', documentId: 'd1' });
    expect(calls[0]).toMatchObject({
      method: 'POST',
      url: 'https://docs.example/writer/officeapi/v1/documents?apikey=k%2B1',
    });
    const form = calls[0]?.form;
    expect(JSON.parse(String(form?.get('callback_settings')))).toEqual({
      save_url: 'https://app.example/',
      save_format: 'docx',
      timeout: 10_000,
      save_url_params: { id: '$session_id' },
    });
    expect(JSON.parse(String(form?.get('user_info')))).toEqual({ user_id: 'u', display_name: 'Ann' });
    expect(form?.get('document')).toMatchObject({ name: 'a.docx' });
  });

  it('asks for a blank document without any body', async () => {
    const { api, calls } = anApi(200, OPENED);

    await api.openDocument();

    expect(calls[0]?.form).toBeNull();
  });

  it('reads counts and times whether they come as numbers or as text', async () => {
    const { api } = anApi(200, {
      document_id: 'd1',
      document_name: 'New',
      document_type: 'document',
      active_sessions_count: '2',
      created_time_ms: '1659578400000',
      expires_on_ms: 1659600270000,
      sessions: [
        {
          status: 'active',
          user_info: { user_id: '123', display_name: 'Amelia' },
          info: { document_id: 'd1' },
        },
      ],
    });

    const overview = await api.listSessions('d1');

    expect(overview).toMatchObject({
      activeSessions: 2,
      createdAt: new Date(1659578400000),
      expiresAt: new Date(1659600270000),
    });
    expect(overview.sessions).toMatchObject([{ status: 'active', userId: '123', displayName: 'Amelia' }]);
  });

  it('escapes ids and names what the server refuses', async () => {
    const { api, calls } = anApi(400, {
      code: 1832,
      message: 'No.',
      parameter_name: 'permissions',
      key_name: 'document.exprt',
    });

    const error = await api.deleteDocument('a/b?').catch((refusal: OfficinaError) => refusal);

    expect(calls[0]?.url).toContain('/documents/a%2Fb%3F?apikey=');
    expect(error).toMatchObject({
      code: 1832,
      status: 400,
      parameterName: 'permissions',
      keyName: 'document.exprt',
      message: 'No.',
    });
  });
});
