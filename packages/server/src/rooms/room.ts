import { Buffer } from 'node:buffer';
import {
  CLOSE_CODES,
  canWrite,
  type Permissions,
  ROOM_PROTOCOL_VERSION,
  type SaveProgress,
  type ServerMessage,
  type VersionName,
} from '@officina/protocol';
import type { OpeningSnapshot } from '../domain/content/document-snapshots.js';
import type { DocumentKey } from '../domain/documents/document.js';
import type { Session } from '../domain/sessions/session.js';
import { Attendance } from './attendance.js';
import { DigestWatch } from './digest-watch.js';
import { checkPayload } from './envelope.js';
import { FanOut } from './fan-out.js';
import { IntervalWatch } from './interval-watch.js';
import { collectLacking, newsOfRestore } from './lacking.js';
import { LeaveWatch } from './leave-watch.js';
import { ACTIVITY_EVERY_MS } from './limits.js';
import type { Departure, Hello, Member, RoomEvents, RoomStart } from './member.js';
import type { RoomMetrics } from './metrics.js';
import { OperationStream } from './operation-stream.js';
import { Pace } from './pace.js';
import { type RoomDeps, snapshotPath } from './ports.js';
import { RestoreDesk, type RestoreRefusal } from './restore-desk.js';
import { permissionsOf, readOnly } from './rights.js';
import { SaveDesk } from './save-desk.js';
import { SnapshotKeeper } from './snapshot-keeper.js';

/** Snapshots that newcomers may still be fetching when the next one is made. */
const KEPT_SNAPSHOTS = 4;

/** Everybody in one document: who is there, what they do, in which order, and what each of them hears. */
export class Room {
  readonly documentKey: DocumentKey;
  readonly #deps: RoomDeps;
  readonly #metrics: RoomMetrics;
  readonly #events: RoomEvents;
  readonly #members = new Map<string, Member>();
  readonly #owners: Map<string, string>;
  readonly #attendance = new Attendance();
  readonly #digests: DigestWatch;
  readonly #saveDesk: SaveDesk;
  readonly #stream: OperationStream;
  readonly #fanOut: FanOut;
  readonly #snapshots: SnapshotKeeper;
  readonly #leaveWatch: LeaveWatch;
  readonly #intervalWatch: IntervalWatch;
  readonly #restoreDesk: RestoreDesk;
  readonly #restored: RoomStart['restored'];
  readonly #activityAt = new Map<string, number>();
  readonly #attachments: Set<string>;
  #opening: OpeningSnapshot;
  #blobs: Map<number, string>;
  #isQuarantined = false;
  #isClosed = false;

  constructor(
    documentKey: DocumentKey,
    start: RoomStart,
    deps: RoomDeps,
    metrics: RoomMetrics,
    events: RoomEvents,
  ) {
    this.documentKey = documentKey;
    this.#deps = deps;
    this.#metrics = metrics;
    this.#events = events;
    this.#opening = start.opening;
    this.#restored = start.restored;
    this.#owners = new Map(start.authors);
    this.#attachments = new Set(start.attachments);
    this.#blobs = new Map([[start.opening.sequence, start.opening.blob]]);
    const { clock, scheduler, journal } = deps;
    this.#fanOut = new FanOut({ clock, scheduler, metrics });
    this.#stream = new OperationStream(documentKey, start.epoch, start, {
      ...{ clock, scheduler, log: deps.log, afterTurn: deps.afterTurn },
      ...(deps.meter && { meter: deps.meter }),
      pace: new Pace(clock, () => this.#members.size),
      onDurable: (operations) => this.#becomeDurable(operations),
      onFailure: (error) => this.#break(error),
    });
    this.#snapshots = new SnapshotKeeper(
      documentKey,
      { snapshotAt: start.opening.sequence, head: start.head },
      {
        clock,
        scheduler,
        journal,
        metrics,
        content: deps.content,
        onSnapshot: (snapshot) => this.#adoptSnapshot(snapshot),
        onFault: () => this.#quarantine(),
      },
    );
    this.#digests = new DigestWatch(documentKey, {
      content: deps.content,
      journal,
      metrics,
      onAstray: (client) => this.#reload(client),
    });
    this.#saveDesk = new SaveDesk(documentKey, {
      ...{ saves: deps.saves, leavePolicy: deps.leavePolicy, journal, metrics },
      durable: () => this.#stream.durable(),
      tell: (sessionId, message) => this.#tellSession(sessionId, message),
      tellAll: (message) => this.#fanOut.sendMessage(message),
    });
    this.#leaveWatch = new LeaveWatch({
      clock,
      scheduler,
      onLeft: (apiKeyId) => this.#saveDesk.saveOnLeave(apiKeyId),
    });
    this.#intervalWatch = new IntervalWatch({
      ...{ clock, scheduler },
      intervalMs: (apiKeyId) => deps.leavePolicy.saveIntervalMs(apiKeyId),
      onDue: () => this.#saveDesk.saveAtInterval(),
    });
    this.#restoreDesk = new RestoreDesk(documentKey, start.epoch, {
      ...{ clock, journal, log: deps.log, content: deps.content, versions: deps.versions },
      durable: () => this.#stream.durable(),
      onOver: events.onRestored,
    });
  }

  get size(): number {
    return this.#members.size;
  }

  /** Lets a client in: tells it everything it lacks, and from then on everything that happens. */
  async join(member: Member, hello: Hello): Promise<'joined' | 'foreign_client' | 'gone'> {
    const owner = this.#owners.get(member.client);
    if (owner !== undefined && owner !== member.session.user.userId) return 'foreign_client';
    this.#owners.set(member.client, member.session.user.userId);
    const [saved, ongoingNow] = await Promise.all([
      this.#deps.saves.status(this.documentKey),
      this.#saveDesk.lookAt(member.session),
    ]);
    const lacking = await collectLacking(hello, this.#opening, this.#restored, this.#stream);
    if (this.#isClosed || !member.socket.isOpen()) return 'gone';
    // Nothing from here on waits: between what the welcome holds and what follows it is neither gap nor repetition.
    const former = this.#members.get(member.client);
    if (former) this.#replace(former);
    const permissions = this.#permissionsOf(member.session);
    const ongoing = ongoingNow();
    this.#members.set(member.client, member);
    this.#attendance.arrive(member.session.id);
    this.#noteWriter(member);
    const { operations, ...rest } = {
      t: 'welcome',
      protocol: ROOM_PROTOCOL_VERSION,
      epoch: this.#opening.epoch,
      snapshot: lacking.snapshot && {
        url: snapshotPath(member.session.id, lacking.snapshot.sequence),
        sequence: lacking.snapshot.sequence,
      },
      operations: [],
      acknowledged: this.#stream.acknowledged(member.client),
      self: member.participant,
      participants: [...this.#members.values()].map(({ participant }) => participant),
      permissions,
      expiresAt: member.session.expiresAt,
      saved: {
        version: saved.version,
        unsaved: this.#stream.head > saved.deliveredSequence,
        ...(ongoing && { ongoing }),
      },
      ...newsOfRestore(hello, this.#restored),
    } satisfies ServerMessage;
    const missing = [...lacking.operations, ...this.#stream.tailAfter(lacking.upTo)].join(',');
    const head = JSON.stringify(rest).slice(0, -1);
    const messages = [`${head},"operations":[${missing}]}`, ...this.#fanOut.newestSelections()];
    this.#fanOut.send(member, Buffer.from(`[${messages.join(',')}]`));
    if (!former) this.#fanOut.sendMessage(toJson({ t: 'joined', participant: member.participant }));
    this.#fanOut.add(member);
    return 'joined';
  }

  leave(member: Member, how: Departure): void {
    if (this.#members.get(member.client) !== member) return;
    this.#letGo(member, how);
    this.#fanOut.forgetSelection(member.client);
    this.#digests.forget(member.client);
    this.#fanOut.sendMessage(toJson({ t: 'left', client: member.client }));
  }

  /** Numbers and keeps an operation; tells the author when it is refused. Returns false for a refusal. */
  operate(member: Member, message: { n: number; base: number; o: unknown }): boolean {
    const { n, base } = message;
    // Its author keeps it, and sends it again to the room that follows.
    if (this.#restoreDesk.isHolding) return true;
    if (!this.#stream.useNumber(member.client, n)) {
      this.#metrics.duplicates += 1;
      return true;
    }
    if (this.#isQuarantined) {
      return this.#reject(
        member,
        n,
        'document_quarantined',
        'This document can no longer be edited; what is saved stays.',
      );
    }
    if (base > this.#stream.head)
      return this.#reject(member, n, 'malformed', 'The operation is based on the future.');
    const checked = checkPayload(
      message.o,
      { client: member.client, n, base },
      permissionsOf(member.session),
    );
    if (!('json' in checked)) return this.#reject(member, n, checked.code, checked.reason);
    if (checked.o.blobs?.some((name) => !this.#attachments.has(name)))
      return this.#reject(member, n, 'attachment_missing', 'A picture of it has not come.');
    if (checked.o.touch && base < (this.#restored?.sequence ?? 0)) {
      const reason = 'the document was restored to an earlier version meanwhile.';
      return this.#reject(member, n, 'document_restored', reason);
    }
    this.#stream.submit(member.author, { n, base, at: this.#deps.clock(), o: checked.o }, checked.json);
    this.#intervalWatch.noteEdit(member.session.apiKeyId);
    this.#noteActivity(member.session);
    return true;
  }

  /** The document has an attachment from now on: operations may name it. */
  holdAttachment(sha256: string): void {
    this.#attachments.add(sha256);
  }

  select(member: Member, selection: string): void {
    this.#fanOut.sendSelection(member.client, selection);
    this.#noteActivity(member.session);
  }

  /** Saves everything that the client sent before it asked. */
  save(member: Member, force: boolean): Promise<void> {
    return this.#saveDesk.save(member.session, force);
  }

  /** Takes up an earlier state for everybody, or says why not. */
  restore(member: Member, name: VersionName, refuse: (refusal: RestoreRefusal) => void): Promise<void> {
    return this.#restoreDesk.restore(member.session, name, this.#isQuarantined, refuse);
  }

  tellProgress(sessionId: string, progress: SaveProgress): void {
    this.#saveDesk.tellProgress(sessionId, progress);
  }

  hearDigest(member: Member, sequence: number, digest: string): void {
    this.#digests.hear(member.client, sequence, digest, this.#stream.head);
  }

  tellExpiry(sessionId: string, expiresAt: number): void {
    this.#tellSession(sessionId, toJson({ t: 'expires', at: expiresAt }));
  }

  /** The session's permissions are others from now on: what it may not do any more is refused at once. */
  tellPermissions(sessionId: string): void {
    for (const member of this.#members.values()) {
      if (member.session.id !== sessionId) continue;
      this.#noteWriter(member);
      this.#sendPermissions(member);
    }
  }

  forgetSession(sessionId: string): void {
    this.#attendance.forget(sessionId);
    this.#activityAt.delete(sessionId);
    this.#saveDesk.forget(sessionId);
  }

  connectionsOf(sessionId: string): number {
    return this.#attendance.connectionsOf(sessionId);
  }

  activeSessions(): Set<string> {
    return this.#attendance.activeSessions(this.#deps.clock());
  }

  /** The blob of a snapshot that this room handed out lately. */
  snapshotBlob(sequence: number): string | undefined {
    return this.#blobs.get(sequence);
  }

  /** Whether an empty room has nothing left to do. */
  isIdle(): boolean {
    return this.#members.size === 0 && this.#snapshots.isDone();
  }

  /** Waits for what was accepted to become durable, then sends everybody away; they may come back at once. */
  async close(): Promise<void> {
    await this.#stream.durable().catch(() => undefined);
    this.disperse();
    await this.#saveDesk.settled();
  }

  /** Sends everybody away at once and stops all that is scheduled. */
  disperse(): void {
    this.#isClosed = true;
    this.#fanOut.stop();
    this.#snapshots.stop();
    this.#leaveWatch.stop();
    this.#intervalWatch.stop();
    for (const member of [...this.#members.values()]) {
      this.#members.delete(member.client);
      this.#fanOut.remove(member);
      member.close(CLOSE_CODES.restarting, 'The room restarts.');
    }
  }

  /** The client has a newer connection; to the others nothing has changed. */
  #replace(former: Member): void {
    this.#letGo(former, 'clean');
    former.close(CLOSE_CODES.replaced, 'This page has connected anew.');
  }

  #letGo(member: Member, how: Departure): void {
    this.#members.delete(member.client);
    this.#fanOut.remove(member);
    this.#attendance.depart(member.session.id, how, this.#deps.clock());
    this.#leaveWatch.note(member.client, false, member.session.apiKeyId);
  }

  #noteWriter({ client, session }: Member): void {
    this.#leaveWatch.note(client, canWrite(permissionsOf(session)), session.apiKeyId);
  }

  #becomeDurable(operations: readonly string[]): void {
    this.#metrics.operations += operations.length;
    this.#fanOut.sendOperations(operations);
    this.#snapshots.noteHead(this.#stream.head);
  }

  #reject(member: Member, n: number, code: string, reason: string): false {
    this.#metrics.rejections += 1;
    this.#fanOut.send(member, Buffer.from(`[${toJson({ t: 'reject', n, code, reason })}]`));
    return false;
  }

  #adoptSnapshot(snapshot: OpeningSnapshot & { digest: string }): void {
    this.#opening = snapshot;
    this.#blobs.set(snapshot.sequence, snapshot.blob);
    while (this.#blobs.size > KEPT_SNAPSHOTS) this.#blobs.delete(Math.min(...this.#blobs.keys()));
    this.#stream.forgetUpTo(snapshot.sequence);
    this.#digests.learn(snapshot.sequence, snapshot.digest);
  }

  #reload(client: string): void {
    const member = this.#members.get(client);
    if (member) this.#fanOut.send(member, Buffer.from(`[${toJson({ t: 'reload', reason: 'astray' })}]`));
  }

  #quarantine(): void {
    this.#isQuarantined = true;
    this.#metrics.quarantined += 1;
    this.#deps.journal.error(
      { document: this.documentKey },
      'A document is in quarantine: it takes no more edits.',
    );
    for (const member of this.#members.values()) this.#sendPermissions(member);
  }

  #sendPermissions(member: Member): void {
    const permissions = this.#permissionsOf(member.session);
    this.#fanOut.send(member, Buffer.from(`[${toJson({ t: 'permissions', permissions })}]`));
  }

  #permissionsOf(session: Session): Permissions {
    const permissions = permissionsOf(session);
    return this.#isQuarantined ? readOnly(permissions) : permissions;
  }

  #tellSession(sessionId: string, text: string): void {
    const frame = Buffer.from(`[${text}]`);
    for (const member of this.#members.values()) {
      if (member.session.id === sessionId) this.#fanOut.send(member, frame);
    }
  }

  #noteActivity(session: Session): void {
    const now = this.#deps.clock();
    const last = this.#activityAt.get(session.id) ?? Number.NEGATIVE_INFINITY;
    // A clock that was set back must not hide the activity.
    if (now >= last && now - last < ACTIVITY_EVERY_MS) return;
    this.#activityAt.set(session.id, now);
    this.#deps.sessions.recordActivity(session.id).catch((error: unknown) => {
      this.#deps.journal.warn({ session: session.id, err: error }, 'Activity could not be recorded.');
    });
  }

  #break(error: unknown): void {
    this.#deps.journal.error(
      { document: this.documentKey, err: error },
      'The log refused an append; the room restarts.',
    );
    this.#events.onBroken();
  }
}

function toJson(message: ServerMessage): string {
  return JSON.stringify(message);
}
