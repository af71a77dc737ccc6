import { AppError } from '@officina/protocol';
import type { FastifyPluginCallback, FastifyReply } from 'fastify';
import type { Accounts } from '../../domain/accounts/accounts.js';
import { isOwnPage } from '../kit/own-page.js';
import { escapeHtml } from './html.js';
import { makeNonce, sendPage } from './page-reply.js';
import { BASE_STYLE } from './skeletons.js';

export interface SignUpPageDeps {
  accounts: Pick<Accounts, 'signUp'>;
  /** The address that people use, or null for the request's own. */
  publicUrl: string | null;
}

/** What was typed, but for the password. */
interface Typed {
  email: string;
  name: string;
}

const BODY_LIMIT_BYTES = 16 * 1024;

const STYLE = `
body{display:grid;place-items:center;min-height:100%;padding:24px}
main{width:100%;max-width:400px}
h1{font-size:22px;line-height:1.25;margin:0 0 8px;letter-spacing:-.01em}
p{margin:0 0 20px;color:var(--sk-soft)}
label{display:block;font-weight:600;margin:14px 0 6px}
label small{display:block;font-weight:400;color:var(--sk-soft)}
input,button{width:100%;font:inherit;padding:10px 12px;border-radius:8px;border:1px solid var(--sk-line)}
input{background:var(--sk-card);color:var(--sk-ink)}
button{margin-top:20px;background:var(--sk-brand);border-color:transparent;color:#fff;font-weight:600;cursor:pointer}
a{color:inherit}
:focus-visible{outline:2px solid var(--sk-brand);outline-offset:2px}
[role=alert]{margin:0 0 8px;color:#c02626;font-size:14px}
@media (prefers-color-scheme:dark){button{color:#14161c}[role=alert]{color:#ff8f8f}}
`;

/** Where people open an account themselves; works without a script. The operator has to switch it on. */
export function signUpFace(deps: SignUpPageDeps): FastifyPluginCallback {
  const publicUrl = deps.publicUrl === null ? null : new URL(deps.publicUrl);
  const home = `${publicUrl?.pathname.replace(/\/+$/, '') ?? ''}/library`;

  return (own, _options, done) => {
    own.removeAllContentTypeParsers();
    own.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: BODY_LIMIT_BYTES },
      (_request, body, parsed) => parsed(null, body),
    );
    own.get('/sign-up', (_request, reply) => sendForm(reply, home, { email: '', name: '' }, null));
    own.post('/sign-up', async (request, reply) => {
      const form = new URLSearchParams(String(request.body ?? ''));
      const typed = { email: form.get('email') ?? '', name: form.get('name') ?? '' };
      const password = form.get('password') ?? '';
      try {
        if (!isOwnPage(request, publicUrl)) {
          throw new AppError('permission_denied', 'Open an account on this page itself.');
        }
        const wish = { email: typed.email, displayName: typed.name, password };
        const account = await deps.accounts.signUp(wish, request.ip);
        return sendWelcome(reply, home, account.email);
      } catch (error) {
        if (!(error instanceof AppError) || error.code === 'internal') throw error;
        if (error.retryAfterSeconds !== undefined) reply.header('retry-after', error.retryAfterSeconds);
        return sendForm(reply, home, typed, error);
      }
    });
    done();
  };
}

function sendForm(reply: FastifyReply, home: string, typed: Typed, refusal: AppError | null): FastifyReply {
  const complaint = refusal === null ? '' : `<p role="alert" id="why">${escapeHtml(refusal.message)}</p>`;
  const mark = (parameter: string) =>
    refusal?.blame.parameter === parameter ? ' aria-invalid="true" aria-describedby="why"' : '';
  return send(
    reply,
    refusal === null ? 200 : statusOf(refusal),
    'Open an account',
    `<h1>Open an account</h1>
<p>With an account you have a library of documents, and others can share theirs with you. You have one? <a href="${home}">Sign in</a>.</p>
${complaint}<form method="post" action="sign-up">
<label for="email">E-mail address</label>
<input id="email" name="email" type="email" autocomplete="email" required maxlength="320" value="${escapeHtml(typed.email)}"${mark('email')}>
<label for="name">Name <small>A name of one word is your login name too.</small></label>
<input id="name" name="name" autocomplete="name" required maxlength="200" value="${escapeHtml(typed.name)}">
<label for="password">Password <small>At least 8 characters.</small></label>
<input id="password" name="password" type="password" autocomplete="new-password" required minlength="8" maxlength="1000"${mark('password')}>
<button>Open the account</button>
</form>`,
  );
}

function sendWelcome(reply: FastifyReply, home: string, email: string): FastifyReply {
  return send(
    reply,
    200,
    'Your account is open',
    `<h1>Your account is open</h1>
<p>You have a library of your own now. What others share with ${escapeHtml(email)} comes to it once the operator of this server has confirmed that the address is yours.</p>
<p><a href="${home}">Sign in to the library</a></p>`,
  );
}

function send(reply: FastifyReply, status: number, title: string, content: string): FastifyReply {
  const nonce = makeNonce();
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Officina</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${BASE_STYLE}${STYLE}</style>
</head>
<body>
<main>
${content}
</main>
</body>
</html>
`;
  return sendPage(reply, { status, html, nonce, frameAncestors: "'none'" });
}

function statusOf({ code }: AppError): number {
  if (code === 'conflict') return 409;
  if (code === 'busy') return 429;
  return code === 'permission_denied' ? 403 : 400;
}
