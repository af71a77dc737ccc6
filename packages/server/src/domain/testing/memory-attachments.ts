import type { Attachment, AttachmentStore } from '../content/attachments.js';

export class MemoryAttachmentStore implements AttachmentStore {
  readonly #held = new Map<string, Map<string, Attachment>>();

  async add(documentKey: string, attachment: Attachment): Promise<void> {
    const held = this.#held.get(documentKey) ?? new Map<string, Attachment>();
    this.#held.set(documentKey, held.set(attachment.sha256, attachment));
  }

  async list(documentKey: string): Promise<readonly Attachment[]> {
    return [...(this.#held.get(documentKey)?.values() ?? [])];
  }

  async removeAll(documentKey: string): Promise<readonly string[]> {
    const names = [...(this.#held.get(documentKey)?.keys() ?? [])];
    this.#held.delete(documentKey);
    return names;
  }
}
