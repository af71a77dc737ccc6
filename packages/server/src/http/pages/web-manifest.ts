import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** The pages that have an entry of their own in the build. */
export const PAGE_ENTRIES = {
  editor: 'src/editors/writer/main.tsx',
  viewer: 'src/viewer/main.tsx',
  playground: 'src/playground/main.tsx',
  console: 'src/console/main.tsx',
} as const;
export type PageName = keyof typeof PAGE_ENTRIES;

/** What a shell must name so that the page starts with one round trip. Paths are relative to the built folder. */
export interface EntryFiles {
  script: string;
  /** Static imports of the script, all levels. */
  preloads: readonly string[];
  styles: readonly string[];
}

interface ManifestChunk {
  file: string;
  imports?: readonly string[];
  css?: readonly string[];
}

/** The build's list of files; read again when a new build has replaced it. */
export class WebManifest {
  readonly #file: string;
  #read: { mtimeMs: number; chunks: Readonly<Record<string, ManifestChunk>> } | undefined;

  constructor(webFolder: string) {
    this.#file = join(webFolder, '.vite', 'manifest.json');
  }

  /** Undefined when the pages are not built, or the build lacks this page. */
  async find(page: PageName): Promise<EntryFiles | undefined> {
    const chunks = await this.#chunks();
    const entry = chunks?.[PAGE_ENTRIES[page]];
    return chunks && entry ? collectFiles(chunks, entry) : undefined;
  }

  async #chunks(): Promise<Readonly<Record<string, ManifestChunk>> | undefined> {
    const mtimeMs = await stat(this.#file).then(
      (found) => found.mtimeMs,
      () => undefined,
    );
    if (mtimeMs === undefined) return undefined;
    if (this.#read?.mtimeMs !== mtimeMs) {
      this.#read = { mtimeMs, chunks: JSON.parse(await readFile(this.#file, 'utf8')) };
    }
    return this.#read?.chunks;
  }
}

function collectFiles(chunks: Readonly<Record<string, ManifestChunk>>, entry: ManifestChunk): EntryFiles {
  const seen = new Set<ManifestChunk>();
  const styles = new Set<string>();
  const visit = (chunk: ManifestChunk | undefined) => {
    if (!chunk || seen.has(chunk)) return;
    seen.add(chunk);
    for (const name of chunk.imports ?? []) visit(chunks[name]);
    // After the imports, so that a page's own rules come last and win.
    for (const style of chunk.css ?? []) styles.add(style);
  };
  visit(entry);
  seen.delete(entry);
  return { script: entry.file, preloads: [...seen].map((chunk) => chunk.file), styles: [...styles] };
}
