/** What the samples are made for; all of it is real, so that they run as they stand. */
export interface SampleValues {
  /** The server's address without a trailing slash. */
  origin: string;
  apiKey: string;
  saveUrl: string;
}

export interface Sample {
  name: string;
  language: 'javascript' | 'shell';
  /** What to do before the code runs. */
  before: string;
  code: string;
}

/** The same three steps in three ways: open a document for one person, let another join, ask who is there. */
export function makeSamples(values: SampleValues): readonly Sample[] {
  return [sdkSample(values), fetchSample(values), curlSample(values)];
}

function sdkSample({ origin, apiKey, saveUrl }: SampleValues): Sample {
  return {
    name: 'Node SDK',
    language: 'javascript',
    before: 'npm install @zoho-corp/office-integrator-sdk',
    code: `import * as SDK from '@zoho-corp/office-integrator-sdk';

const environment = await new SDK.ApiServer.Production(${quote(origin)});
const auth = new SDK.AuthBuilder()
  .addParam('apikey', ${quote(apiKey)})
  .authenticationSchema(await new SDK.V1.Authentication().getTokenFlow())
  .build();
const logger = new SDK.LogBuilder().level(SDK.Levels.OFF).build();
const builder = await new SDK.InitializeBuilder();
await builder.environment(environment).tokens([auth]).logger(logger).initialize();

const user = new SDK.V1.UserInfo();
user.setUserId('amelia-1');
user.setDisplayName('Amelia');

const info = new SDK.V1.DocumentInfo();
info.setDocumentName('Offer');

const callback = new SDK.V1.CallbackSettings();
callback.setSaveFormat('docx');
callback.setSaveUrl(${quote(saveUrl)});

const parameters = new SDK.V1.CreateDocumentParameters();
parameters.setUserInfo(user);
parameters.setDocumentInfo(info);
parameters.setCallbackSettings(callback);
// To edit a file of yours: parameters.setDocument(new SDK.StreamWrapper(null, null, 'offer.docx'));

const api = new SDK.V1.V1Operations();
const created = (await api.createDocument(parameters)).getObject();
console.log(created.getDocumentUrl()); // open it in a browser, or in a frame of your page

const sessions = (await api.getAllSessions(created.getDocumentId())).getObject();
for (const session of sessions.getSessions()) {
  console.log(session.getUserInfo().getDisplayName(), session.getStatus());
}
`,
  };
}

function fetchSample({ origin, apiKey, saveUrl }: SampleValues): Sample {
  return {
    name: 'Plain fetch',
    language: 'javascript',
    before: 'Node 20 or newer; save as offer.mjs',
    code: `import { openAsBlob } from 'node:fs';

const api = ${quote(`${origin}/writer/officeapi/v1`)};
const key = ${quote(`apikey=${escapeQuery(apiKey)}`)};

const form = new FormData();
form.set('document', await openAsBlob('offer.docx'), 'offer.docx'); // leave it out for a blank one
form.set('document_info', JSON.stringify({ document_name: 'Offer' }));
form.set('user_info', JSON.stringify({ user_id: 'amelia-1', display_name: 'Amelia' }));
form.set('callback_settings', JSON.stringify({
  save_format: 'docx',
  save_url: ${quote(saveUrl)},
}));

const created = await (await fetch(\`\${api}/documents?\${key}\`, { method: 'POST', body: form })).json();
console.log(created.document_url ?? created); // open it in a browser, or in a frame of your page

// Ben joins the same document: only the id is needed.
const join = new FormData();
join.set('document_info', JSON.stringify({ document_id: created.document_id }));
join.set('user_info', JSON.stringify({ user_id: 'ben-2', display_name: 'Ben' }));
console.log(await (await fetch(\`\${api}/documents?\${key}\`, { method: 'POST', body: join })).json());

console.log(await (await fetch(\`\${api}/documents/\${created.document_id}/sessions?\${key}\`)).json());
`,
  };
}

function curlSample({ origin, apiKey, saveUrl }: SampleValues): Sample {
  const api = `${origin}/writer/officeapi/v1`;
  const key = `apikey=${escapeQuery(apiKey)}`;
  return {
    name: 'curl',
    language: 'shell',
    before: 'Any shell',
    code: `# Amelia opens a document, with an id of yours. For a file of yours add: --form document=@offer.docx
curl -sw '\\n' '${api}/documents?${key}' \\
  --form 'document_info={"document_id":"offer-1","document_name":"Offer"}' \\
  --form 'user_info={"user_id":"amelia-1","display_name":"Amelia"}' \\
  --form 'callback_settings={"save_format":"docx","save_url":"${saveUrl}"}'

# Ben joins it: the id is enough.
curl -sw '\\n' '${api}/documents?${key}' \\
  --form 'document_info={"document_id":"offer-1"}' \\
  --form 'user_info={"user_id":"ben-2","display_name":"Ben"}'

# Who is in it?
curl -sw '\\n' '${api}/documents/offer-1/sessions?${key}'
`,
  };
}

/** As a JavaScript string; a key may hold any character. */
function quote(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

/** For a query inside single quotes, be it JavaScript's or the shell's. */
function escapeQuery(text: string): string {
  return encodeURIComponent(text).replaceAll("'", '%27');
}
