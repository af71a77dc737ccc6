import {
  ATTACHMENT_LIMITS,
  ATTACHMENT_NAME,
  type ClientMessage,
  hasRight,
  type Permissions,
  type RejectCode,
  ROOM_LIMITS,
  rightOf,
} from '@officina/protocol';

/** What is left of an operation after the check: the canonical text of all that the engine needs. */
export interface CheckedPayload {
  o: { ops: readonly unknown[]; touch?: readonly unknown[]; blobs?: readonly string[] };
  json: string;
}

export interface PayloadRefusal {
  code: RejectCode;
  reason: string;
}

const CLIENT_ID = /^[A-Za-z0-9_-]{8,64}$/;
const COUNTER_MOST = 2 ** 31;

/** The messages of a frame; undefined when the frame is broken in any way. Fields nobody knows are ignored. */
export function readFrame(text: string): readonly ClientMessage[] | undefined {
  if (text.length > ROOM_LIMITS.frameChars) return undefined;
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(frame) || frame.length === 0) return undefined;
  return frame.every(isClientMessage) ? frame : undefined;
}

/**
 * Checks all that can be known of an operation without the document: form, size, kinds and rights. What it returns is
 * made afresh from the fields that count, so nothing else of the sender's text reaches the log.
 */
export function checkPayload(
  o: unknown,
  id: { client: string; n: number; base: number },
  permissions: Permissions,
): CheckedPayload | PayloadRefusal {
  if (!isRecord(o) || !Array.isArray(o.ops) || o.ops.length === 0) {
    return { code: 'malformed', reason: 'The operation has no list of steps.' };
  }
  const ops: readonly unknown[] = o.ops;
  if (ops.length > ROOM_LIMITS.stepsPerOperation) {
    return { code: 'too_large', reason: `An operation has at most ${ROOM_LIMITS.stepsPerOperation} steps.` };
  }
  if (!namesItself(o, id))
    return { code: 'malformed', reason: 'The operation carries the id of another one.' };
  for (const step of ops) {
    const refusal = refusalOfStep(step, permissions);
    if (refusal) return refusal;
  }
  const touch = o.touch;
  if (touch !== undefined && !(Array.isArray(touch) && touch.every((block) => typeof block === 'string'))) {
    return { code: 'malformed', reason: 'The blocks that an operation touches are a list of ids.' };
  }
  const { blobs } = o;
  if (blobs !== undefined && !isListOfNames(blobs))
    return { code: 'malformed', reason: 'The attachments of an operation are a list of hashes.' };
  const payload = { ops, ...(touch !== undefined && { touch }), ...(blobs !== undefined && { blobs }) };
  const json = stringify(payload);
  if (json === undefined) return { code: 'malformed', reason: 'The operation is nested too deeply.' };
  if (json.length > ROOM_LIMITS.operationChars) {
    return {
      code: 'too_large',
      reason: `An operation has at most ${ROOM_LIMITS.operationChars} characters.`,
    };
  }
  return { o: payload, json };
}

/** A selection as JSON; undefined when it is too large to be one. */
export function selectionJson(selection: unknown): string | undefined {
  const json = stringify(selection ?? null);
  return json !== undefined && json.length <= ROOM_LIMITS.selectionChars ? json : undefined;
}

function refusalOfStep(step: unknown, permissions: Permissions): PayloadRefusal | undefined {
  const kind = isRecord(step) ? step.kind : undefined;
  if (typeof kind !== 'string') return { code: 'malformed', reason: 'A step has no kind.' };
  const right = rightOf(kind);
  if (right === undefined)
    return { code: 'kind_unknown', reason: `This server knows no “${kind.slice(0, 60)}”.` };
  if (hasRight(permissions, right)) return undefined;
  return { code: 'permission_denied', reason: `This session may not do “${kind}”.` };
}

function isListOfNames(blobs: unknown): blobs is readonly string[] {
  return (
    Array.isArray(blobs) &&
    blobs.length <= ATTACHMENT_LIMITS.perOperation &&
    blobs.every((name) => typeof name === 'string' && ATTACHMENT_NAME.test(name))
  );
}

/** The engine's own id and base may be there, but then they must be those of the message. */
function namesItself(
  o: Record<string, unknown>,
  message: { client: string; n: number; base: number },
): boolean {
  const { id, base } = o;
  if (base !== undefined && base !== message.base) return false;
  if (id === undefined) return true;
  return isRecord(id) && id.client === message.client && id.n === message.n;
}

function isClientMessage(value: unknown): value is ClientMessage {
  if (!isRecord(value)) return false;
  switch (value.t) {
    case 'hello':
      return (
        typeof value.client === 'string' &&
        CLIENT_ID.test(value.client) &&
        Number.isInteger(value.protocol) &&
        isCounter(value.lastSequence) &&
        isCounter(value.epoch) &&
        typeof value.engine === 'string' &&
        value.engine.length <= 64 &&
        (value.packed === undefined || isCounter(value.packed))
      );
    case 'op':
      return isCounter(value.n) && value.n > 0 && isCounter(value.base);
    case 'save':
      return value.force === undefined || typeof value.force === 'boolean';
    case 'restore':
      return isCounter(value.version) !== isCounter(value.sequence);
    case 'digest':
      return isCounter(value.sequence) && typeof value.digest === 'string' && value.digest.length <= 128;
    case 'presence':
    case 'extend':
    case 'bye':
    case 'ping':
      return true;
    default:
      return false;
  }
}

function isCounter(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < COUNTER_MOST;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Undefined for what is nested so deeply that the stack would not hold it. */
function stringify(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
