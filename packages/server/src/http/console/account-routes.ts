import { AppError, type ConsoleAccountPage } from '@officina/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { makePassword } from './make-password.js';
import type { ConsoleDeps } from './ports.js';
import { presentAccount } from './present.js';
import { refuse } from './sign-in-routes.js';

const PAGE_SIZE = 50;
const LONGEST_WORDS = 200;
const NO_SUCH_ACCOUNT = 'There is no such account.';

type IdRequest = FastifyRequest<{ Params: { id: string } }>;

/** The people of the library. A password that is made here is told once, in the answer. */
export function addAccountRoutes(app: FastifyInstance, { accounts }: Pick<ConsoleDeps, 'accounts'>): void {
  app.get('/console/api/accounts', async (request): Promise<ConsoleAccountPage> => {
    const { words, skip } = readSearch(request.query);
    const found = await accounts.search({ words, skip, limit: PAGE_SIZE + 1 });
    return {
      accounts: found.slice(0, PAGE_SIZE).map(presentAccount),
      nextSkip: found.length > PAGE_SIZE ? skip + PAGE_SIZE : null,
    };
  });

  app.post('/console/api/accounts', async (request, reply) => {
    const { email, displayName, loginName, password } = (request.body ?? {}) as Record<string, unknown>;
    if (typeof email !== 'string' || typeof displayName !== 'string') {
      return refuse(reply, 400, 'Send email and displayName as texts.');
    }
    const secret = typeof password === 'string' && password !== '' ? password : makePassword();
    const login = typeof loginName === 'string' && loginName.trim() !== '' ? loginName.trim() : undefined;
    return await explain(reply, async () => {
      const added = await accounts.add({
        email,
        displayName,
        password: secret,
        ...(login === undefined ? {} : { loginName: login }),
      });
      return {
        account: presentAccount({ ...added, disabledAt: null, confirmedAt: added.createdAt, documents: 0 }),
        password: secret,
      };
    });
  });

  app.post('/console/api/accounts/:id/password', async (request: IdRequest, reply) => {
    const account = await accounts.find(request.params.id);
    if (!account) return refuse(reply, 404, NO_SUCH_ACCOUNT);
    const password = makePassword();
    await accounts.setPassword(account.id, password);
    return { email: account.email, password };
  });

  app.post('/console/api/accounts/:id/confirm', async (request: IdRequest, reply) => {
    if (!(await accounts.confirm(request.params.id))) return refuse(reply, 404, NO_SUCH_ACCOUNT);
    return { confirmed: true };
  });

  for (const [word, isDisabled] of [
    ['disable', true],
    ['enable', false],
  ] as const) {
    app.post(`/console/api/accounts/:id/${word}`, async (request: IdRequest, reply) => {
      if (!(await accounts.setDisabled(request.params.id, isDisabled))) {
        return refuse(reply, 404, NO_SUCH_ACCOUNT);
      }
      return { disabled: isDisabled };
    });
  }
}

/** What the operator has to put right is said; everything else rises. */
async function explain<Value>(
  reply: FastifyReply,
  task: () => Promise<Value>,
): Promise<Value | FastifyReply> {
  try {
    return await task();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === 'conflict') return refuse(reply, 409, error.message);
    if (error.code === 'parameter_value_invalid') return refuse(reply, 400, error.message);
    throw error;
  }
}

function readSearch(query: unknown): { words: string; skip: number } {
  const { words, skip } = (query ?? {}) as Record<string, unknown>;
  const from = Number(skip ?? 0);
  return {
    words: String(words ?? '')
      .trim()
      .slice(0, LONGEST_WORDS),
    skip: Number.isSafeInteger(from) && from > 0 ? from : 0,
  };
}
