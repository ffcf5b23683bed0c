import { ROLES, USER_TYPES, userTypeOf } from '../common/enums';
import {
  type Database,
  dateOf,
  existing,
  idOf,
  keyOf,
  madeAt,
  type Migration,
  type MigrationRun,
  type Old,
  rewriteEach,
  setting,
  spelled,
  textOf,
  Writes,
} from '../platform/database';

const TYPES = ['patient_alert', 'new_request', 'appointment', 'message', 'medication'] as const;
const SEVERITIES = ['info', 'warning', 'critical'] as const;

/** Roles of accounts, read once each. */
class Roles {
  private readonly known = new Map<string, string>();

  constructor(private readonly connection: Database) {}

  async userTypeOf(user: unknown): Promise<string> {
    const id = keyOf(user);
    const known = this.known.get(id);
    if (known !== undefined) return known;
    const account = await this.connection
      .collection('users')
      .findOne({ _id: user as never }, { projection: { role: 1 } });
    const userType = userTypeOf(spelled(account?.['role'], ROLES) ?? 'PATIENT');
    this.known.set(id, userType);
    return userType;
  }
}

async function changeOf(notification: Old, roles: Roles) {
  const text = textOf(notification['message']) || textOf(notification['body']);
  const relatedId = idOf(notification['relatedId']);
  return setting(notification, {
    userType: spelled(notification['userType'], USER_TYPES) ?? (await roles.userTypeOf(notification['userId'])),
    type: spelled(notification['type'], TYPES) ?? 'new_request',
    title: typeof notification['title'] === 'string' ? undefined : '',
    message: text,
    body: textOf(notification['body']) || text,
    severity: spelled(notification['severity'], SEVERITIES) ?? 'info',
    data: typeof notification['data'] === 'object' && notification['data'] !== null ? undefined : {},
    timestamp:
      notification['timestamp'] instanceof Date
        ? undefined
        : (dateOf(notification['timestamp']) ?? madeAt(notification)),
    isRead: notification['isRead'] === true,
    relatedId: relatedId === null ? null : undefined,
    collapseKey: typeof notification['collapseKey'] === 'string' ? undefined : String(notification._id),
  });
}

/** Sets the unread counters of accounts that have none to what is there. */
async function countUnread(connection: Database, run: MigrationRun): Promise<number> {
  const counters = connection.collection('usercounters');
  const stored = await counters.find<Old>({}, { projection: { userId: 1 } }).toArray();
  const known = new Set(stored.map((counter) => keyOf(counter['userId'])));
  const unread = new Map<string, { userId: unknown; count: number }>();
  const open = connection
    .collection('notifications')
    .find<Old>({ isRead: { $ne: true } }, { projection: { userId: 1 } });
  for await (const { userId } of open) {
    const id = keyOf(userId);
    if (id === '' || known.has(id)) continue;
    const entry = unread.get(id) ?? { userId: idOf(userId), count: 0 };
    entry.count += 1;
    unread.set(id, entry);
  }
  const writes = new Writes(counters, run);
  for (const { userId, count } of unread.values())
    await writes.upsert(
      { userId: userId },
      { $set: { unreadNotifications: count }, $setOnInsert: { eventSeq: 0, touched: 0 } },
    );
  await writes.flush();
  return writes.count;
}

/** Step 11: defaults of notifications and their unread counters, and the deadline of medication requests. */
export const notifications: Migration = {
  name: '0011-notifications',
  async up(connection, run) {
    const roles = new Roles(connection);
    const changed = await rewriteEach(connection, 'notifications', run, (notification) =>
      changeOf(notification, roles),
    );
    const hasAny = (await existing(connection, ['notifications'])).length > 0;
    const counters = hasAny ? await countUnread(connection, run) : 0;
    const medicationRequests = await rewriteEach(connection, 'medicationrequests', run, (request) =>
      setting(request, {
        confirmationDeadline:
          request['confirmationDeadline'] instanceof Date ? undefined : (dateOf(request['expiresAt']) ?? undefined),
      }),
    );
    return { notifications: changed, counters, medicationRequests };
  },
};
