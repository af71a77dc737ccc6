import { AppError } from '@officina/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../domain/time.js';
import { escapeHtml } from './html.js';
import { makeNonce, sendPage } from './page-reply.js';
import { PasswordTries } from './password-tries.js';
import { BASE_STYLE } from './skeletons.js';

export interface PasswordPageDeps {
  clock: Clock;
  /** Opens the session's document with its password. Refuses by AppError, `password_wrong` among others. */
  unlock(sessionId: string, password: string): Promise<void>;
  /** Shows the session's page as if it had been opened anew, with what is to be said above the question. */
  showAgain(request: SessionRequest, reply: FastifyReply, complaint: string): Promise<FastifyReply>;
}

type SessionRequest = FastifyRequest<{ Params: { sessionId: string } }>;

/** A password that is longer than any office program takes is none. */
const BODY_LIMIT_BYTES = 4096;

const STYLE = `
body{display:grid;place-items:center;min-height:100%;padding:24px}
main{width:100%;max-width:400px}
h1{font-size:22px;line-height:1.25;margin:0 0 8px;letter-spacing:-.01em;overflow-wrap:anywhere}
p{margin:0 0 20px;color:var(--sk-soft)}
label{display:block;font-weight:600;margin-bottom:6px}
input,button{width:100%;font:inherit;padding:10px 12px;border-radius:8px;border:1px solid var(--sk-line)}
input{background:var(--sk-card);color:var(--sk-ink)}
input[aria-invalid=true]{border-color:#d33a3a}
button{margin-top:14px;background:var(--sk-brand);border-color:transparent;color:#fff;font-weight:600;cursor:pointer}
:focus-visible{outline:2px solid var(--sk-brand);outline-offset:2px}
[role=alert]{margin:8px 0 0;color:#d33a3a;font-size:14px}
@media (prefers-color-scheme:dark){button{color:#14161c}[role=alert],input[aria-invalid=true]{color:#ff8f8f;border-color:#ff8f8f}}
`;

/** Asks for the password of a protected document; works without a script. */
export function sendPasswordPage(
  reply: FastifyReply,
  page: { title: string; action: string; complaint: string | null; frameAncestors: string },
): FastifyReply {
  const nonce = makeNonce();
  const title = escapeHtml(page.title);
  const complaint =
    page.complaint === null ? '' : `<p role="alert" id="why">${escapeHtml(page.complaint)}</p>`;
  const mark = page.complaint === null ? '' : ' aria-invalid="true" aria-describedby="why"';
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${BASE_STYLE}${STYLE}</style>
</head>
<body>
<main>
<h1>“${title}” is protected</h1>
<p>The document opens with its password. Once it is open, everybody with a link to it can read it.</p>
<form method="post" action="${escapeHtml(page.action)}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="off" required autofocus${mark}>
${complaint}
<button>Open the document</button>
</form>
</main>
</body>
</html>
`;
  const status = page.complaint === null ? 200 : 403;
  return sendPage(reply, { status, html, nonce, frameAncestors: page.frameAncestors });
}

/** Takes the password that was typed and goes on to the document, or asks again. */
export function addPasswordRoute(app: FastifyInstance, address: string, deps: PasswordPageDeps): void {
  const tries = new PasswordTries();
  app.register((own, _options, done) => {
    own.removeAllContentTypeParsers();
    own.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: BODY_LIMIT_BYTES },
      (_request, body, parsed) => parsed(null, body),
    );
    own.post(address, async (request: SessionRequest, reply) => {
      const password = new URLSearchParams(String(request.body ?? '')).get('password') ?? '';
      const { sessionId } = request.params;
      const waitMs = tries.begin(sessionId, deps.clock());
      if (waitMs > 0) {
        const seconds = Math.ceil(waitMs / 1000);
        reply.header('retry-after', String(seconds));
        return deps.showAgain(request, reply, `Too many wrong passwords. Try again in ${seconds} seconds.`);
      }
      try {
        await deps.unlock(sessionId, password);
        tries.succeed(sessionId);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        const isWrong = error.code === 'password_wrong';
        return deps.showAgain(
          request,
          reply,
          isWrong ? 'This password does not open the document.' : error.message,
        );
      }
      // Relative, so that it is right below whatever path a proxy puts the server.
      return reply.redirect('edit', 303);
    });
    done();
  });
}
