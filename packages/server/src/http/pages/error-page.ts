import type { FastifyReply, FastifyRequest } from 'fastify';
import { escapeHtml } from './html.js';
import { makeNonce, sendPage } from './page-reply.js';
import { BASE_STYLE } from './skeletons.js';

export type PageProblem =
  | 'session_ended'
  | 'session_expired'
  | 'session_unknown'
  | 'download_denied'
  | 'versions_denied'
  | 'version_unknown'
  | 'document_unknown'
  | 'document_denied'
  | 'not_found'
  | 'busy'
  | 'not_built'
  | 'server_failed';

interface ProblemText {
  status: number;
  title: string;
  /** What happened, then what to do about it. */
  lines: readonly [string, string];
  sign: keyof typeof SIGNS;
}

const SIGNS = {
  door: '<path d="M14 42V9a3 3 0 0 1 3-3h14a3 3 0 0 1 3 3v33M8 42h32M28 24v2"/>',
  clock: '<circle cx="24" cy="24" r="18"/><path d="M24 13v11l8 5"/>',
  search: '<circle cx="21" cy="21" r="14"/><path d="m31 31 11 11"/>',
  lock: '<rect x="9" y="21" width="30" height="21" rx="4"/><path d="M15 21v-6a9 9 0 0 1 18 0v6M24 30v4"/>',
  tools: '<path d="M24 6 44 41H4L24 6ZM24 19v11M24 35.5v.5"/>',
} as const;

const PROBLEMS: Readonly<Record<PageProblem, ProblemText>> = {
  session_ended: {
    status: 410,
    title: 'This session has ended',
    lines: [
      'The application that opened this document has closed it.',
      'What was saved before is with the application. Go back to it to open the document again.',
    ],
    sign: 'door',
  },
  session_expired: {
    status: 410,
    title: 'This session has expired',
    lines: [
      'A link to a document works for a limited time, and the time of this one is over.',
      'Go back to the application that sent you here and open the document again.',
    ],
    sign: 'clock',
  },
  session_unknown: {
    status: 404,
    title: 'There is no such session',
    lines: [
      'The address is incomplete, or the session ended so long ago that nothing is known of it any more.',
      'Go back to the application that sent you here and open the document again.',
    ],
    sign: 'search',
  },
  download_denied: {
    status: 403,
    title: 'Downloading is not permitted',
    lines: [
      'This session may open the document, but not take a copy of it.',
      'Ask whoever shared the document with you for a copy.',
    ],
    sign: 'lock',
  },
  versions_denied: {
    status: 403,
    title: 'Earlier versions are not for this session',
    lines: [
      'This session may read the document, but neither change it nor take a copy of it.',
      'Ask whoever shared the document with you for the version that you need.',
    ],
    sign: 'lock',
  },
  version_unknown: {
    status: 404,
    title: 'There is no such version',
    lines: [
      'The address is not complete, or the version is older than the server keeps.',
      'Go back to the document and choose another one.',
    ],
    sign: 'search',
  },
  document_unknown: {
    status: 404,
    title: 'There is no such document',
    lines: [
      'It has been deleted, or it is not shared with the account that you are signed in with.',
      'Ask its owner to share it with you, or go back to your library.',
    ],
    sign: 'search',
  },
  document_denied: {
    status: 403,
    title: 'This document is not open to you now',
    lines: [
      'Its owner has switched sharing off for the time being.',
      'It stays in your list, and opens again when its owner switches sharing on.',
    ],
    sign: 'lock',
  },
  not_found: {
    status: 404,
    title: 'There is nothing here',
    lines: ['No page has this address.', 'Check it for a slip, or go back to where you came from.'],
    sign: 'search',
  },
  busy: {
    status: 503,
    title: 'The server is busy',
    lines: ['It cannot open the document just now.', 'Wait a few seconds and load the page again.'],
    sign: 'clock',
  },
  not_built: {
    status: 503,
    title: 'The pages are not built',
    lines: [
      'The server runs, but the files of its pages are missing.',
      'Start it with “npm start”, or run “npm run build”, then load this page again.',
    ],
    sign: 'tools',
  },
  server_failed: {
    status: 500,
    title: 'Something went wrong',
    lines: [
      'The server failed while it made this page. The fault is ours, and it is in the server’s log.',
      'Load the page again; when that does not help, tell whoever runs this server.',
    ],
    sign: 'tools',
  },
};

const STYLE = `
body{display:grid;place-items:center;min-height:100%;padding:24px}
main{max-width:440px;text-align:center}
svg{width:56px;height:56px;fill:none;stroke:var(--sk-brand);stroke-width:2.5;stroke-linecap:round;stroke-linejoin:round}
h1{font-size:24px;line-height:1.25;margin:20px 0 12px;letter-spacing:-.01em;text-wrap:balance}
p{margin:0 0 8px;color:var(--sk-soft);text-wrap:pretty}
p+p{color:var(--sk-ink)}
footer{margin-top:32px;font-size:13px;color:var(--sk-soft)}
`;

/** Answers with a page that says what happened and what to do; nothing of the cause leaves the server. */
export function sendProblem(reply: FastifyReply, problem: PageProblem, frameAncestors = '*'): FastifyReply {
  const text = PROBLEMS[problem];
  const nonce = makeNonce();
  if (problem === 'busy') reply.header('retry-after', '5');
  return sendPage(reply, { status: text.status, html: renderProblem(text, nonce), nonce, frameAncestors });
}

/** Answers an address that nobody owns, in the form that the asker reads. */
export function sendNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (request.headers.accept?.includes('text/html')) return sendProblem(reply, 'not_found', "'none'");
  return reply.code(404).send({ message: `There is nothing at ${request.url.split('?', 1)[0]}.` });
}

function renderProblem({ title, lines, sign }: ProblemText, nonce: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${BASE_STYLE}${STYLE}</style>
</head>
<body>
<main>
<svg viewBox="0 0 48 48" aria-hidden="true">${SIGNS[sign]}</svg>
<h1>${escapeHtml(title)}</h1>
${lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('\n')}
<footer>Officina</footer>
</main>
</body>
</html>
`;
}
