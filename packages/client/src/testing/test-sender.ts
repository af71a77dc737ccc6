import { SAVE_HEADERS, sha256Hex, signDelivery } from '../saving/signature.js';

export interface TestSave {
  bytes: Uint8Array<ArrayBuffer>;
  fileName?: string;
  format?: string;
  documentId?: string;
  version?: number;
  deliveryId?: string;
  /** More form fields, as `save_url_params` would make them. */
  fields?: Readonly<Record<string, string>>;
}

export interface SendOptions {
  /** Sends the very same delivery so many times. */
  times?: number;
  /** Changes the bytes after signing. */
  tampered?: boolean;
  /** Signs with another secret. */
  forged?: boolean;
  /** Milliseconds by which the signature is older than now. */
  ageMs?: number;
}

export interface TestSender {
  /** Sends a save to a callback, a URL or the handler itself, and gives its answers. */
  send(
    to: string | ((request: Request) => Promise<Response>),
    save: TestSave,
    options?: SendOptions,
  ): Promise<Response[]>;
}

/** Sends saves as the server would, so that a callback can be tested without one. */
export function createTestSender({
  secret,
  now = Date.now,
}: {
  secret: string;
  now?: () => number;
}): TestSender {
  let count = 0;
  return {
    async send(to, save, options = {}) {
      count += 1;
      const deliveryId = save.deliveryId ?? `test-delivery-${count}`;
      const answers: Response[] = [];
      for (let attempt = 1; attempt <= (options.times ?? 1); attempt += 1) {
        const request = await compose(typeof to === 'string' ? to : 'http://callback.test/save', {
          save: { ...save, deliveryId },
          options,
          attempt,
        });
        answers.push(await (typeof to === 'string' ? fetch(request) : to(request)));
      }
      return answers;
    },
  };

  async function compose(
    url: string,
    {
      save,
      options,
      attempt,
    }: { save: TestSave & { deliveryId: string }; options: SendOptions; attempt: number },
  ): Promise<Request> {
    const { format = 'docx', documentId = 'test-document', version = count } = save;
    const fileName = save.fileName ?? `Test.${format}`;
    const sha256 = await sha256Hex(save.bytes);
    const timestampSeconds = Math.floor((now() - (options.ageMs ?? 0)) / 1000);
    const form = new FormData();
    form.set('filename', fileName);
    form.set('format', format);
    for (const [name, value] of Object.entries(save.fields ?? {})) form.set(name, value);
    const sent = options.tampered ? save.bytes.map((byte) => byte ^ 1) : save.bytes;
    form.set('content', new Blob([sent]), fileName);
    const signature = await signDelivery(options.forged ? 'another secret' : secret, {
      deliveryId: save.deliveryId,
      timestampSeconds,
      sha256,
    });
    return new Request(url, {
      method: 'POST',
      body: form,
      headers: {
        [SAVE_HEADERS.id]: save.deliveryId,
        [SAVE_HEADERS.timestamp]: String(timestampSeconds),
        [SAVE_HEADERS.signature]: signature,
        [SAVE_HEADERS.sha256]: sha256,
        [SAVE_HEADERS.version]: String(version),
        [SAVE_HEADERS.reason]: 'user',
        [SAVE_HEADERS.attempt]: String(attempt),
        [SAVE_HEADERS.document]: encodeURIComponent(documentId),
        [SAVE_HEADERS.life]: `life of ${documentId}`,
      },
    });
  }
}
