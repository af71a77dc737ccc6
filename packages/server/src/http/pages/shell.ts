import type { WriterBoot } from '@officina/protocol';
import { embedJson, escapeHtml } from './html.js';
import { BASE_STYLE, SKELETONS, type Skeleton } from './skeletons.js';
import type { EntryFiles } from './web-manifest.js';

export interface Shell {
  title: string;
  language: string;
  nonce: string;
  /** Path before every one of our own: empty, or the path of the public URL. */
  basePath: string;
  files: EntryFiles;
  skeleton: Skeleton;
  /** What the page's script starts from, under the id that it looks for. */
  boot?: WriterBoot;
}

/**
 * The page that a browser gets at once: its look before any script has come (so that the first paint waits for
 * nothing), and the names of the files to fetch.
 */
export function renderShell(shell: Shell): string {
  const { nonce, files } = shell;
  const href = (file: string) => escapeHtml(`${shell.basePath}/${file}`);
  const skeleton = SKELETONS[shell.skeleton];
  const head = [
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(shell.title)}</title>`,
    `<link rel="icon" href="${href('icon.svg')}" type="image/svg+xml">`,
    `<style nonce="${nonce}">${BASE_STYLE}${skeleton.style}</style>`,
    ...files.styles.map((file) => `<link rel="stylesheet" href="${href(file)}">`),
    ...files.preloads.map((file) => `<link rel="modulepreload" href="${href(file)}" nonce="${nonce}">`),
    `<script type="module" src="${href(files.script)}" nonce="${nonce}"></script>`,
    // Fetched, not compiled: that would hold up the script that shows the page.
    ...files.soon.map(
      (file) =>
        `<link rel="preload" as="script" crossorigin href="${href(file)}" nonce="${nonce}" fetchpriority="low">`,
    ),
  ];
  const boot = shell.boot
    ? `<script type="application/json" id="officina-boot" nonce="${nonce}">${embedJson(shell.boot)}</script>`
    : '';
  // The person's system decides, but where the host application does not offer the dark theme.
  const theme = shell.boot && !shell.boot.ui.darkMode ? ' data-theme="light"' : '';
  return `<!doctype html>
<html lang="${escapeHtml(shell.language.replace('_', '-'))}"${theme}>
<head>
${head.join('\n')}
</head>
<body>
<div id="officina-root">${skeleton.markup(escapeHtml(shell.title))}</div>
<noscript><p class="sk-noscript">This page needs JavaScript.</p></noscript>
${boot}
</body>
</html>
`;
}
