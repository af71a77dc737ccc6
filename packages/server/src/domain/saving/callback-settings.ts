export const SAVE_FORMATS = [
  'docx',
  'doc',
  'odt',
  'rtf',
  'txt',
  'html',
  'htm',
  'pdf',
  'zdoc',
  'zfdoc',
] as const;
export type SaveFormat = (typeof SAVE_FORMATS)[number];

/** Where and how a session's saves are pushed, as the caller gave it. */
export interface CallbackSettings {
  saveUrl: string;
  format: SaveFormat;
  method: 'post' | 'put';
  /** Extra attempts after the first one fails. */
  retries: number;
  timeoutMs: number;
  /** Extra form fields; a value that starts with `$` names a variable. */
  params: Readonly<Record<string, string | number>>;
  headers: Readonly<Record<string, string>>;
}
