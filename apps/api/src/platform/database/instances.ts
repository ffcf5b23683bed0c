import { randomUUID } from 'node:crypto';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { ClientSession, Collection } from 'mongodb';
import type { Connection } from 'mongoose';
import { Logger } from '../logging';

const COLLECTION = 'instances';
const BEAT_MS = 1_000;
// Looks in a row at an unchanged number; each costs a successful read, so a database that stalls makes nobody dead.
const STILL_LOOKS = 4;
// Far longer than a transaction may last; a session that comes back later is registered again.
const FORGET_AFTER_MS = 600_000;

type SessionId = NonNullable<ClientSession['id']>;

/** A running server, as the others see it. */
interface InstanceDocument {
  readonly _id: string;
  /** Grows while it lives. Judged by whether it moves: clocks of machines differ. */
  readonly beat: number;
  /** The driver's sessions whose transactions nobody would end if it died. */
  readonly sessions: readonly SessionId[];
}

interface Watched {
  readonly beat: number;
  readonly looks: number;
}

/**
 * Which servers run on this database. When one stops beating (killed, power cut), another ends what it left open: its
 * transactions first, whose write locks would hold up everybody else for a minute (MongoDB) or for good (the embedded
 * engine), then what {@link onGone} has registered. Taking a slow server for dead does no harm: its transactions are run
 * again by the driver, its leases are checked where they count.
 */
@Injectable()
export class Instances implements BeforeApplicationShutdown {
  /** This process. */
  readonly id = randomUUID();
  private readonly sessions = new Map<string, { readonly id: SessionId; usedAt: number }>();
  private readonly watched = new Map<string, Watched>();
  private readonly heirs = new Set<(instanceId: string) => Promise<void>>();
  private beat = 0;
  private stopped = false;
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly inheriting = new Map<string, Promise<void>>();
  private writing: Promise<void> = Promise.resolve();
  private nextWrite: Promise<void> | null = null;

  constructor(
    @InjectConnection() private readonly connection: Connection,
    private readonly logger: Logger,
  ) {}

  private get documents(): Collection<InstanceDocument> {
    // The driver's own collection: what a server tells of itself is no round trip of the request that runs.
    return this.connection.getClient().db(this.connection.name).collection<InstanceDocument>(COLLECTION);
  }

  /** Calls back with the id of a server that died, after its transactions were ended. */
  onGone(heir: (instanceId: string) => Promise<void>): void {
    this.heirs.add(heir);
  }

  /** Begins to beat and to look after the others; called once the server is ready. */
  start(): void {
    // Apart from each other: who waits for a lock of the dead must not seem dead itself, nor overlook the next.
    this.every(() => this.pulse());
    this.every(() => this.look());
  }

  /** Makes a session known before its first transaction: one write per session of the driver's pool. */
  async register(session: ClientSession): Promise<void> {
    const { id } = session;
    if (id === undefined || this.stopped) return;
    const key = id.id.toString('hex');
    const known = this.sessions.get(key);
    if (known !== undefined) {
      known.usedAt = Date.now();
      return;
    }
    this.sessions.set(key, { id, usedAt: Date.now() });
    try {
      await this.write();
    } catch (error) {
      this.sessions.delete(key);
      throw error;
    }
  }

  /** Beats and looks once more, and waits for what follows from it; for tests. */
  async tick(): Promise<void> {
    await this.pulse();
    await this.look();
    await Promise.all(this.inheriting.values());
  }

  private every(run: () => Promise<void>): void {
    let busy = false;
    const timer = setInterval(() => {
      if (busy) return;
      busy = true;
      run()
        .catch((error: unknown) => {
          this.logger.warn('other servers could not be looked after', { err: error });
        })
        .finally(() => {
          busy = false;
        });
    }, BEAT_MS);
    timer.unref();
    this.timers.add(timer);
  }

  private async pulse(): Promise<void> {
    this.beat += 1;
    for (const [key, { usedAt }] of this.sessions) if (Date.now() - usedAt > FORGET_AFTER_MS) this.sessions.delete(key);
    await this.write();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    for (const timer of this.timers) clearInterval(timer);
    await this.documents.deleteOne({ _id: this.id }).catch(() => undefined);
  }

  /** Writes what this server is; who asks while one write runs is served by the next, which sees their session. */
  private write(): Promise<void> {
    this.nextWrite ??= this.writing
      .catch(() => undefined)
      .then(() => {
        this.nextWrite = null;
        this.writing = this.store();
        return this.writing;
      });
    return this.nextWrite;
  }

  private async store(): Promise<void> {
    if (this.stopped) return;
    const sessions = [...this.sessions.values()].map(({ id }) => id);
    await this.documents.updateOne({ _id: this.id }, { $set: { beat: this.beat, sessions } }, { upsert: true });
  }

  private async look(): Promise<void> {
    const present = await this.documents.find({}, { batchSize: 1_000 }).toArray();
    const ids = new Set(present.map(({ _id }) => _id));
    for (const id of this.watched.keys()) if (!ids.has(id)) this.watched.delete(id);
    const gone = present.filter((other) => other._id !== this.id && this.isGone(other));
    const sessions = gone.flatMap((other) => other.sessions);
    // The transactions of all of them before anything is written: it would wait for the locks of the others.
    if (sessions.length > 0) await this.connection.getClient().db('admin').command({ killSessions: sessions });
    for (const { _id } of gone) {
      if (this.inheriting.has(_id)) continue;
      const inherited = this.inherit(_id)
        .catch((error: unknown) => {
          this.logger.warn('what a server left could not be taken over', { instance: _id, err: error });
        })
        .finally(() => {
          this.inheriting.delete(_id);
        });
      this.inheriting.set(_id, inherited);
    }
  }

  private isGone(other: InstanceDocument): boolean {
    const before = this.watched.get(other._id);
    const looks = before?.beat === other.beat ? before.looks + 1 : 0;
    this.watched.set(other._id, { beat: other.beat, looks });
    return looks >= STILL_LOOKS;
  }

  private async inherit(instanceId: string): Promise<void> {
    for (const heir of this.heirs) await heir(instanceId);
    // Last: whoever is cut short here leaves it to the next that looks.
    await this.documents.deleteOne({ _id: instanceId });
    this.watched.delete(instanceId);
    this.logger.warn('a server is gone, what it left open was ended', { instance: instanceId });
  }
}
