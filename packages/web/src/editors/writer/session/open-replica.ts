import { CoeditingClient, type Message } from '@officina/engine/writer/replica';
import type { SessionPerson } from '@officina/protocol';
import type { OpenedReplica } from './writer-session.js';

export interface OpenReplicaOptions {
  readonly leftOver: readonly Message[];
  readonly clientId: string;
  readonly person: SessionPerson;
}

/** Opens what the room handed out: the document's first bytes, or a snapshot that holds them and what changed since. */
export function openReplica(bytes: Uint8Array, options: OpenReplicaOptions): OpenedReplica {
  const isDocx = bytes[0] === 0x50 && bytes[1] === 0x4b;
  const client = new CoeditingClient(isDocx ? { base: bytes } : { snapshot: bytes }, {
    client: options.clientId,
    author: { id: options.person.userId, name: options.person.displayName },
    now: () => new Date().toISOString(),
    pending: options.leftOver,
  });
  return { client, document: isDocx ? bytes : baseOf(bytes) };
}

/** The docx inside a snapshot stands right behind its first line, which ends with two lengths: the docx's is the first. */
function baseOf(snapshot: Uint8Array): Uint8Array {
  const lineEnd = snapshot.indexOf(10);
  const [, length] = new TextDecoder().decode(snapshot.subarray(0, lineEnd)).split(' ');
  return snapshot.slice(lineEnd + 1, lineEnd + 1 + Number(length));
}
