import {
  applyDocumentSettings,
  createBlankDocx,
  findPaperSize,
  importDocx,
  writeDocx,
} from '@officina/engine/writer';
import { type Operation, openReplica, type Replica } from '@officina/engine/writer/replica';
import { type SequencedOperation, toReplicaEntry } from '@officina/protocol';
import type { BlankDefaults, OperationRefusal, SnapshotPlace } from '../domain/content/document-engine.js';
import type { Job, JobAnswer } from './jobs.js';

type Performed = { answer: JobAnswer; blobs: readonly Uint8Array[] };

/** Replays a log and gives back the document, or a snapshot of the replica. */
export function performReplay(
  job: Extract<Job, { kind: 'build' | 'snapshot' }>,
  blobs: readonly Uint8Array[],
): Performed {
  const [original, base, snapshot] = blobs;
  if (!original || !base || (job.hasSnapshot && !snapshot)) throw new Error('A replay lacks its bytes.');
  const firstAttachment = job.hasSnapshot ? 3 : 2;
  const attachments = new Map(
    job.attachments.map((name, index) => [name, blobs[firstAttachment + index]] as const),
  );
  let sequence: number | null = null;
  try {
    const replica = openReplica(job.hasSnapshot && snapshot ? { snapshot } : { base });
    const refusals: OperationRefusal[] = [];
    for (const operation of job.operations) {
      sequence = operation.sequence;
      refusals.push(...execute(replica, operation, attachments));
    }
    return job.kind === 'build'
      ? buildFrom(replica, { original, base }, refusals)
      : snapshotOf(replica, refusals, job.as);
  } catch (error) {
    const fault = error instanceof Error ? error : new Error(String(error));
    return {
      answer: { kind: 'fault', message: fault.message, stack: fault.stack ?? '', sequence },
      blobs: [],
    };
  }
}

/** An empty document with these defaults. */
export function performBlank(defaults: BlankDefaults): Performed {
  const { top, right, bottom, left } = defaults.marginsMm;
  try {
    const plain = createBlankDocx({
      orientation: defaults.orientation,
      paperSize: findPaperSize(defaults.paperSize) ?? 'Letter',
      fontName: defaults.fontName,
      fontSize: defaults.fontSizePt,
      margin: { top: `${top}mm`, right: `${right}mm`, bottom: `${bottom}mm`, left: `${left}mm` },
      trackChanges: defaults.trackChanges,
      ...(defaults.language !== null && { language: defaults.language }),
    });
    const original = withDateFormat(plain, defaults.dateFormat);
    const imported = openOwn(original);
    return {
      answer: { kind: 'imported', warnings: imported.warnings },
      blobs: [imported.value.base, original],
    };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return {
      answer: { kind: 'refused', code: 'parameter_value_invalid', message: `${error.message}.` },
      blobs: [],
    };
  }
}

function withDateFormat(docx: Uint8Array, dateFormat: string | null): Uint8Array {
  return dateFormat === null ? docx : applyDocumentSettings(docx, openOwn(docx).value.base, { dateFormat });
}

function openOwn(docx: Uint8Array) {
  const imported = importDocx(docx);
  if (!imported.ok) throw new Error(`The engine refuses its own blank document: ${imported.detail}`);
  return imported;
}

function execute(
  replica: Replica,
  operation: SequencedOperation,
  attachments: ReadonlyMap<string, Uint8Array | undefined>,
): OperationRefusal[] {
  const outcome = replica.execute(toReplicaEntry<Operation>(operation, (name) => attachments.get(name)));
  return outcome.refused.map(({ reason, detail }) => ({
    sequence: operation.sequence,
    reason: `${reason}: ${detail}`,
  }));
}

function buildFrom(
  replica: Replica,
  files: { original: Uint8Array; base: Uint8Array },
  refusals: readonly OperationRefusal[],
): Performed {
  const bytes = writeDocx({ ...files, current: replica.package });
  return { answer: { kind: 'built', sequence: replica.sequence, refusals }, blobs: [bytes] };
}

function snapshotOf(
  replica: Replica,
  refusals: readonly OperationRefusal[],
  as: SnapshotPlace | undefined,
): Performed {
  const sequence = as?.sequence ?? replica.sequence;
  return {
    answer: { kind: 'snapshot', sequence, digest: replica.digest(), refusals },
    blobs: [as ? replica.snapshot(as) : replica.snapshot()],
  };
}
