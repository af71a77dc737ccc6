import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';
import { coreEdits } from './build/core-edits.js';
import { fontFiles } from './build/font-files.js';

const root = fileURLToPath(new URL('.', import.meta.url));

/** One entry per page that the server serves; the server finds the hashed names in `.vite/manifest.json`. */
const pages = [
  'src/editors/writer/main.tsx',
  'src/viewer/main.tsx',
  'src/playground/main.tsx',
  'src/console/main.tsx',
  'src/library/main.tsx',
].filter((page) => existsSync(new URL(page, import.meta.url)));

export default defineConfig({
  root,
  plugins: [react(), fontFiles(), coreEdits()],
  // Workspaces are bundled from their TypeScript, so that a page never waits for another package's build.
  resolve: { conditions: ['officina-source', ...defaultClientConditions] },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    manifest: true,
    target: 'es2023',
    // A strict Content-Security-Policy has no place for data: scripts or fonts.
    assetsInlineLimit: 0,
    // The polyfill is an inline script; every browser that runs the editor preloads modules by itself.
    modulePreload: { polyfill: false },
    // The docx editor is one library of this size, loaded after the first paint and cached for ever.
    chunkSizeWarningLimit: 6_000,
    rolldownOptions: { input: pages },
  },
});
