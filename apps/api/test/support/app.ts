import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { getConnectionToken } from '@nestjs/mongoose';
import { type Connection, mongo } from 'mongoose';
import { inject } from 'vitest';
import { createApp } from '../../src/create-app';
import { OutboxDispatcher } from '../../src/platform/outbox';
import { Scheduler } from '../../src/platform/scheduler';
import { prepareApp } from '../../src/start-app';
import { Actors } from './actors';
import { forgetDescription } from './described';
import { Http } from './http';
import { MailSpool } from './mail-spool';
import { TestClock } from './test-clock';
import { type ConfigOverrides, testConfig } from './test-config';

/** A running application with a database of its own. */
export interface TestApp {
  readonly app: NestFastifyApplication;
  /** `http://127.0.0.1:PORT/api` */
  readonly url: string;
  readonly http: Http;
  readonly actors: Actors;
  readonly clock: TestClock;
  /** The raw connection, for looking at what is stored. */
  readonly db: Connection;
  readonly dbName: string;
  /** What was mailed. */
  readonly mails: MailSpool;
  /** Waits until everything stored so far is delivered (notifications made). */
  settle(): Promise<void>;
  /** Runs a recurring job now, at the test clock's time; none runs by itself when the clock passes its time. */
  runJob(name: string): Promise<void>;
  close(): Promise<void>;
}

/** What a test may choose. */
export interface TestAppOptions {
  readonly config?: ConfigOverrides;
  /** Share a database with another instance. */
  readonly dbName?: string;
  readonly clock?: TestClock;
}

function uriOf(base: string, dbName: string): string {
  const url = new URL(base);
  url.pathname = `/${dbName}`;
  if (url.username !== '' && !url.searchParams.has('authSource')) url.searchParams.set('authSource', 'admin');
  return url.toString();
}

// After the application: its change streams would be told that their collections are gone.
async function dropDatabase(uri: string): Promise<void> {
  const client = new mongo.MongoClient(uri);
  await client.db().dropDatabase();
  await client.close();
}

const SETTLED_WITHIN_MS = 5_000;

/** What is due and held by nobody waits for the next poll (it stood behind another one): here it is polled for. */
async function settle(dispatcher: OutboxDispatcher, db: Connection, clock: TestClock): Promise<void> {
  const until = Date.now() + SETTLED_WITHIN_MS;
  for (;;) {
    await dispatcher.idle();
    const now = clock.now();
    const due = { doneAt: null, parkedAt: null, availableAt: { $lte: now }, lockedUntil: { $not: { $gt: now } } };
    if ((await db.collection('outbox').countDocuments(due)) === 0 || Date.now() > until) return;
    await dispatcher.poll();
  }
}

// A lease that no process gives back: nobody gets another, and jobs run when a test says so.
async function holdJobs(db: Connection): Promise<void> {
  const held = { lockedBy: 'test', lockedUntil: new Date('9999-01-01') };
  await db.collection('jobs').updateMany({ dedupeKey: /^recurring:/ }, { $set: held });
}

/** Starts the real application: real HTTP, real database, a clock that tests move. */
export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const dbName = options.dbName ?? `t_${randomBytes(6).toString('hex')}`;
  const clock = options.clock ?? new TestClock();
  const uri = uriOf(inject('mongoUri'), dbName);
  const spool = await mkdtemp(join(tmpdir(), 'diabcare-mail-'));
  const given = testConfig(options.config);
  const config = { ...given, data: { ...given.data, mailSpoolDir: given.data.mailSpoolDir || spool } };
  const app = await createApp({ config, mongoUri: uri, clock });
  await prepareApp(app);
  const db = app.get<Connection>(getConnectionToken());
  await holdJobs(db);
  // The database expires sessions by its own clock: one that a test opens in the past would vanish within a minute.
  await db
    .collection('sessions')
    .dropIndex('sessions_ttl')
    .catch(() => undefined);
  await app.listen(0, '127.0.0.1');
  const url = `${(await app.getUrl()).replace('[::1]', '127.0.0.1')}/api`;
  const http = new Http(url);
  return {
    app,
    url,
    http,
    actors: new Actors(http, app),
    clock,
    db,
    dbName,
    mails: new MailSpool(spool),
    settle: () => settle(app.get(OutboxDispatcher), db, clock),
    runJob: (name) => app.get(Scheduler).runNow(name),
    close: async () => {
      await app.close();
      // Mongoose remembers closed connections, and each its models.
      await db.destroy();
      forgetDescription(url);
      await rm(spool, { recursive: true, force: true });
      if (options.dbName === undefined) await dropDatabase(uri);
    },
  };
}
