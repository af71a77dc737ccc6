import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** The pages that have an entry of their own in the build. */
export const PAGE_ENTRIES = {
  editor: 'src/editors/writer/main.tsx',
  viewer: 'src/viewer/main.tsx',
  playground: 'src/playground/main.tsx',
  console: 'src/console/main.tsx',
  library: 'src/library/main.tsx',
} as const;
export type PageName = keyof typeof PAGE_ENTRIES;

/** What a shell must name so that the page starts with one round trip. Paths are relative to the built folder. */
export interface EntryFiles {
  script: string;
  /** Static imports of the script, all levels. */
  preloads: readonly string[];
  styles: readonly string[];
  /** What the script loads as soon as it runs: the heavy part of the page, which is not needed for its first paint. */
  soon: readonly string[];
}

interface ManifestChunk {
  file: string;
  imports?: readonly string[];
  dynamicImports?: readonly string[];
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
  const first = closure(chunks, [entry]);
  const later = closure(
    chunks,
    (entry.dynamicImports ?? []).map((name) => chunks[name]),
  ).filter((chunk) => !first.includes(chunk));
  return {
    script: entry.file,
    preloads: first.filter((chunk) => chunk !== entry).map((chunk) => chunk.file),
    styles: [...new Set(first.flatMap((chunk) => chunk.css ?? []))],
    soon: later.map((chunk) => chunk.file),
  };
}

/** The chunks and all that they import statically; what is imported comes first, so that a page's own styles win. */
function closure(
  chunks: Readonly<Record<string, ManifestChunk>>,
  roots: readonly (ManifestChunk | undefined)[],
): readonly ManifestChunk[] {
  const seen = new Set<ManifestChunk>();
  const ordered: ManifestChunk[] = [];
  const visit = (chunk: ManifestChunk | undefined) => {
    if (!chunk || seen.has(chunk)) return;
    seen.add(chunk);
    for (const name of chunk.imports ?? []) visit(chunks[name]);
    ordered.push(chunk);
  };
  for (const root of roots) visit(root);
  return ordered;
}
