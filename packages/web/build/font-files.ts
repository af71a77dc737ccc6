import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Plugin } from 'vite';

const FAMILIES = ['arimo', 'caladea', 'carlito', 'cousine', 'gelasio', 'tinos'] as const;
const FACES = [
  { folder: '400Regular', weight: 400, style: 'normal' },
  { folder: '400Regular_Italic', weight: 400, style: 'italic' },
  { folder: '700Bold', weight: 700, style: 'normal' },
  { folder: '700Bold_Italic', weight: 700, style: 'italic' },
] as const;

const VIRTUAL_ID = 'virtual:font-faces';
const RESOLVED_ID = `\0${VIRTUAL_ID}`;
const PREFIX = '/fonts/';

interface FontFile {
  family: string;
  weight: number;
  style: 'normal' | 'italic';
  /** Name below `/fonts/`; it carries the content's hash, so that it can be cached for ever. */
  file: string;
  /** `sha256:` and the hex digest, checked by the editor before it uses the bytes. */
  hash: string;
  path: string;
}

/**
 * Serves the metric-compatible fonts under `/fonts/` and tells the pages about them as `virtual:font-faces`.
 * The same files serve the screen, the headless layout and LibreOffice, so that all three break lines alike.
 */
export function fontFiles(): Plugin {
  const files = readFontFiles();
  return {
    name: 'font-files',
    resolveId: (id) => (id === VIRTUAL_ID ? RESOLVED_ID : null),
    load(id) {
      if (id !== RESOLVED_ID) return null;
      const faces = files.map(({ path: _path, ...face }) => face);
      return `export const fontFaces = ${JSON.stringify(faces)};`;
    },
    generateBundle() {
      for (const { file, path } of files) {
        this.emitFile({ type: 'asset', fileName: `fonts/${file}`, source: readFileSync(path) });
      }
      this.emitFile({ type: 'asset', fileName: 'fonts/NOTICE.txt', source: notice() });
    },
    configureServer(server) {
      const byUrl = new Map(files.map((font) => [PREFIX + font.file, font.path]));
      server.middlewares.use((request, response, next) => {
        const path = byUrl.get(request.url ?? '');
        if (path === undefined) return next();
        response.setHeader('content-type', 'font/ttf');
        response.end(readFileSync(path));
      });
    },
  };
}

function readFontFiles(): FontFile[] {
  return FAMILIES.flatMap((family) =>
    FACES.map(({ folder, weight, style }) => {
      const name = capitalise(family);
      const path = fontPath(`${family}/${folder}/${name}_${folder}.ttf`);
      const digest = createHash('sha256').update(readFileSync(path)).digest('hex');
      const slug = `${family}-${weight}${style === 'italic' ? 'i' : ''}`;
      return {
        family: name,
        weight,
        style,
        file: `${slug}-${digest.slice(0, 10)}.ttf`,
        hash: `sha256:${digest}`,
        path,
      };
    }),
  );
}

/** The licences travel with the files, as the SIL Open Font License asks. */
function notice(): string {
  const licences = FAMILIES.map((family) => readFileSync(fontPath(`${family}/LICENSE_FONT`), 'utf8').trim());
  return `${licences.join(`\n\n${'='.repeat(78)}\n\n`)}\n`;
}

function fontPath(path: string): string {
  return createRequire(import.meta.url).resolve(`@expo-google-fonts/${path}`);
}

function capitalise(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
