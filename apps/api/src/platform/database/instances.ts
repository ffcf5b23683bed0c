import { randomUUID } from 'node:crypto';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { ClientSession, Collection } from 'mongodb';
import type { Connection } from 'mongoose';
import { Logger } from '../logging';

const COLLECTION = 'instances';
const BEAT_MS = 2_000;
// Looks in a row at an unchanged number; each costs a successful read, so a database that stalls makes nobody dead.
const STILL_LOOKS = 3;
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
  private timer: NodeJS.Timeout | undefined;
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
    const loop = (): void => {
      void this.tick().finally(() => {
        if (this.stopped) return;
        this.timer = setTimeout(loop, BEAT_MS);
        this.timer.unref();
      });
    };
    loop();
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

  /** Beats once and looks once; for tests, and every two seconds. */
  async tick(): Promise<void> {
    try {
      this.beat += 1;
      for (const [key, { usedAt }] of this.sessions)
        if (Date.now() - usedAt > FORGET_AFTER_MS) this.sessions.delete(key);
      await this.write();
      await this.look();
    } catch (error) {
      this.logger.warn('other servers could not be looked after', { err: error });
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
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
    for (const other of present) {
      if (other._id === this.id) continue;
      const before = this.watched.get(other._id);
      const looks = before?.beat === other.beat ? before.looks + 1 : 0;
      this.watched.set(other._id, { beat: other.beat, looks });
      if (looks >= STILL_LOOKS) await this.inherit(other);
    }
  }

  private async inherit({ _id, sessions }: InstanceDocument): Promise<void> {
    if (sessions.length > 0) await this.connection.getClient().db('admin').command({ killSessions: sessions });
    for (const heir of this.heirs) await heir(_id);
    // Last: whoever is cut short here leaves it to the next that looks.
    await this.documents.deleteOne({ _id });
    this.watched.delete(_id);
    this.logger.warn('a server is gone, what it left open was ended', { instance: _id, sessions: sessions.length });
  }
}
