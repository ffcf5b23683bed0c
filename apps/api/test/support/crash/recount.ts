import { type Connection, mongo } from 'mongoose';
import { findStored } from '../stored';
import { GUEST_WORDS } from './account-writes';
import { type Acknowledged, OWNED, type Owned } from './acknowledged';

type Document = mongo.BSON.Document;
type Rows = readonly Document[];

const CLAIM_MS = 10_000;
/** Of requests those that people wrote themselves: a switch of access records one, too. */
const KINDS: Partial<Record<Owned, Document>> = { patientrequests: { requestType: 'patient_link' } };

/** What the database of a stopped server says against what was acknowledged, and against itself. */
export class Recount {
  readonly findings: string[] = [];

  constructor(
    private readonly db: Connection,
    private readonly acknowledged: Acknowledged,
  ) {}

  /** Every comparison there is; an empty list is what the proof is about. */
  async run(): Promise<readonly string[]> {
    for (const collection of Object.keys(OWNED) as Owned[]) await this.documents(collection);
    await this.latest();
    await this.erased();
    await this.conversations();
    await this.appointments();
    await this.relations();
    await this.unread();
    await this.notifications();
    await this.events();
    await this.leftovers();
    return this.findings;
  }

  private all(collection: string, filter: Document = {}): Promise<Rows> {
    return this.db.collection(collection).find(filter).toArray();
  }

  private expect(isSo: boolean, finding: string): void {
    if (!isSo) this.findings.push(finding);
  }

  private same(what: string, stored: unknown, counted: unknown): void {
    const [left, right] = [stored, counted].map((value) => JSON.stringify(value));
    this.expect(left === right, `${what}: stored ${left}, expected ${right}`);
  }

  /** Every acknowledged document once, with its content, and no other: a call made twice would have left a second. */
  private async documents(collection: Owned): Promise<void> {
    const expected = this.acknowledged.of(collection);
    const stored = new Map((await this.all(collection, KINDS[collection])).map((row) => [String(row['_id']), row]));
    for (const [id, { fields, owner }] of expected) {
      const row = stored.get(id);
      if (row === undefined) {
        this.findings.push(`${collection} ${id} was acknowledged and is gone`);
        continue;
      }
      this.same(`${collection} ${id} owner`, String(row[OWNED[collection]]), owner);
      for (const [name, value] of Object.entries(fields)) this.same(`${collection} ${id} ${name}`, row[name], value);
    }
    for (const id of stored.keys())
      this.expect(expected.has(id), `${collection} ${id} is stored and nobody was told of it`);
  }

  /** The last acknowledged value of what exists once. */
  private async latest(): Promise<void> {
    for (const [key, { filter, fields }] of this.acknowledged.latest) {
      const ids = Object.fromEntries(Object.entries(filter).map(([name, id]) => [name, new mongo.ObjectId(id)]));
      const rows = await this.all(key.slice(0, key.indexOf(':')), ids);
      this.same(`${key} number`, rows.filter(({ status }) => status !== 'ended').length, 1);
      for (const [path, value] of Object.entries(fields)) {
        const read = path.split('.').reduce<unknown>((at, name) => (at as Document | undefined)?.[name], rows[0]);
        this.same(`${key} ${path}`, read, value);
      }
    }
  }

  private async erased(): Promise<void> {
    const left = await this.all('users', { email: { $in: [...this.acknowledged.erased] } });
    this.same('erased accounts that are left', left.length, 0);
    this.same('words of erased people', await findStored(this.db, [GUEST_WORDS]), []);
    this.same('open erasures', (await this.all('erasures', { open: true })).length, 0);
  }

  private async conversations(): Promise<void> {
    for (const { _id, patientId, ...row } of await this.all('conversations')) {
      const messages = await this.all('messages', { conversationId: _id });
      const numbered = [...messages].sort((one, other) => one['seq'] - other['seq']);
      const what = `conversation ${String(_id)}`;
      this.same(
        `${what} numbers`,
        numbered.map(({ seq }) => seq),
        numbered.map((_, index) => index + 1),
      );
      this.same(`${what} count`, row['messageCount'] ?? 0, messages.length);
      this.same(`${what} newest`, row['lastMessage'], (numbered.at(-1)?.['content'] ?? '').slice(0, 100));
      const unread = (isPatient: boolean) =>
        messages.filter(({ isRead, receiverId }) => !isRead && receiverId.equals(patientId) === isPatient).length;
      this.same(`${what} unread of the patient`, row['patientUnread'], unread(true));
      this.same(`${what} unread of the professional`, row['professionalUnread'], unread(false));
    }
  }

  /** No two of one person at the same time. */
  private async appointments(): Promise<void> {
    const open = await this.all('appointments', { status: { $in: ['Pending', 'Confirmed'] } });
    const standing = open.filter(({ deletedAt }) => deletedAt === undefined || deletedAt === null);
    for (const owner of ['patientId', 'doctorId'])
      for (const group of groups(standing, (row) => String(row[owner])).values()) {
        const sorted = [...group].sort((one, other) => one['dateTime'] - other['dateTime']);
        for (const [index, row] of sorted.entries())
          this.expect(
            !(row['dateTime'] < sorted[index - 1]?.['endTime']),
            `appointment ${String(row['_id'])} overlaps`,
          );
      }
  }

  /** One active link and one open request of a pair, one mark for each reading of a device. */
  private async relations(): Promise<void> {
    const pair = (row: Document) =>
      `${String(row['patientId'])}:${String(row['doctorId'])}:${String(row['requestType'])}`;
    this.once('active link', await this.all('carelinks', { status: 'active' }), pair);
    this.once('open request', await this.all('patientrequests', { status: 'pending' }), pair);
    const sensor = await this.all('glucoses', { source: 'cgm' });
    this.once('reading', sensor, (row) => `${String(row['patientId'])}:${String(row['measuredAt'].getTime())}`);
    for (const { _id, itemCount } of await this.all('meals'))
      this.same(`meal ${String(_id)} foods`, itemCount, (await this.all('fooditems', { mealId: _id })).length);
    const ledger = (await this.all('pharmacyactivities')).filter(({ eventKey }) => typeof eventKey === 'string');
    this.once('activity', ledger, (row) => `${String(row['pharmacyId'])}:${row['activityType']}:${row['eventKey']}`);
  }

  private async unread(): Promise<void> {
    const counters = new Map((await this.all('usercounters')).map((row) => [String(row['userId']), row]));
    const unread = groups(await this.all('notifications', { isRead: false }), (row) => String(row['userId']));
    for (const user of new Set([...counters.keys(), ...unread.keys()]))
      this.same(`unread of ${user}`, counters.get(user)?.['unreadNotifications'] ?? 0, unread.get(user)?.length ?? 0);
  }

  /** Each event told once to whom it concerns. */
  private async notifications(): Promise<void> {
    const told = await this.all('notifications');
    const about = (event: string) => told.filter(({ data }) => data.event === event);
    const key = (user: unknown, related: unknown) => `${String(user)}:${String(related)}`;
    const tell = (event: string, wanted: string[]): void => {
      const found = about(event).map(({ userId, relatedId }) => key(userId, relatedId));
      this.same(`told of ${event}`, found.sort(), wanted.sort());
    };
    const appointments = await this.all('appointments');
    tell(
      'created',
      appointments.map(({ _id, doctorId }) => key(doctorId, _id)),
    );
    const ended = appointments.filter(({ cancelledBy }) => typeof cancelledBy === 'string');
    for (const event of ['deleted', 'cancelled']) {
      const rows = ended.filter(({ reason }) => (reason === 'deleted') === (event === 'deleted'));
      const receiver = (row: Document): unknown => row[row['cancelledBy'] === 'PATIENT' ? 'doctorId' : 'patientId'];
      tell(
        event,
        rows.map((row) => key(receiver(row), row['_id'])),
      );
    }
    const links = await this.all('patientrequests', KINDS.patientrequests);
    tell(
      'request_created',
      links.map(({ _id, doctorId }) => key(doctorId, _id)),
    );
    for (const [status, event] of [
      ['accepted', 'request_accepted'],
      ['declined', 'request_declined'],
    ] as const)
      tell(
        event,
        links.filter((row) => row['status'] === status).map(({ _id, patientId }) => key(patientId, _id)),
      );
    const wishes = await this.all('medicationrequests');
    const answers = wishes.flatMap(({ _id, patientId, pharmacyResponses }) =>
      (pharmacyResponses as Document[]).map((entry): Document => ({ _id, patientId, ...entry })),
    );
    tell(
      'medication_requested',
      answers.map(({ _id, pharmacyId }) => key(pharmacyId, _id)),
    );
    for (const status of ['accepted', 'unavailable', 'declined'])
      tell(
        `medication_${status}`,
        answers.filter((row) => row['status'] === status).map(({ _id, patientId }) => key(patientId, _id)),
      );
    await this.messagesTold(about('message_received'));
  }

  /** Unread messages of a conversation share a notification that counts them; what was read first is not told. */
  private async messagesTold(told: Rows): Promise<void> {
    const pairOf = (user: unknown, conversation: unknown): string => `${String(user)}:${String(conversation)}`;
    const sent = groups(await this.all('messages'), (row) => pairOf(row['receiverId'], row['conversationId']));
    const counted = groups(told, (row) => pairOf(row['userId'], row['relatedId']));
    for (const [pair, messages] of sent) {
      const sum = (counted.get(pair) ?? []).reduce((total, { data }) => total + Number(data.count), 0);
      const unread = messages.filter(({ isRead }) => !isRead).length;
      this.expect(sum >= unread, `messages told to ${pair}: ${sum}, and ${unread} are unread`);
      this.expect(sum <= messages.length, `messages told to ${pair}: ${sum} of ${messages.length}`);
    }
  }

  /** The log of each person: numbered without a gap, each message and each notification shown once. */
  private async events(): Promise<void> {
    const counters = new Map((await this.all('usercounters')).map((row) => [String(row['userId']), row]));
    const log = await this.all('realtimeevents');
    for (const [user, rows] of groups(log, (row) => String(row['userId']))) {
      const numbers = rows.map(({ seq }) => Number(seq)).sort((one, other) => one - other);
      this.same(
        `event numbers of ${user}`,
        numbers,
        numbers.map((_, index) => index + 1),
      );
      this.same(`newest event of ${user}`, counters.get(user)?.['eventSeq'], numbers.length);
    }
    const shown = log.filter(({ name }) => name === 'message:new');
    this.once('shown message', shown, ({ userId, payload }) => `${String(userId)}:${payload._id}`);
    const received = new Set(shown.map(({ userId, payload }) => `${String(userId)}:${payload._id}`));
    for (const { _id, receiverId } of await this.all('messages'))
      this.expect(received.has(`${String(receiverId)}:${String(_id)}`), `message ${String(_id)} was never shown`);
  }

  private async leftovers(): Promise<void> {
    this.same('entries not delivered', (await this.all('outbox', { doneAt: null })).length, 0);
    this.same('entries given up', (await this.all('outbox', { parkedAt: { $ne: null } })).length, 0);
    // A refusal may have been answered by a server whose database died before the key was freed; the claim runs out.
    const claimed = { state: 'in_progress', lockedUntil: { $gt: new Date(Date.now() + CLAIM_MS) } };
    this.same('keys that stay taken', (await this.all('idempotencykeys', claimed)).length, 0);
  }

  private once(what: string, rows: Rows, keyOf: (row: Document) => string): void {
    for (const [key, same] of groups(rows, keyOf))
      this.expect(same.length === 1, `${what} ${key}: ${same.length} times`);
  }
}

function groups(rows: Rows, keyOf: (row: Document) => string): Map<string, Document[]> {
  const found = new Map<string, Document[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = found.get(key);
    if (group === undefined) found.set(key, [row]);
    else group.push(row);
  }
  return found;
}
