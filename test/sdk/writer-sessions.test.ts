import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as SDK from '@zoho-corp/office-integrator-sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TEST_API_KEY } from '../../packages/server/src/domain/testing/domain-fixture.js';
import { openTestServer, type TestServer } from '../../packages/server/src/http/test-server.js';
import { expectAnswer, expectRefusal, initializeSdk } from './sdk-client.js';

const HOUR_MS = 3_600_000;
const MESSAGES = {
  1831: 'Error occurred. Parameter value is either incorrect or invalid.',
  1832: 'Error occurred. Parameter name is either incorrect or invalid.',
  1833: 'Invalid session id provided. Please try again with correct session id.',
  1834: 'Session expired. Please initiate a new request.',
  1837: 'Mandatory parameter(s) missing.',
  1844: 'Invalid document id provided. Please try again with correct document id.',
  1845: 'API call limit exceeded.',
  1846: 'Invalid API Key.',
  1852: "File format you're trying to import is not supported.",
};

const { V1 } = SDK;
let server: TestServer;
let address: string;
let sdk: SDK.V1.V1Operations;

beforeEach(async () => {
  server = await openTestServer();
  address = await server.app.listen({ host: '127.0.0.1', port: 0 });
  sdk = await initializeSdk(address, TEST_API_KEY);
});

afterEach(() => server.app.close());

const textsOf = (file: string) => new TextEncoder().encode(file);
const storedSession = async (id: string | undefined) => {
  const session = await server.domain.sessions.find(id ?? '');
  if (!session) throw new Error(`There is no session ${id}.`);
  return session;
};
const create = async (parameters: SDK.V1.CreateDocumentParameters | null = null) =>
  expectAnswer(await sdk.createDocument(parameters), 200, V1.CreateDocumentResponse);

describe('createDocument', () => {
  it('creates a blank document from no parameters at all, or from empty ones', async () => {
    for (const parameters of [null, new V1.CreateDocumentParameters()]) {
      const created = await create(parameters);

      const [id, sessionId] = [created.getDocumentId(), created.getSessionId()];
      expect(id).toMatch(/^\w+$/);
      expect(sessionId).toMatch(/^[0-9a-f]{64}$/);
      const base = `${address}/writer/officeapi/v1`;
      expect(created.getDocumentUrl()).toBe(`${base}/documents/${sessionId}/edit`);
      expect(created.getSaveUrl()).toBe(`${base}/documents/${sessionId}/save`);
      expect(created.getSessionDeleteUrl()).toBe(`${base}/sessions/${sessionId}`);
      expect(created.getDocumentDeleteUrl()).toBe(`${base}/documents/${id}`);
    }
  });

  it('takes every parameter object, and each is in force', async () => {
    const named = new V1.DocumentInfo();
    named.setDocumentName('Größe & Maß');
    named.setDocumentId('1349');
    const person = new V1.UserInfo();
    person.setUserId('123');
    person.setDisplayName('Amelia');
    const callback = new V1.CallbackSettings();
    callback.setSaveFormat('docx');
    callback.setSaveUrl('https://app.example/save?document=1349');
    callback.setHttpMethodType('post');
    callback.setRetries(2);
    callback.setTimeout(10_000);
    callback.setSaveUrlParams(
      new Map<string, unknown>([
        ['id', '123131'],
        ['name', '$filename'],
      ]),
    );
    callback.setSaveUrlHeaders(new Map([['x-token', 'abc']]));
    const margin = new V1.Margin();
    margin.setLeft('1.5in');
    margin.setRight('1.5in');
    margin.setTop('0.25in');
    margin.setBottom('25.4mm');
    const defaults = new V1.DocumentDefaults();
    defaults.setFontSize(14);
    defaults.setFontName('Lato');
    defaults.setPaperSize('A4');
    defaults.setOrientation('landscape');
    defaults.setTrackChanges('enabled');
    defaults.setLanguage('en-US');
    await defaults.setMargin(margin);
    const editor = new V1.EditorSettings();
    editor.setUnit('mm');
    editor.setLanguage('de');
    editor.setView('webview');
    const ui = new V1.UiOptions();
    ui.setSaveButton('hide');
    ui.setChatPanel('hide');
    ui.setFileMenu('show');
    ui.setDarkMode('hide');
    const parameters = new V1.CreateDocumentParameters();
    await parameters.setDocumentInfo(named);
    await parameters.setUserInfo(person);
    await parameters.setCallbackSettings(callback);
    await parameters.setDocumentDefaults(defaults);
    await parameters.setEditorSettings(editor);
    await parameters.setUiOptions(ui);
    parameters.setPermissions(
      new Map([
        ['document.edit', true],
        ['document.print', false],
      ]),
    );

    const created = await create(parameters);

    expect(created.getDocumentId()).toBe('1349');
    expect(await storedSession(created.getSessionId())).toMatchObject({
      user: { userId: '123', displayName: 'Amelia' },
      callback: {
        saveUrl: 'https://app.example/save?document=1349',
        format: 'docx',
        method: 'post',
        retries: 2,
        timeoutMs: 10_000,
        params: { id: '123131', name: '$filename' },
        headers: { 'x-token': 'abc' },
      },
      permissions: {
        'document.export': true,
        'document.print': false,
        'document.edit': true,
        'review.changes.resolve': false,
        'review.comment': false,
        'collab.chat': true,
        'document.pausecollaboration': false,
        'document.fill': true,
      },
      interfaceLanguage: 'de',
      unit: 'mm',
      view: 'webview',
      ui: { saveButton: false, chatPanel: false, fileMenu: true, darkMode: false },
    });
    const [blank] = server.domain.engine.blanks;
    expect(blank).toMatchObject({
      orientation: 'landscape',
      paperSize: 'A4',
      fontName: 'Lato',
      fontSizePt: 14,
      trackChanges: true,
      language: 'en-US',
    });
    expect(blank?.marginsMm.left).toBeCloseTo(38.1);
    expect(blank?.marginsMm.top).toBeCloseTo(6.35);
    expect(blank?.marginsMm.bottom).toBeCloseTo(25.4);
  });

  it('edits a file given by path, and by bytes without a name', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'officina-sdk-'));
    const path = join(folder, 'plan.txt');
    await writeFile(path, 'by path');
    const wrappers = [
      new SDK.StreamWrapper(null, null, path),
      new SDK.StreamWrapper(null, Buffer.from('by bytes'), null),
    ];

    const texts: unknown[] = [];
    for (const wrapper of wrappers) {
      const parameters = new V1.CreateDocumentParameters();
      parameters.setDocument(wrapper);
      const created = await create(parameters);
      const document = await server.domain.documents.findById(server.key.id, created.getDocumentId() ?? '');
      texts.push(await server.domain.blobStore.get(document?.originalBlob ?? ''));
    }
    await rm(folder, { recursive: true });

    expect(texts.map((bytes) => new TextDecoder().decode(bytes as Uint8Array))).toEqual([
      'by path',
      'by bytes',
    ]);
  });

  it('edits a file named by URL', async () => {
    const parameters = new V1.CreateDocumentParameters();
    parameters.setUrl('https://files.example/plan.docx');

    const created = await create(parameters);

    const document = await server.domain.documents.findById(server.key.id, created.getDocumentId() ?? '');
    expect(await server.domain.blobStore.get(document?.originalBlob ?? '')).toEqual(
      textsOf('fetched https://files.example/plan.docx'),
    );
  });

  it('co-edits a living document by its id', async () => {
    const named = new V1.DocumentInfo();
    named.setDocumentId('1349');
    const parameters = new V1.CreateDocumentParameters();
    await parameters.setDocumentInfo(named);

    const [first, second] = [await create(parameters), await create(parameters)];

    expect(second.getDocumentId()).toBe('1349');
    expect(second.getSessionId()).not.toBe(first.getSessionId());
    const list = expectAnswer(await sdk.getAllSessions('1349'), 200, V1.AllSessionsResponse);
    expect(list.getSessions()).toHaveLength(2);
  });

  it('is refused with code, message, parameter and key', async () => {
    const parameters = new V1.CreateDocumentParameters();
    parameters.setPermissions(new Map([['document.exprt', true]]));
    expect(expectRefusal(await sdk.createDocument(parameters))).toEqual({
      code: 1832,
      message: MESSAGES[1832],
      parameter: 'permissions',
      key: 'document.exprt',
    });

    const defaults = new V1.DocumentDefaults();
    defaults.setOrientation('diagonal');
    const wrong = new V1.CreateDocumentParameters();
    await wrong.setDocumentDefaults(defaults);
    expect(expectRefusal(await sdk.createDocument(wrong))).toEqual({
      code: 1831,
      message: MESSAGES[1831],
      parameter: 'document_defaults',
      key: 'orientation',
    });

    const callback = new V1.CallbackSettings();
    callback.setSaveFormat('docx');
    const missing = new V1.CreateDocumentParameters();
    await missing.setCallbackSettings(callback);
    expect(expectRefusal(await sdk.createDocument(missing))).toEqual({
      code: 1837,
      message: MESSAGES[1837],
      parameter: 'callback_settings',
      key: 'save_url',
    });

    const broken = new V1.CreateDocumentParameters();
    broken.setDocument(new SDK.StreamWrapper(null, Buffer.from('broken'), null));
    expect(expectRefusal(await sdk.createDocument(broken))).toMatchObject({
      code: 1852,
      message: MESSAGES[1852],
      parameter: 'document',
    });
  });

  it('is refused with a wrong key, and over the limit', async () => {
    const strange = await initializeSdk(address, 'no-such-key');
    expect(expectRefusal(await strange.createDocument(null))).toMatchObject({
      code: 1846,
      message: MESSAGES[1846],
      parameter: 'apikey',
    });

    await server.domain.keyStore.update(server.key.id, { monthlyCallLimit: 0 });
    server.domain.apiKeys.forget();
    sdk = await initializeSdk(address, TEST_API_KEY);
    expect(expectRefusal(await sdk.createDocument(null))).toMatchObject({
      code: 1845,
      message: MESSAGES[1845],
    });
  });
});

describe('createDocumentPreview', () => {
  it('opens a file for reading', async () => {
    const named = new V1.PreviewDocumentInfo();
    named.setDocumentName('Plan');
    const parameters = new V1.PreviewParameters();
    parameters.setDocument(new SDK.StreamWrapper(null, Buffer.from('words'), null));
    parameters.setPermissions(new Map([['document.print', false]]));
    await parameters.setDocumentInfo(named);

    const preview = expectAnswer(await sdk.createDocumentPreview(parameters), 200, V1.PreviewResponse);

    const [id, sessionId] = [preview.getDocumentId(), preview.getSessionId()];
    const base = `${address}/writer/officeapi/v1`;
    expect(preview.getPreviewUrl()).toBe(`${base}/documents/${sessionId}/preview`);
    expect(preview.getSessionDeleteUrl()).toBe(`${base}/sessions/${sessionId}`);
    expect(preview.getDocumentDeleteUrl()).toBe(`${base}/documents/${id}`);
    expect((await storedSession(sessionId)).permissions['document.print']).toBe(false);
    const list = expectAnswer(await sdk.getAllSessions(id ?? ''), 200, V1.AllSessionsResponse);
    expect(list.getSessions()?.[0]?.getInfo()?.getSessionUrl()).toBe(preview.getPreviewUrl());
  });

  it('is refused without a file', async () => {
    const refusal = expectRefusal(await sdk.createDocumentPreview(new V1.PreviewParameters()));

    expect(refusal).toMatchObject({ code: 1837, message: MESSAGES[1837], parameter: 'document' });
  });
});

describe('getAllSessions', () => {
  it('gives the document and its sessions by every getter', async () => {
    const person = new V1.UserInfo();
    person.setUserId('123');
    person.setDisplayName('Amelia');
    const parameters = new V1.CreateDocumentParameters();
    await parameters.setUserInfo(person);
    const created = await create(parameters);
    server.domain.rooms.connect(await storedSession(created.getSessionId()));

    const list = expectAnswer(
      await sdk.getAllSessions(created.getDocumentId() ?? ''),
      200,
      V1.AllSessionsResponse,
    );

    const now = server.domain.time.clock();
    expect(list.getDocumentId()).toBe(created.getDocumentId());
    expect(list.getActiveSessionsCount()).toBe(1);
    expect(list.getCollaboratorsCount()).toBe(1);
    expect(list.getDocumentName()).toBe('Untitled');
    expect(list.getDocumentType()).toBe('document');
    expect(list.getCreatedTimeMs()).toBe(BigInt(now));
    expect(list.getExpiresOnMs()).toBe(BigInt(now + 6 * HOUR_MS));
    expect(Date.parse(list.getCreatedTime() ?? '')).toBe(now);
    expect(Date.parse(list.getExpiresOn() ?? '')).toBe(now + 6 * HOUR_MS);
    const [session] = list.getSessions() ?? [];
    expect(session).toBeInstanceOf(V1.SessionMeta);
    expectSession(session, created, 'active');
  });

  it('is refused for a document that is not there', async () => {
    expect(expectRefusal(await sdk.getAllSessions('none'))).toMatchObject({
      code: 1844,
      message: MESSAGES[1844],
    });
  });
});

describe('getSession', () => {
  it('gives one session by every getter', async () => {
    const person = new V1.UserInfo();
    person.setUserId('123');
    person.setDisplayName('Amelia');
    const parameters = new V1.CreateDocumentParameters();
    await parameters.setUserInfo(person);
    const created = await create(parameters);

    const session = expectAnswer(await sdk.getSession(created.getSessionId() ?? ''), 200, V1.SessionMeta);

    expectSession(session, created, 'inactive');
  });

  it('says that an unknown session is invalid, and that an expired one has expired', async () => {
    const created = await create();
    const unknown = expectAnswer(await sdk.getSession('none'), 200, V1.SessionMeta);
    expect(unknown.getStatus()).toBe('invalid');

    server.domain.time.advance(6 * HOUR_MS);

    expect(expectRefusal(await sdk.getSession(created.getSessionId() ?? ''))).toMatchObject({
      code: 1834,
      message: MESSAGES[1834],
    });
  });
});

describe('deleteSession', () => {
  it('answers a boolean, and is refused the second time', async () => {
    const created = await create();
    const id = created.getSessionId() ?? '';

    const deleted = expectAnswer(await sdk.deleteSession(id), 200, V1.DocumentSessionDeleteSuccessResponse);

    expect(deleted.getSessionDeleted()).toBe(true);
    expect(expectRefusal(await sdk.deleteSession(id))).toMatchObject({ code: 1833, message: MESSAGES[1833] });
    expect(expectAnswer(await sdk.getSession(id), 200, V1.SessionMeta).getStatus()).toBe('invalid');
  });
});

describe('getDocumentInfo', () => {
  it('gives the document by every getter', async () => {
    const created = await create();

    const details = expectAnswer(
      await sdk.getDocumentInfo(created.getDocumentId() ?? ''),
      200,
      V1.DocumentMeta,
    );

    const now = server.domain.time.clock();
    expect(details.getDocumentId()).toBe(created.getDocumentId());
    expect(details.getActiveSessionsCount()).toBe(0);
    expect(details.getCollaboratorsCount()).toBe(0);
    expect(details.getDocumentName()).toBe('Untitled');
    expect(details.getDocumentType()).toBe('document');
    expect(details.getCreatedTimeMs()).toBe(BigInt(now));
    expect(details.getExpiresOnMs()).toBe(BigInt(now + 6 * HOUR_MS));
    expect(Date.parse(details.getCreatedTime() ?? '')).toBe(now);
    expect(Date.parse(details.getExpiresOn() ?? '')).toBe(now + 6 * HOUR_MS);
  });

  it('is refused for a document that is not there', async () => {
    expect(expectRefusal(await sdk.getDocumentInfo('none'))).toMatchObject({
      code: 1844,
      message: MESSAGES[1844],
    });
  });
});

describe('deleteDocument', () => {
  it('answers a boolean, ends the sessions, and is refused the second time', async () => {
    const created = await create();
    const id = created.getDocumentId() ?? '';

    const deleted = expectAnswer(await sdk.deleteDocument(id), 200, V1.DocumentDeleteSuccessResponse);

    expect(deleted.getDocumentDeleted()).toBe(true);
    const session = expectAnswer(await sdk.getSession(created.getSessionId() ?? ''), 200, V1.SessionMeta);
    expect(session.getStatus()).toBe('invalid');
    expect(expectRefusal(await sdk.deleteDocument(id))).toMatchObject({
      code: 1844,
      message: MESSAGES[1844],
    });
  });
});

describe('getPlanDetails', () => {
  it('gives the real counters by every getter', async () => {
    await server.domain.keyStore.update(server.key.id, { monthlyCallLimit: 100 });
    server.domain.apiKeys.forget();
    await create();
    await create();

    const plan = expectAnswer(await sdk.getPlanDetails(), 200, V1.PlanDetails);

    expect(plan.getUsageLimit()).toBe(100n);
    expect(plan.getTotalUsage()).toBe(2n);
    expect(plan.getRemainingUsageLimit()).toBe(98n);
    expect(plan.getApikeyId()).toBeTypeOf('bigint');
    expect(plan.getPlanName()).toBe('Officina');
    expect(plan.getPaymentLink()).toBe('');
    expect(plan.getSubscriptionInterval()).toBe('monthly');
    expect(plan.getSubscriptionPeriod()).toBe('2026-01-01 - 2026-02-01');
    for (const [text, ms] of [
      [plan.getApikeyGeneratedTime(), plan.getApikeyGeneratedTimeMs()],
      [plan.getLastPaymentDate(), plan.getLastPaymentDateMs()],
      [plan.getNextPaymentDate(), plan.getNextPaymentDateMs()],
    ] as const) {
      expect(BigInt(Date.parse(text ?? ''))).toBe(ms);
    }
  });

  it('is refused with a wrong key', async () => {
    const strange = await initializeSdk(address, 'no-such-key');

    expect(expectRefusal(await strange.getPlanDetails())).toMatchObject({ code: 1846 });
  });
});

function expectSession(
  session: SDK.V1.SessionMeta | undefined,
  created: SDK.V1.CreateDocumentResponse,
  status: string,
): void {
  const now = server.domain.time.clock();
  expect(session?.getStatus()).toBe(status);
  expect(session?.getUserInfo()).toBeInstanceOf(V1.SessionUserInfo);
  expect(session?.getUserInfo()?.getUserId()).toBe('123');
  expect(session?.getUserInfo()?.getDisplayName()).toBe('Amelia');
  const described = session?.getInfo();
  expect(described).toBeInstanceOf(V1.SessionInfo);
  expect(described?.getDocumentId()).toBe(created.getDocumentId());
  expect(described?.getCreatedTimeMs()).toBe(BigInt(now));
  expect(described?.getExpiresOnMs()).toBe(BigInt(now + 6 * HOUR_MS));
  expect(Date.parse(described?.getCreatedTime() ?? '')).toBe(now);
  expect(Date.parse(described?.getExpiresOn() ?? '')).toBe(now + 6 * HOUR_MS);
  expect(described?.getSessionUrl()).toBe(created.getDocumentUrl());
  expect(described?.getSessionDeleteUrl()).toBe(created.getSessionDeleteUrl());
}
