import * as SDK from '@zoho-corp/office-integrator-sdk';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDocument } from '../corpus/make.js';
import { bodyText, officeText } from './docx-text.js';
import { EditorPage } from './editor-page.js';
import {
  API_KEY,
  launchBrowser,
  type Receiver,
  type RunningServer,
  startReceiver,
  startServer,
} from './harness.js';

describe('an application with the official SDK', () => {
  let server: RunningServer;
  let receiver: Receiver;
  let browser: Browser;

  beforeAll(async () => {
    [server, receiver, browser] = await Promise.all([startServer(), startReceiver(), launchBrowser()]);
    await initializeSdk(server.url);
  });
  afterAll(async () => {
    await Promise.all([browser?.close(), receiver?.close(), server?.stop()]);
  });

  it('has a document edited by two people at once, saved, and listed with both of them', async () => {
    const amelia = await openDocument({
      id: 'contract',
      user: ['17', 'Amelia'],
      saveUrl: receiver.url,
      file: makeDocument('plain'),
    });
    const ben = await openDocument({ id: 'contract', user: ['18', 'Ben'], saveUrl: receiver.url });
    const [first, second] = await Promise.all([
      EditorPage.open(browser, amelia.getDocumentUrl() ?? ''),
      EditorPage.open(browser, ben.getDocumentUrl() ?? ''),
    ]);

    await first.page.keyboard.press('Control+Home');
    await first.type('Amelia was here. ');
    await second.page.keyboard.press('Control+End');
    await second.type(' Ben was here too.');
    await first.waitForText('Ben was here too.');
    await second.waitForText('Amelia was here.');
    await first.save('Stored in the archive');

    const save = await receiver.waitFor(1);
    expect(bodyText(save.file)).toContain('Amelia was here.');
    expect(bodyText(save.file)).toContain('Ben was here too.');
    const text = await officeText(save.file);
    if (text !== undefined) {
      expect(text).toContain('Amelia was here.');
      expect(text).toContain('Ben was here too.');
    }

    const listed = as(SDK.V1.AllSessionsResponse, await operations().getAllSessions('contract'));
    const people = listed
      .getSessions()
      ?.map((session) => [session.getUserInfo()?.getDisplayName(), session.getStatus()]);
    expect(people).toEqual([
      ['Amelia', 'active'],
      ['Ben', 'active'],
    ]);

    const deleted = await operations().deleteSession(amelia.getSessionId() ?? '');
    expect(as(SDK.V1.DocumentSessionDeleteSuccessResponse, deleted).getSessionDeleted()).toBe(true);
    await first.waitForText('This session was ended');
    await second.type(' And goes on.');
    await second.waitForText('And goes on.');
    await second.waitForStatus('Safe on the server');
  });
});

function operations(): SDK.V1.V1Operations {
  return new SDK.V1.V1Operations();
}

/** The answer as the class that it must be. */
function as<T>(kind: new () => T, { object }: SDK.Answer): T {
  if (!(object instanceof kind)) throw new Error(`The SDK made no ${kind.name}.`);
  return object;
}

async function initializeSdk(url: string): Promise<void> {
  const auth = new SDK.AuthBuilder()
    .addParam('apikey', API_KEY)
    .authenticationSchema(await new SDK.V1.Authentication().getTokenFlow())
    .build();
  const logger = new SDK.LogBuilder().level(SDK.Levels.OFF).build();
  await (await new SDK.InitializeBuilder())
    .environment(new SDK.ApiServer.Production(url))
    .tokens([auth])
    .logger(logger)
    .initialize();
}

async function openDocument(wish: {
  id: string;
  user: [string, string];
  saveUrl: string;
  file?: Uint8Array;
}): Promise<SDK.V1.CreateDocumentResponse> {
  const parameters = new SDK.V1.CreateDocumentParameters();
  const named = new SDK.V1.DocumentInfo();
  named.setDocumentId(wish.id);
  named.setDocumentName('Contract');
  await parameters.setDocumentInfo(named);
  const user = new SDK.V1.UserInfo();
  user.setUserId(wish.user[0]);
  user.setDisplayName(wish.user[1]);
  await parameters.setUserInfo(user);
  const callback = new SDK.V1.CallbackSettings();
  callback.setSaveUrl(wish.saveUrl);
  callback.setSaveFormat('docx');
  callback.setHttpMethodType('post');
  callback.setRetries(1);
  callback.setTimeout(10_000);
  await parameters.setCallbackSettings(callback);
  if (wish.file) parameters.setDocument(new SDK.StreamWrapper('contract.docx', Buffer.from(wish.file), null));
  return as(SDK.V1.CreateDocumentResponse, await operations().createDocument(parameters));
}
