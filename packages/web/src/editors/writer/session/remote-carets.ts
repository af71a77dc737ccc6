import type { CollaborationRemoteSelection } from '@docx-editor.dev/core/collaboration';
import type { AnchoredSelection } from '@officina/engine/writer/replica';
import type { Participant, PresenceSelection } from '@officina/protocol';
import type { ReplicaClient } from './replica-client.js';

/** Where the others' carets are: anchors as they came, resolved only when the editor paints them. */
export class RemoteCarets {
  readonly #ownClient: string;
  readonly #anchored = new Map<string, AnchoredSelection>();
  #resolved: readonly CollaborationRemoteSelection[] | null = null;

  constructor(ownClient: string) {
    this.#ownClient = ownClient;
  }

  receive(selections: readonly { client: string; selection: PresenceSelection }[]): void {
    for (const { client, selection } of selections) {
      if (client === this.#ownClient) continue;
      // Opaque to the room; the engine on the other side made it as this one reads it.
      if (isAnchored(selection)) this.#anchored.set(client, selection);
      else this.#anchored.delete(client);
    }
    this.stale();
  }

  forget(client: string): void {
    this.#anchored.delete(client);
    this.stale();
  }

  /** The document has changed: anchors may stand elsewhere now. */
  stale(): void {
    this.#resolved = null;
  }

  resolve(
    replica: ReplicaClient,
    participants: readonly Participant[],
  ): readonly CollaborationRemoteSelection[] {
    this.#resolved ??= participants.flatMap((participant) => {
      const anchored = this.#anchored.get(participant.client);
      const selection = anchored === undefined ? null : replica.selectionOf(anchored);
      if (selection === null) return [];
      const { anchor, head } = selection;
      return [
        {
          actorId: participant.client,
          name: participant.displayName,
          color: participant.color,
          // Only the node id is used to paint; it names the paragraph in this editor as well as any identity would.
          anchor: { paragraphId: anchor.nodeId, ...anchor },
          head: { paragraphId: head.nodeId, ...head },
        },
      ];
    });
    return this.#resolved;
  }
}

function isAnchored(selection: PresenceSelection): selection is AnchoredSelection {
  if (typeof selection !== 'object' || selection === null) return false;
  const { anchor, head } = selection as Partial<AnchoredSelection>;
  return isAnchor(anchor) && isAnchor(head);
}

function isAnchor(value: unknown): boolean {
  return Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'number';
}
