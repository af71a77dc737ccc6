import { AppError } from '@officina/protocol';
import type { Save } from './save.js';
import type { SavesDeps } from './save-deps.js';
import { isDocxFormat } from './target.js';

export type BuildOutcome =
  | { state: 'built'; blob: string; sha256: string }
  /** The docx is there, its conversion is not possible. */
  | { state: 'unconvertible'; blob: string; reason: string }
  /** May work later. */
  | { state: 'failed'; reason: string; error: unknown };

/** Makes the bytes of a save once, and keeps them as a blob. */
export interface SaveBuilder {
  build(save: Save): Promise<BuildOutcome>;
}

export function createSaveBuilder(
  deps: Pick<SavesDeps, 'saves' | 'blobs' | 'content' | 'convert'>,
): SaveBuilder {
  /** Leave saves go to several targets at once: they share one build of the docx. */
  const underWay = new Map<string, Promise<string>>();

  return {
    async build(save) {
      try {
        const made = await findMade(save);
        if (made) return { state: 'built', blob: made, sha256: made };
        const docx = save.blob ?? (await buildDocx(save));
        if (isDocxFormat(save.target.format)) return { state: 'built', blob: docx, sha256: docx };
        return await convertDocx(save, docx);
      } catch (error) {
        return { state: 'failed', reason: `The file could not be built: ${messageOf(error)}`, error };
      }
    },
  };

  /** The same version of the document in the same format, made for another target. */
  async function findMade(save: Save): Promise<string | undefined> {
    const others = await deps.saves.listAround(save);
    const twin = others.find(
      (other) =>
        other.sequence === save.sequence &&
        other.target.format === save.target.format &&
        other.sha256 !== null &&
        other.blob === other.sha256,
    );
    return twin?.sha256 && (await deps.blobs.has(twin.sha256)) ? twin.sha256 : undefined;
  }

  function buildDocx(save: Save): Promise<string> {
    const name = `${save.documentKey} ${save.sequence}`;
    const shared = underWay.get(name);
    if (shared) return shared;
    const build = (async () => {
      const { bytes } = await deps.content.build(save.documentKey, save.sequence);
      return (await deps.blobs.put(bytes)).sha256;
    })().finally(() => underWay.delete(name));
    underWay.set(name, build);
    return build;
  }

  async function convertDocx(save: Save, docx: string): Promise<BuildOutcome> {
    const { format } = save.target;
    if (!deps.convert) {
      return {
        state: 'unconvertible',
        blob: docx,
        reason: unconvertible(format, 'no converter is installed'),
      };
    }
    const bytes = await deps.blobs.get(docx);
    if (!bytes) throw new Error(`The blob ${docx} of save ${save.id} is gone.`);
    try {
      const { sha256 } = await deps.blobs.put(await deps.convert(bytes, format, save.documentName));
      return { state: 'built', blob: sha256, sha256 };
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'busy') throw error;
      return { state: 'unconvertible', blob: docx, reason: unconvertible(format, error.message) };
    }
  }
}

function unconvertible(format: string, reason: string): string {
  const why = reason.replace(/\.$/, '');
  return `The file could not be made as ${format}: ${why}. The docx is kept and can be downloaded.`;
}

/** Only refusals are written for people; what else went wrong is in the log. */
function messageOf(error: unknown): string {
  return error instanceof AppError
    ? error.message
    : 'the server met an unexpected failure and will try again.';
}
