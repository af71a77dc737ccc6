import { createHash } from 'node:crypto';
import type { Deliverer, DeliveryCredentials } from '../domain/saving/deliverer.js';
import type { DeliveryAttempt, Save } from '../domain/saving/save.js';
import type { Clock, Scheduler } from '../domain/time.js';
import { messageIn, readAnswer, redactAnswer, retryAfterOf } from './answer.js';
import type { EgressGuard } from './egress-policy.js';
import { EgressRefusal, type InboundAnswer, NameUnresolved, sendGuarded } from './guarded-request.js';
import { KeptConnections } from './kept-connections.js';
import { composeSaveBody } from './multipart-body.js';
import { signDelivery } from './signature.js';

type Answer = Awaited<ReturnType<Deliverer['deliver']>>;
type Seen = Pick<DeliveryAttempt, 'status' | 'answer' | 'outcome'> &
  Pick<Answer, 'message' | 'retryAfterSeconds' | 'canHeal'>;

/** No caller may hold a connection open for longer, whatever its `timeout` says. */
const LONGEST_ATTEMPT_MS = 10 * 60_000;
/** After a status that means yes, the words of the answer are not waited for longer than this. */
const WORDS_LIMIT_MS = 5_000;

/** Statuses that say "not now"; every other 4xx says that the same request will fail again. */
const PASSING: ReadonlySet<number> = new Set([408, 409, 421, 423, 425, 429]);

/** Headers that belong to the connection, the body or the signature; a caller's own of that name are left out. */
const RESERVED_HEADER =
  /^(host|connection|keep-alive|proxy-connection|transfer-encoding|te|trailer|upgrade|expect|content-length|content-type|accept-encoding|webhook-.*|x-officina-.*)$/i;
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

export interface DelivererDeps {
  guard: EgressGuard;
  clock: Clock;
  scheduler: Scheduler;
}

/** Posts saves to callbacks, as the Integrator API describes the request, with a signature for those who verify it. */
export function createDeliverer({ guard, clock, scheduler }: DelivererDeps): Deliverer {
  const connections = new KeptConnections(clock);

  return {
    async deliver(save, bytes, credentials) {
      const startedAt = clock();
      const timeoutMs = Math.max(1, Math.min(save.target.timeoutMs, LONGEST_ATTEMPT_MS));
      const timeout = new AbortController();
      const cancel = scheduler.schedule(startedAt + timeoutMs, () => timeout.abort());
      let seen: Seen;
      try {
        seen = await attempt(save, bytes, credentials, timeout.signal);
      } catch (error) {
        seen = describeFailure(error, timeout.signal.aborted ? timeoutMs : null);
      } finally {
        cancel();
      }
      const secrets = secretsOf(save, credentials.signingSecrets);
      return {
        saveId: save.id,
        number: save.attempts + 1,
        startedAt,
        durationMs: Math.max(0, clock() - startedAt),
        ...seen,
        answer: redactAnswer(seen.answer, secrets),
        message: seen.message === null ? null : redactAnswer(seen.message, secrets),
      };
    },
  };

  function attempt(
    save: Save,
    bytes: Uint8Array,
    credentials: DeliveryCredentials,
    signal: AbortSignal,
  ): Promise<Seen> {
    const body = composeSaveBody(save, bytes);
    const request = {
      url: save.target.saveUrl,
      method: save.target.method === 'put' ? ('PUT' as const) : ('POST' as const),
      callerHeaders: sendableHeaders(save.target.headers),
      ownHeaders: {
        'content-type': body.contentType,
        'content-length': String(body.contentLength),
        'accept-encoding': 'identity',
        'user-agent': 'Officina',
        ...signatureHeaders(save, credentials.signingSecrets, clock()),
      },
      body: body.content,
      egressAllow: credentials.egressAllow,
      signal,
      reuse: { connections, caller: save.apiKeyId },
    };
    return sendGuarded(guard, request, readOutcome);
  }

  async function readOutcome(answer: InboundAnswer): Promise<Seen> {
    const { status, headers } = answer;
    const isDelivered = status >= 200 && status < 300;
    const text = await readWords(answer);
    return {
      status,
      answer: text,
      outcome: isDelivered ? 'delivered' : 'refused',
      message: messageIn(text),
      retryAfterSeconds: isDelivered ? null : retryAfterOf(headers['retry-after'], clock()),
      canHeal: isDelivered || status >= 500 || PASSING.has(status),
    };
  }

  /** Compressed answers are not opened: nobody asked for them, and they may be bombs. */
  async function readWords({ headers, body }: InboundAnswer): Promise<string> {
    const encoding = headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity') return '(a compressed answer, which is not read)';
    let cancel = () => {};
    const tooLong = new Promise<string>((resolve) => {
      cancel = scheduler.schedule(clock() + WORDS_LIMIT_MS, () => resolve(''));
    });
    try {
      return await Promise.race([readAnswer(body), tooLong]);
    } finally {
      cancel();
    }
  }
}

function signatureHeaders(save: Save, secrets: readonly string[], now: number): Record<string, string> {
  const timestamp = Math.floor(now / 1000);
  const sha256 = save.sha256 ?? '';
  return {
    'webhook-id': save.id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': secrets.map((secret) => signDelivery(secret, save.id, timestamp, sha256)).join(' '),
    'x-officina-version': String(save.version),
    'x-officina-sha256': sha256,
    'x-officina-reason': save.reason,
    'x-officina-attempt': String(save.attempts + 1),
    // Ids may hold any character, headers may not.
    'x-officina-document': encodeURIComponent(save.documentId),
    // Versions can be compared within one life; its internal name stays inside.
    'x-officina-life': createHash('sha256').update(save.documentKey).digest('hex').slice(0, 16),
  };
}

/** A header that cannot be sent as HTTP is left out rather than failing the delivery for ever. */
function sendableHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name, value]) => HEADER_NAME.test(name) && !RESERVED_HEADER.test(name) && isLatin(value))
      .map(([name, value]) => [name, value.trim()]),
  );
}

function isLatin(value: string): boolean {
  return [...value].every((character) => {
    const code = character.charCodeAt(0);
    return code === 9 || (code >= 32 && code <= 255 && code !== 127);
  });
}

function describeFailure(error: unknown, timedOutAfterMs: number | null): Seen {
  const nothing = { status: null, message: null, retryAfterSeconds: null };
  if (error instanceof EgressRefusal) {
    return { ...nothing, answer: error.message, outcome: 'egress_refused', canHeal: false };
  }
  if (timedOutAfterMs !== null) {
    const answer = `No answer came within ${timedOutAfterMs} ms.`;
    return { ...nothing, answer, outcome: 'timed_out', canHeal: true };
  }
  const answer = error instanceof NameUnresolved ? error.message : networkWords(error);
  return { ...nothing, answer, outcome: 'unreachable', canHeal: true };
}

function networkWords(error: unknown): string {
  const causes = error instanceof AggregateError ? error.errors : [error];
  const words = causes.map((cause) => {
    if (!(cause instanceof Error)) return String(cause);
    const code = 'code' in cause && !cause.message.includes(String(cause.code)) ? ` (${cause.code})` : '';
    return `${cause.message}${code}`;
  });
  return `The connection failed: ${[...new Set(words)].join('; ')}`;
}

/** What must not stand in the ledger, should the application repeat it. */
function secretsOf(save: Save, signingSecrets: readonly string[]): string[] {
  const inUrl = URL.canParse(save.target.saveUrl) ? new URL(save.target.saveUrl) : null;
  return [
    ...signingSecrets,
    ...Object.values(save.target.headers),
    ...(inUrl ? [inUrl.password, ...inUrl.searchParams.values()] : []),
  ];
}
