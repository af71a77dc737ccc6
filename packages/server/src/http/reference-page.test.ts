import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OpenApi, renderReference } from './reference-page.js';
import { openTestServer, type TestServer } from './test-server.js';

const PAGE = fileURLToPath(new URL('../../../../docs/reference/api.md', import.meta.url));

let server: TestServer;

beforeEach(async () => {
  server = await openTestServer();
});

afterEach(() => server.app.close());

describe('the description of the API', () => {
  it('is served with every call and no alias', async () => {
    const answer = await server.app.inject('/openapi.json');

    expect(Object.keys(answer.json().paths)).toEqual([
      '/writer/officeapi/v1/documents',
      '/writer/officeapi/v1/document/preview',
      '/writer/officeapi/v1/document/convert',
      '/writer/officeapi/v1/documents/{documentId}/sessions',
      '/writer/officeapi/v1/documents/{documentId}',
      '/writer/officeapi/v1/sessions/{sessionId}',
      '/writer/officeapi/v1/documents/{sessionId}/save',
      '/api/v1/plan',
    ]);
  });

  it('is what the reference page shows (run with -u to write the page anew)', async () => {
    await server.app.ready();

    await expect(renderReference(server.app.swagger() as OpenApi)).toMatchFileSnapshot(PAGE);
  });
});
