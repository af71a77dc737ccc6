import type { OoxmlPackage } from '@docx-editor.dev/core/store';
import { CoeditingClient, type Message } from '@officina/engine/writer/replica';
import type { SessionPerson } from '@officina/protocol';
import type { ReplicaClient } from './replica-client.js';
import { roomyDocx } from './roomy-docx.js';

/** What the room handed out for opening: the document's first bytes, or a snapshot that holds them. */
export interface OpenedBytes {
  readonly bytes: Uint8Array;
  /** What this client had kept when its window was last closed. */
  readonly leftOver: readonly Message[];
  /** Highest of this client's own numbers that the room has. */
  readonly acknowledged: number;
}

export interface OpenReplicaOptions extends OpenedBytes {
  /** What the editor has read from the docx: the replica shares its trees. */
  readonly read: OoxmlPackage;
  readonly clientId: string;
  readonly person: SessionPerson;
}

/** Opens what the room handed out: the document's first bytes, or a snapshot that holds them and what changed since. */
export function openReplica(options: OpenReplicaOptions): ReplicaClient {
  const { bytes, leftOver, acknowledged, read, clientId, person } = options;
  const isTakenUp = acknowledged > 0 || leftOver.length > 0;
  return new CoeditingClient(isDocx(bytes) ? { base: bytes, read } : { snapshot: bytes }, {
    client: clientId,
    author: { id: person.userId, name: person.displayName },
    now: () => new Date().toISOString(),
    pending: leftOver,
    ...(isTakenUp ? { takenUpAt: acknowledged } : {}),
  });
}

/** The docx in what the room handed out, for the editor. */
export function docxOf(bytes: Uint8Array): Uint8Array {
  return roomyDocx(isDocx(bytes) ? bytes : docxInSnapshot(bytes));
}

/** It stands right behind the snapshot's first line, which ends with two lengths: the docx's is the first. */
function docxInSnapshot(bytes: Uint8Array): Uint8Array {
  const lineEnd = bytes.indexOf(10);
  const [, length] = new TextDecoder().decode(bytes.subarray(0, lineEnd)).split(' ');
  return bytes.slice(lineEnd + 1, lineEnd + 1 + Number(length));
}

/** A docx is a zip file: it starts with `PK`. */
function isDocx(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b;
}
