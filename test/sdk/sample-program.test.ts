import { devNull } from 'node:os';
import * as SDK from '@zoho-corp/office-integrator-sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TEST_API_KEY } from '../../packages/server/src/domain/testing/domain-fixture.js';
import { openTestServer, type TestServer } from '../../packages/server/src/http/test-server.js';

let server: TestServer;
let address: string;
const printed: unknown[][] = [];

beforeEach(async () => {
  server = await openTestServer();
  address = await server.app.listen({ host: '127.0.0.1', port: 0 });
  printed.length = 0;
});

afterEach(() => server.app.close());

const print = (...words: unknown[]) => printed.push(words);

/** The vendor's sample of the Document Sessions page, with the class that the npm package really has. */
const GetAllSessions = {
  async execute() {
    await this.initializeSdk();
    try {
      const sdkOperations = new SDK.V1.V1Operations();
      const createDocumentParameters = new SDK.V1.CreateDocumentParameters();
      const createResponse = await sdkOperations.createDocument(createDocumentParameters);
      const documentId = (createResponse.object as SDK.V1.CreateDocumentResponse).getDocumentId() ?? '';
      print('Created document ID', documentId);
      const responseObject = await sdkOperations.getAllSessions(documentId);
      if (responseObject == null) return;
      print('Status Code', responseObject.statusCode);
      const writerResponseObject = responseObject.object;
      if (writerResponseObject == null) return;
      if (writerResponseObject instanceof SDK.V1.AllSessionsResponse) {
        print('Document ID', writerResponseObject.getDocumentId());
        print('Document Name', writerResponseObject.getDocumentName());
        print('Document Type', writerResponseObject.getDocumentType());
        print('Document Created Time', writerResponseObject.getCreatedTime());
        print('Document Created Timestamp', writerResponseObject.getCreatedTimeMs());
        print('Document Expiry Time', writerResponseObject.getExpiresOn());
        print('Document Expiry Timestamp', writerResponseObject.getExpiresOnMs());
        for (const session of writerResponseObject.getSessions() || []) {
          if (session instanceof SDK.V1.SessionMeta) {
            print('Session Status', session.getStatus());
            print('Session URL', session.getInfo()?.getSessionUrl());
            print('Session User ID', session.getUserInfo()?.getUserId());
            print('Session Display Name', session.getUserInfo()?.getDisplayName());
          }
        }
      } else if (writerResponseObject instanceof SDK.V1.InvalidConfigurationException) {
        print('Invalid configuration exception', writerResponseObject);
      } else {
        print('Request not completed successfully');
      }
    } catch (error) {
      print('Exception while running sample code', error);
    }
  },

  async initializeSdk() {
    const environment = await new SDK.ApiServer.Production(address);
    const auth = new SDK.AuthBuilder()
      .addParam('apikey', TEST_API_KEY)
      .authenticationSchema(await new SDK.V1.Authentication().getTokenFlow())
      .build();
    const tokens = [auth];
    const logger = new SDK.LogBuilder().level(SDK.Levels.INFO).filePath(devNull).build();
    const initialize = await new SDK.InitializeBuilder();
    await initialize.environment(environment).tokens(tokens).logger(logger).initialize();
  },
};

describe('the sample program of the Document Sessions page', () => {
  it('prints the document and its session', async () => {
    await GetAllSessions.execute();

    const lines = new Map(printed.map(([name, ...values]) => [name, values[0]]));
    expect([...lines.keys()]).toEqual([
      'Created document ID',
      'Status Code',
      'Document ID',
      'Document Name',
      'Document Type',
      'Document Created Time',
      'Document Created Timestamp',
      'Document Expiry Time',
      'Document Expiry Timestamp',
      'Session Status',
      'Session URL',
      'Session User ID',
      'Session Display Name',
    ]);
    expect(lines.get('Status Code')).toBe(200);
    expect(lines.get('Document ID')).toBe(lines.get('Created document ID'));
    expect(lines.get('Document Type')).toBe('document');
    expect(lines.get('Document Created Time')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(lines.get('Session Status')).toBe('inactive');
    expect(lines.get('Session URL')).toMatch(/\/writer\/officeapi\/v1\/documents\/[0-9a-f]{64}\/edit$/);
    expect(lines.get('Session User ID')).toMatch(/^guest-/);
    expect(lines.get('Session Display Name')).toBe('Guest');
  });
});
