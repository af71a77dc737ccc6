/** What the server's own start page is told by `/playground/api`. */
export type PlaygroundSetup =
  | { state: 'ready'; apiKey: string; receiver: { token: string; url: string }; version: string }
  /** The visitor may not see the key before a sign-in to the console. */
  | { state: 'locked' }
  /** The server knows no key in clear. */
  | { state: 'keyless' };

/** One request that arrived at the playground's receiver. */
export interface Arrival {
  id: number;
  at: number;
  method: string;
  headers: readonly (readonly [name: string, value: string])[];
  /** Form fields besides the file, in order. */
  fields: readonly (readonly [name: string, value: string])[];
  file: ArrivedFile | null;
  /** What was wrong with the body; null when it was read. */
  problem: string | null;
}

export interface ArrivedFile {
  partName: string;
  fileName: string;
  mediaType: string;
  size: number;
  /** Whether the bytes are still held: old and big ones give way to new ones. */
  isKept: boolean;
}
