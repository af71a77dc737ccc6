/** A save as an application gets it, verified. */
export interface ReceivedSave {
  /** The same in every repetition of one delivery. */
  deliveryId: string;
  /** Name with extension, as the part carries it. */
  fileName: string;
  mediaType: string;
  bytes: Uint8Array<ArrayBuffer>;
  /** Lower-case hex, verified. */
  sha256: string;
  /** The text fields: `filename`, `format` and those of `save_url_params`. */
  fields: Readonly<Record<string, string>>;
  /** The application's id of the document; null from a server that does not tell it. */
  documentId: string | null;
  /** Counts the saves of one life of the document, from 1. */
  version: number;
  /** Names that life: opening the id afresh begins another, with version 1. Null from a server that does not tell it. */
  life: string | null;
  reason: string;
  /** From 1; more than 1 means that an earlier attempt failed or its answer was lost. */
  attempt: number;
}

/** Remembers what was received, so that a repetition or a latecomer does no harm. */
export interface SaveMemory {
  /** The answer that a delivery got when it was stored. */
  findAnswer(deliveryId: string): Promise<{ sha256: string; message: string } | undefined>;
  /** The highest version stored under a line of versions (one life of a document in one place); 0 when none is. */
  findVersion(line: string): Promise<number>;
  /** Called once the application has stored the save. */
  remember(stored: {
    deliveryId: string;
    sha256: string;
    message: string;
    line: string;
    version: number;
  }): Promise<void>;
}

/** A memory for one process. It forgets the oldest deliveries beyond `limit`, and everything when the process ends. */
export function createSaveMemory(limit = 10_000): SaveMemory {
  const answers = new Map<string, { sha256: string; message: string }>();
  const versions = new Map<string, number>();
  return {
    findAnswer: async (deliveryId) => answers.get(deliveryId),
    findVersion: async (line) => versions.get(line) ?? 0,
    async remember({ deliveryId, sha256, message, line, version }) {
      answers.set(deliveryId, { sha256, message });
      versions.delete(line);
      versions.set(line, version);
      trim(answers, limit);
      trim(versions, limit);
    },
  };
}

function trim(map: Map<string, unknown>, limit: number): void {
  for (const name of map.keys()) {
    if (map.size <= limit) return;
    map.delete(name);
  }
}
