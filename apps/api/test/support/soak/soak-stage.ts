import { createServer } from 'node:net';
import { BuiltServer } from '../built-server';
import { pause, SoakUser } from './soak-user';

/** How hard a soak is. */
export interface SoakPlan {
  readonly seconds: number;
  readonly users: number;
  readonly killEveryMs: number;
}

const SECRET = 'a-secret-for-the-soak-of-32-bytes-and-more';
// What a killed server leaves behind is taken over within about six seconds; the rest is a slow machine.
const SETTLED_MS = 120_000;
// A slow machine is given longer for the same number of kills and messages.
const LONGEST_FACTOR = 5;

/** Two servers on one database and the people who use them. */
export class SoakStage {
  kills = 0;
  private over = false;

  private constructor(
    private readonly mongoUri: string,
    private readonly ports: readonly number[],
    private readonly servers: BuiltServer[],
    readonly users: readonly SoakUser[],
  ) {}

  /** Starts the servers and makes the people: each patient talks to two doctors. */
  static async start(mongoUri: string, { users }: SoakPlan): Promise<SoakStage> {
    const ports = [await freePort(), await freePort()];
    // One after the other: the first builds the indexes.
    const servers: BuiltServer[] = [];
    for (const port of ports) servers.push(await launch(mongoUri, port));
    const urls = ports.map(urlOf);
    const people: SoakUser[] = [];
    for (let index = 0; index < users; index += 1) people.push(await register(servers, urls, index));
    const stage = new SoakStage(mongoUri, ports, servers, people);
    await stage.introduce();
    return stage;
  }

  /** Lets everybody act at random while servers are killed, then waits until all that was begun is done. */
  async run(plan: SoakPlan): Promise<void> {
    const [until, latest] = [1, LONGEST_FACTOR].map((factor) => Date.now() + plan.seconds * factor * 1_000);
    const isOver = () => Date.now() > Number(until) && (this.hasTold(plan) || Date.now() > Number(latest));
    const acting = this.users.map((user) => this.act(user, isOver));
    for (let turn = 0; ; turn += 1) {
      const next = Date.now() + plan.killEveryMs;
      while (Date.now() < next && !isOver()) await pause(100);
      if (isOver()) break;
      await this.kill(turn % this.servers.length);
    }
    await Promise.all(acting);
    await Promise.all(this.users.map((user) => user.connect(() => this.over)));
  }

  /** Waits until every device shows what REST shows; answers the differences that stay. */
  async differences(): Promise<string[]> {
    const until = Date.now() + SETTLED_MS;
    for (;;) {
      const found: string[] = [];
      for (const user of this.users) found.push(...(await differencesOf(user)));
      if (found.length === 0 || Date.now() > until) return found;
      await pause(1_000);
    }
  }

  /** What happened: enough of it to mean something? */
  get figures(): { messages: number; reads: number; connections: number; kills: number } {
    const sum = (of: (user: SoakUser) => number) => this.users.reduce((total, user) => total + of(user), 0);
    return {
      messages: sum(({ counts }) => counts.sent),
      reads: sum(({ counts }) => counts.reads),
      connections: sum(({ counts }) => counts.connections),
      kills: this.kills,
    };
  }

  private hasTold({ users }: SoakPlan): boolean {
    const { messages, connections, kills } = this.figures;
    return kills >= 2 && messages > 2 * users && connections > 1.5 * users;
  }

  async stop(): Promise<void> {
    this.over = true;
    for (const user of this.users) user.disconnect();
    for (const server of this.servers) await server.end('SIGTERM');
  }

  private async act(user: SoakUser, isOver: () => boolean): Promise<void> {
    await user.connect(isOver);
    while (!isOver()) {
      const chance = Math.random();
      const conversationId = user.conversationIds[Math.floor(Math.random() * user.conversationIds.length)] ?? '';
      // What was begun is finished also when the time is up: an acknowledgement is what the soak is about.
      if (chance < 0.5) await user.send(conversationId, () => this.over);
      else if (chance < 0.75) await user.read(conversationId);
      else if (chance < 0.85) {
        user.disconnect();
        await pause(Math.random() * 1_500);
      }
      if (!user.connected) await user.connect(isOver);
      await pause(300 + Math.random() * 900);
    }
  }

  /** At any moment, whatever it is doing; a new one takes its place at once. */
  private async kill(index: number): Promise<void> {
    const [server, port] = [this.servers[index], this.ports[index]];
    if (server === undefined || port === undefined) return;
    await server.end('SIGKILL');
    this.kills += 1;
    this.servers[index] = await launch(this.mongoUri, port);
  }

  private async introduce(): Promise<void> {
    const patients = this.users.filter(({ role }) => role === 'patient');
    const doctors = this.users.filter(({ role }) => role === 'medecin');
    for (const [index, patient] of patients.entries())
      for (const step of [0, 1]) {
        const doctor = doctors[(index + step) % doctors.length];
        if (doctor === undefined) continue;
        const request = await patient.rest('POST', `/patients/${patient.id}/request-doctor`, { doctorId: doctor.id });
        await doctor.rest('POST', `/doctors/${doctor.id}/patient-requests/${String(request._id)}/accept`, {});
        const conversation = await patient.rest('POST', '/conversations', {
          patientId: patient.id,
          doctorId: doctor.id,
        });
        for (const person of [patient, doctor]) person.conversationIds.push(conversation._id as string);
      }
  }
}

function launch(mongoUri: string, port: number): Promise<BuiltServer> {
  return BuiltServer.start({ MONGODB_URI: mongoUri, PORT: String(port), JWT_SECRET: SECRET, LOG_LEVEL: 'silent' });
}

function urlOf(port: number): string {
  return `http://127.0.0.1:${port}/api`;
}

async function register(servers: readonly BuiltServer[], urls: readonly string[], index: number): Promise<SoakUser> {
  const role = index % 2 === 0 ? 'patient' : 'medecin';
  const body = {
    nom: `Soak${index}`,
    prenom: 'P',
    email: `soak${index}@test.example`,
    motDePasse: 'passphrase',
    ...(role === 'medecin' ? { specialite: 'Endo', numeroOrdre: `soak${index}` } : {}),
  };
  const server = servers[index % servers.length];
  const answer = await server?.http.post(`/auth/register/${role}`, body, { undescribed: true });
  if (answer?.status !== 201) throw new Error(`Registration failed: ${answer?.text ?? ''}`);
  return new SoakUser(
    answer.body.user._id as string,
    role,
    answer.body.accessToken as string,
    urls,
    Math.floor(index / 2) % 2 === 0,
  );
}

async function differencesOf(user: SoakUser): Promise<string[]> {
  const { state } = user;
  const who = `${user.role} ${user.id}`;
  const { messages, conversations, notifications } = await user.overview();
  const found = [...state.faults];
  const differ = (what: string, rest: unknown, local: unknown): void => {
    if (JSON.stringify(rest) !== JSON.stringify(local))
      found.push(`${who}: ${what} is ${JSON.stringify(rest)} over REST, ${JSON.stringify(local)} here`);
  };
  const order = (ids: readonly string[]) => [...ids].sort();
  differ('messages', order(messages.map(({ _id }) => _id)), order([...state.messages.keys()]));
  for (const message of messages) {
    const local = state.messages.get(message._id);
    differ(`text of ${message._id}`, message.content, local?.content);
    if (message.senderId === user.id) {
      differ(`delivery of ${message._id}`, message.deliveredAt, local?.deliveredAt);
      differ(`reading of ${message._id}`, message.isRead, local?.isRead);
    } else if (user.overRest) differ(`reading of ${message._id}`, message.isRead, local?.isRead);
  }
  for (const { _id, lastMessage, unreadCount } of conversations) {
    const local = state.conversations.get(_id);
    differ(`newest of ${_id}`, lastMessage, local?.lastMessage);
    // A device that reads through its socket knows so itself and is not told.
    if (user.overRest) differ(`unread of ${_id}`, unreadCount, local?.unreadCount);
  }
  for (const { _id, isRead } of notifications) differ(`notification ${_id}`, isRead, state.notifications.get(_id));
  const stored = new Map(messages.map(({ clientMessageId, _id }) => [clientMessageId, _id]));
  for (const [clientMessageId, id] of user.sent) differ(`sent ${clientMessageId}`, stored.get(clientMessageId), id);
  const mine = messages.filter(({ senderId }) => senderId === user.id);
  differ('number sent', mine.length, user.sent.size);
  return found;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  });
}
