import { type TSchema, Type } from '@sinclair/typebox';
import * as schema from './schema.js';

/** What the reference says of one call; schemas describe and do not convert. */
export interface CallReference {
  operationId: string;
  summary: string;
  description: string;
  parameters?: Record<string, TSchema>;
  query?: Record<string, TSchema>;
  answer: TSchema;
}

const TEXT = Type.String();
const Time = Type.String({ format: 'date-time', description: 'UTC, in whole seconds.' });
const Ms = Type.Integer({ description: 'Milliseconds since 1970, the same moment as the text.' });
const MsText = Type.String({
  description: 'Milliseconds since 1970 as a text, the same moment as the text before.',
});
const CountText = Type.String({ description: 'A whole number as a text.' });
const Url = Type.String({ format: 'uri' });
const DocumentType = Type.Union([
  Type.Literal('document'),
  Type.Literal('merge_template'),
  Type.Literal('fillable_template'),
]);

const API_KEY_QUERY = { apikey: Type.String({ description: 'Your API key.' }) };

const SessionAnswer = (ms: TSchema) =>
  Type.Object({
    status: Type.String({ description: '`active` while somebody is connected, else `inactive`.' }),
    user_info: Type.Object({ display_name: TEXT, user_id: TEXT }),
    info: Type.Object({
      document_id: TEXT,
      created_time_ms: ms,
      created_time: Time,
      expires_on_ms: ms,
      expires_on: Time,
      session_url: Url,
      session_delete_url: Url,
    }),
  });

export const openDocument: CallReference = {
  operationId: 'openDocument',
  summary: 'Create, edit or co-edit a document',
  description:
    'Without a file: a new blank document. With a file: that file. With the id of a living document: another session of it. Every parameter may be left out; structured ones are JSON objects, each in one part.',
  parameters: {
    apikey: schema.API_KEY_SCHEMA,
    document: schema.FILE_SCHEMA,
    url: schema.URL_SCHEMA,
    callback_settings: schema.CallbackSettingsSchema,
    document_defaults: schema.DocumentDefaultsSchema,
    editor_settings: schema.EditorSettingsSchema,
    permissions: schema.PermissionsSchema,
    document_info: schema.DocumentInfoSchema,
    user_info: schema.UserInfoSchema,
    ui_options: schema.UiOptionsSchema,
  },
  answer: Type.Object({
    document_url: Type.String({ format: 'uri', description: 'Open it in a tab or frame: the editor.' }),
    document_id: TEXT,
    session_id: TEXT,
    save_url: Type.String({ format: 'uri', description: 'A call to it saves.' }),
    session_delete_url: Url,
    document_delete_url: Url,
  }),
};

export const openPreview: CallReference = {
  operationId: 'openPreview',
  summary: 'Preview a document',
  description: 'Opens a file for reading. `document` or `url` is mandatory.',
  parameters: {
    apikey: schema.API_KEY_SCHEMA,
    document: schema.FILE_SCHEMA,
    url: schema.URL_SCHEMA,
    lang: Type.String({ description: 'Language of the interface. Default: en.' }),
    document_info: schema.PreviewInfoSchema,
    permissions: schema.PreviewPermissionsSchema,
  },
  answer: Type.Object({
    preview_url: Type.String({ format: 'uri', description: 'Open it in a tab or frame: the viewer.' }),
    session_id: TEXT,
    document_id: TEXT,
    session_delete_url: Url,
    document_delete_url: Url,
  }),
};

export const listSessions: CallReference = {
  operationId: 'listSessions',
  summary: 'Document sessions',
  description: 'The living sessions of a document, oldest first. Counts and milliseconds are texts here.',
  query: API_KEY_QUERY,
  answer: Type.Object({
    document_id: TEXT,
    active_sessions_count: CountText,
    collaborators_count: CountText,
    document_name: TEXT,
    document_type: DocumentType,
    created_time: Time,
    created_time_ms: MsText,
    expires_on: Time,
    expires_on_ms: MsText,
    sessions: Type.Array(SessionAnswer(MsText)),
  }),
};

export const describeDocument: CallReference = {
  operationId: 'describeDocument',
  summary: 'Document details',
  description: 'A document without its sessions. Counts and milliseconds are numbers here.',
  query: API_KEY_QUERY,
  answer: Type.Object({
    document_id: TEXT,
    collaborators_count: Type.Integer(),
    active_sessions_count: Type.Integer(),
    document_name: TEXT,
    document_type: DocumentType,
    created_time: Time,
    created_time_ms: Ms,
    expires_on: Time,
    expires_on_ms: Ms,
  }),
};

export const deleteDocument: CallReference = {
  operationId: 'deleteDocument',
  summary: 'Delete a document',
  description: 'Ends the document and all its sessions. Saves that were accepted still go out.',
  query: API_KEY_QUERY,
  answer: Type.Object({ document_deleted: Type.Boolean() }),
};

export const describeSession: CallReference = {
  operationId: 'describeSession',
  summary: 'Session information',
  description: 'One session; `{"status":"invalid"}` when this API key has no such session.',
  query: API_KEY_QUERY,
  answer: SessionAnswer(Ms),
};

export const deleteSession: CallReference = {
  operationId: 'deleteSession',
  summary: 'Delete a session',
  description: "Ends one person's access; the document and its other sessions go on.",
  query: API_KEY_QUERY,
  answer: Type.Object({ session_deleted: Type.Boolean() }),
};

export const save: CallReference = {
  operationId: 'save',
  summary: 'Save',
  description:
    "Pushes the document to the session's save_url. The session's id is all that is needed; GET and POST do the same.",
  query: {
    wait: Type.Optional(Type.String({ description: '`1` waits up to 30 s for the outcome.' })),
    force: Type.Optional(Type.String({ description: '`1` pushes even what the application already has.' })),
  },
  answer: Type.Object({
    state: Type.String({
      description: '`accepted`, `delivering`, `delivered`, `unchanged`, `retrying` or `failed`.',
    }),
    version: Type.Integer(),
    delivery_id: Type.Optional(TEXT),
    message: Type.Optional(
      Type.String({ description: "The application's own words, or what is the matter." }),
    ),
    delivered_time: Type.Optional(TEXT),
    delivered_time_ms: Type.Optional(Type.Integer()),
    attempt: Type.Optional(Type.Integer({ description: 'The last attempt, or the one that runs.' })),
    next_attempt_time: Type.Optional(TEXT),
    next_attempt_time_ms: Type.Optional(Type.Integer()),
  }),
};

export const ErrorAnswer = Type.Object({
  code: Type.Integer(),
  message: TEXT,
  parameter_name: Type.Optional(Type.String({ description: 'The parameter that is to blame.' })),
  key_name: Type.Optional(Type.String({ description: 'The key inside it.' })),
  detail: Type.Optional(Type.String({ description: 'More words, for people.' })),
});

/** The call as a route's schema; aliases are served and left out of the reference. */
export function of(call: CallReference, alias: number) {
  const { parameters, query, answer, operationId, summary, description } = call;
  if (alias > 0) return { hide: true };
  return {
    tags: ['writer'],
    operationId,
    summary,
    description,
    ...(parameters
      ? {
          consumes: ['multipart/form-data', 'application/x-www-form-urlencoded'],
          body: Type.Partial(Type.Object(parameters)),
        }
      : {}),
    ...(query ? { querystring: Type.Object(query) } : {}),
    response: { 200: { description: 'Done.', ...answer }, 400: { description: 'Refused.', ...ErrorAnswer } },
  };
}
