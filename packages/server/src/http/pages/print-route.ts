import { AppError } from '@officina/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendProblem } from './error-page.js';
import { findLiving, orProblem, type WriterPagesDeps } from './writer-pages.js';

export interface PrintRouteDeps extends WriterPagesDeps {
  /** What a printer gets of a docx. Refuses by AppError: engine_missing, busy, format_unsupported, upload_too_large. */
  toPdf(docx: Uint8Array): Promise<Uint8Array>;
}

type SessionRequest = FastifyRequest<{ Params: { sessionId: string } }>;

/** Beside the content of a session lies what is printed of it: the same document as a pdf. Rule FO41. */
export function addPrintRoute(app: FastifyInstance, address: string, deps: PrintRouteDeps): void {
  app.get(address, async (request: SessionRequest, reply) => {
    const { sessionId } = request.params;
    const found = await orProblem(deps, sessionId, findLiving(deps, sessionId), 'download_denied');
    if ('problem' in found) return sendProblem(reply, found.problem);
    const { session, document } = found.value;
    if (!session.permissions['document.print']) return sendProblem(reply, 'download_denied');
    const { bytes } = await deps.content.build(document.key);
    return sendPdf(reply, () => deps.toPdf(bytes));
  });
}

async function sendPdf(reply: FastifyReply, make: () => Promise<Uint8Array>): Promise<FastifyReply> {
  reply.headers({
    'cache-control': 'private, no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
  try {
    const pdf = await make();
    return reply.type('application/pdf').send(Buffer.from(pdf.buffer, pdf.byteOffset, pdf.length));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    // Read by our own page only, which shows it as it is.
    return reply.code(503).type('text/plain; charset=utf-8').send(error.message);
  }
}
