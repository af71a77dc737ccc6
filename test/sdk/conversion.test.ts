import * as SDK from '@zoho-corp/office-integrator-sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TEST_API_KEY } from '../../packages/server/src/domain/testing/domain-fixture.js';
import { openTestServer, type TestServer } from '../../packages/server/src/http/test-server.js';
import { expectAnswer, expectRefusal, initializeSdk } from './sdk-client.js';

const { V1 } = SDK;
let server: TestServer;
let sdk: SDK.V1.V1Operations;

beforeEach(async () => {
  server = await openTestServer();
  sdk = await initializeSdk(await server.app.listen({ host: '127.0.0.1', port: 0 }), TEST_API_KEY);
});

afterEach(() => server.app.close());

async function convert(format: string): Promise<SDK.Answer> {
  const options = new V1.DocumentConversionOutputOptions();
  options.setFormat(format);
  options.setDocumentName('Report');
  options.setIncludeChanges('all');
  options.setIncludeComments('none');
  const parameters = new V1.DocumentConversionParameters();
  parameters.setDocument(new SDK.StreamWrapper('plan.docx', Buffer.from('a plan'), null));
  await parameters.setOutputOptions(options);
  return sdk.convertDocument(parameters);
}

describe('convertDocument', () => {
  it('[FO34] gives the file and its name for every type that the client can decode', async () => {
    for (const format of ['pdf', 'docx', 'html', 'doc', 'zip', 'zdoc']) {
      const file = expectAnswer(await convert(format), 200, V1.FileBodyWrapper).getFile();
      expect(file?.getName(), format).toBe(`Report.${format}`);
      expect(String(file?.getStream()), format).toContain(`${format} of a plan`);
    }
  });

  it('[FO34] decodes a refusal', async () => {
    expect(expectRefusal(await convert('sxw'))).toMatchObject({
      code: 1852,
      parameter: 'output_options',
      key: 'format',
    });
  });
});
