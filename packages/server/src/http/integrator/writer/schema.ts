import { type TLiteral, type TUnion, Type } from '@sinclair/typebox';
import { SAVE_FORMATS } from '../../../domain/saving/callback-settings.js';
import { objectParameter } from '../parameter.js';

/** Languages of the interface that callers may name. */
export const UI_LANGUAGES = [
  ...[
    'en',
    'da',
    'de',
    'es',
    'fr',
    'hu',
    'it',
    'ja',
    'nl',
    'pl',
    'pt',
    'ru',
    'sv',
    'tr',
    'zh',
    'zh_CN',
    'vi',
  ],
  ...['cs', 'el', 'et', 'fi', 'hr', 'ko', 'lt', 'sk', 'th', 'uk', 'bg', 'ca', 'no', 'ro', 'ar', 'iw', 'ur'],
];

/** Names of paper that callers may give, in the spelling that the core uses. */
export const PAPER_SIZES = [
  ...['Letter', 'Legal', 'Tabloid', 'Ledger', 'Executive', 'Statement', 'Folio'],
  ...['A3', 'A4', 'A5', 'A6', 'B4', 'B5'],
];

const Length = Type.String({
  pattern: '^\\s*\\d{1,4}(\\.\\d{1,4})?\\s*(in|mm|cm|pt|px)\\s*$',
  title: 'a length with its unit, for example 1.5in',
});

export const DocumentInfoSchema = Type.Object(
  {
    document_name: Type.Optional(
      Type.String({
        maxLength: 255,
        description: 'Display name, also of the file that is pushed. Default: Untitled.',
      }),
    ),
    document_id: Type.Optional(
      Type.String({
        maxLength: 255,
        description:
          'Your id of the document, unique for your API key. An id that is in use means co-editing.',
      }),
    ),
  },
  { additionalProperties: false, description: 'Names the document.' },
);

export const PreviewInfoSchema = Type.Pick(DocumentInfoSchema, ['document_name'], {
  additionalProperties: false,
  description: 'Names the document.',
});

export const UserInfoSchema = Type.Object(
  {
    user_id: Type.Optional(
      Type.String({ maxLength: 255, description: 'Your id of the person. Default: one made for a guest.' }),
    ),
    display_name: Type.Optional(
      Type.String({ maxLength: 255, description: 'Shown to the others. Default: Guest.' }),
    ),
  },
  { additionalProperties: false, description: 'Names the person who gets the session.' },
);

export const CallbackSettingsSchema = Type.Object(
  {
    save_format: oneOf(SAVE_FORMATS, 'Format of the file that is pushed.'),
    save_url: Type.String({
      minLength: 1,
      maxLength: 4096,
      description: 'Where saved files are pushed: an http or https URL that the outbound rules allow.',
    }),
    http_method_type: Type.Optional(
      Type.String({
        pattern: '^([Pp][Oo][Ss][Tt]|[Pp][Uu][Tt])$',
        title: 'post or put',
        description: '`post` or `put`. Default: post.',
      }),
    ),
    retries: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 100, description: 'Repetitions when a push fails. Default: 0.' }),
    ),
    timeout: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 600_000,
        description: 'Milliseconds that a push may take. Default: 120000.',
      }),
    ),
    save_url_params: Type.Optional(
      Type.Record(Type.String(), Type.Union([Type.String({ maxLength: 8192 }), Type.Number()]), {
        maxProperties: 100,
        description: 'Further form fields of the push; a text that begins with `$` names a variable.',
      }),
    ),
    save_url_headers: Type.Optional(
      Type.Record(Type.String(), Type.Union([Type.String({ maxLength: 8192 }), Type.Number()]), {
        maxProperties: 100,
        description: 'Further headers of the push.',
      }),
    ),
    context_info: Type.Optional(Type.String({ description: 'Accepted for older clients; without effect.' })),
  },
  {
    additionalProperties: false,
    description: 'Where and how saves are pushed. Without it there is nothing to save to.',
  },
);

export const DocumentDefaultsSchema = Type.Object(
  {
    orientation: Type.Optional(oneOf(['portrait', 'landscape'], 'Default: portrait.')),
    paper_size: Type.Optional(
      Type.String({
        pattern: `^(${PAPER_SIZES.map(caseless).join('|')})$`,
        title: `one of ${PAPER_SIZES.join(', ')}`,
        description: `One of ${PAPER_SIZES.join(', ')}. Default: Letter.`,
      }),
    ),
    font_name: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'Default: Arial.' })),
    font_size: Type.Optional(
      Type.Union(
        [
          Type.Number({ minimum: 1, maximum: 400, multipleOf: 0.5 }),
          Type.String({ pattern: '^([1-9]\\d?|[1-3]\\d\\d|400)(\\.[05])?$' }),
        ],
        { title: 'a number from 1 to 400 in steps of 0.5', description: 'Points, in halves. Default: 12.' },
      ),
    ),
    track_changes: Type.Optional(
      oneOf(['enabled', 'disabled'], 'Also for files that are sent. Default: disabled.'),
    ),
    margin: Type.Optional(
      Type.Partial(
        Type.Object(
          {
            left: Length,
            right: Length,
            top: Length,
            bottom: Length,
          },
          { additionalProperties: false },
        ),
        { description: 'Lengths with their unit: in, mm, cm, pt or px. Default: 1in each.' },
      ),
    ),
    date_format: Type.Optional(
      Type.String({ minLength: 1, maxLength: 50, description: 'For example `MM/DD/YY`.' }),
    ),
    language: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8}){0,3}$',
        title: 'a language, for example en-US',
        description: 'Language of the text, for example `en-US`. Also for files that are sent.',
      }),
    ),
  },
  { additionalProperties: false, description: 'How a new document looks.' },
);

export const EditorSettingsSchema = Type.Object(
  {
    unit: Type.Optional(oneOf(['in', 'mm'], 'Unit of rulers and dialogs. Default: in.')),
    language: Type.Optional(oneOf(UI_LANGUAGES, 'Language of the interface. Default: en.')),
    view: Type.Optional(oneOf(['pageview', 'webview'], 'Default: pageview.')),
  },
  { additionalProperties: false, description: 'How the editor looks.' },
);

const Right = Type.Union([Type.Boolean(), Type.Literal('true'), Type.Literal('false')]);

export const PermissionsSchema = Type.Object(
  {
    'document.export': Type.Optional(describe(Right, 'May download. Default: true.')),
    'document.print': Type.Optional(describe(Right, 'May print. Default: true.')),
    'document.edit': Type.Optional(describe(Right, 'May edit. Default in an object: false.')),
    'review.changes.resolve': Type.Optional(
      describe(Right, 'May accept and reject changes. Default: false.'),
    ),
    'review.comment': Type.Optional(describe(Right, 'May comment. Default in an object: false.')),
    'collab.chat': Type.Optional(describe(Right, 'May chat. Default: true.')),
    'document.pausecollaboration': Type.Optional(describe(Right, 'May pause the others. Default: false.')),
    'document.fill': Type.Optional(describe(Right, 'May fill in fields. Default: true.')),
  },
  {
    additionalProperties: false,
    description:
      'What the person may do. Without the parameter everything; in an object, missing keys take defaults.',
  },
);

export const PreviewPermissionsSchema = Type.Object(
  { 'document.print': Type.Optional(describe(Right, 'May print. Default: true.')) },
  { additionalProperties: false, description: 'What the reader may do.' },
);

const Visibility = oneOf(['show', 'hide'], 'Default: show.');

export const UiOptionsSchema = Type.Object(
  {
    save_button: Type.Optional(Visibility),
    chat_panel: Type.Optional(Visibility),
    file_menu: Type.Optional(Visibility),
    dark_mode: Type.Optional(Visibility),
  },
  { additionalProperties: false, description: 'Which parts of the editor are shown.' },
);

export const documentInfo = objectParameter('document_info', DocumentInfoSchema);
export const previewInfo = objectParameter('document_info', PreviewInfoSchema);
export const userInfo = objectParameter('user_info', UserInfoSchema);
export const callbackSettings = objectParameter('callback_settings', CallbackSettingsSchema);
export const documentDefaults = objectParameter('document_defaults', DocumentDefaultsSchema);
export const editorSettings = objectParameter('editor_settings', EditorSettingsSchema);
export const permissions = objectParameter('permissions', PermissionsSchema);
export const previewPermissions = objectParameter('permissions', PreviewPermissionsSchema);
export const uiOptions = objectParameter('ui_options', UiOptionsSchema);

const MAX_URL_LENGTH = 4096;

export { MAX_URL_LENGTH };

/** Parameters of a call as its reference shows them. */
export const FILE_SCHEMA = Type.String({ format: 'binary', description: 'The file.' });
export const URL_SCHEMA = Type.String({
  format: 'uri',
  maxLength: MAX_URL_LENGTH,
  description: 'Where the file is fetched from, instead of `document`.',
});
export const API_KEY_SCHEMA = Type.String({ description: 'Your API key, here or in the query.' });

export function oneOf<const T extends readonly string[]>(
  values: T,
  description: string,
): TUnion<TLiteral<T[number]>[]> {
  return Type.Union(
    values.map((value: T[number]) => Type.Literal(value)),
    { description },
  );
}

function describe<T extends typeof Right>(schema: T, description: string): T {
  return { ...schema, description };
}

/** A pattern that matches the word in any casing; schemas know no flags. */
function caseless(word: string): string {
  return [...word].map((c) => (/[a-z]/i.test(c) ? `[${c.toLowerCase()}${c.toUpperCase()}]` : c)).join('');
}
