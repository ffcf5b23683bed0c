import { firstCodePoints } from '../common/text';
import {
  byAge,
  type Database,
  dateOf,
  dropOldIndexes,
  existing,
  grouped,
  keyOf,
  madeAt,
  type Migration,
  type MigrationRun,
  type Old,
  setting,
  spelled,
  textOf,
  unlessConflict,
  Writes,
} from '../platform/database';

const TYPES = ['doctor', 'pharmacist'] as const;
const PREVIEW = 100;
const CONVERSATION = {
  patientId: 1,
  doctorId: 1,
  pharmacistId: 1,
  type: 1,
  createdAt: 1,
  updatedAt: 1,
  messageCount: 1,
  patientUnread: 1,
  professionalUnread: 1,
  lastMessage: 1,
  lastMessageTime: 1,
  lastSenderId: 1,
} as const;

function typeOf(conversation: Old): (typeof TYPES)[number] {
  const stored = spelled(conversation['type'], TYPES);
  if (conversation['doctorId'] !== undefined)
    return conversation['pharmacistId'] === undefined ? 'doctor' : (stored ?? 'doctor');
  return conversation['pharmacistId'] === undefined ? (stored ?? 'doctor') : 'pharmacist';
}

function pairOf(conversation: Old): string {
  const type = typeOf(conversation);
  const professional = conversation[type === 'doctor' ? 'doctorId' : 'pharmacistId'];
  return [type, keyOf(conversation['patientId']), keyOf(professional)].join(' ');
}

function sentAt(message: Old): Date {
  return dateOf(message['timestamp']) ?? madeAt(message);
}

/** Moves the messages of the others to the oldest conversation of a pair; returns how many were moved. */
async function merge(connection: Database, group: readonly Old[], run: MigrationRun): Promise<number> {
  const [kept, ...others] = [...group].sort(byAge);
  if (kept === undefined || others.length === 0) return 0;
  const ids = others.map(({ _id }) => _id);
  const messages = connection.collection('messages');
  if (run.dryRun) return messages.countDocuments({ conversationId: { $in: ids } });
  // Numbers of another conversation mean nothing here: all are given anew.
  const moved = await messages.updateMany(
    { conversationId: { $in: ids } },
    { $set: { conversationId: kept._id }, $unset: { seq: '' } },
  );
  await connection.collection('conversations').deleteMany({ _id: { $in: ids as never[] } });
  return moved.modifiedCount;
}

/** Numbers the messages of a conversation 1, 2, 3 ... in the order in which they were sent, and counts. */
async function number(connection: Database, conversation: Old, messages: Writes): Promise<Record<string, unknown>> {
  const found = await connection.collection('messages').find<Old>({ conversationId: conversation._id }).toArray();
  found.sort((a, b) => sentAt(a).getTime() - sentAt(b).getTime() || (String(a._id) < String(b._id) ? -1 : 1));
  const unread = { patient: 0, professional: 0 };
  const patient = keyOf(conversation['patientId']);
  for (const [index, message] of found.entries()) {
    const isRead = message['isRead'] === true;
    if (!isRead) unread[keyOf(message['receiverId']) === patient ? 'patient' : 'professional'] += 1;
    const update = setting(message, {
      seq: index + 1,
      timestamp: sentAt(message),
      content: typeof message['content'] === 'string' ? undefined : '',
      isRead,
      sendKey: textOf(message['clientMessageId']) || String(message._id),
    });
    if (update !== null) await messages.update(message._id, update);
  }
  const last = found.at(-1);
  return {
    messageCount: found.length,
    patientUnread: unread.patient,
    professionalUnread: unread.professional,
    ...(last === undefined
      ? {}
      : {
          lastMessage: firstCodePoints(textOf(last['content']), PREVIEW),
          lastMessageTime: sentAt(last),
          lastSenderId: last['senderId'],
        }),
  };
}

/** What a conversation has without looking at its messages. */
function defaultsOf(conversation: Old): Record<string, unknown> {
  const orZero = (field: string): number | undefined => (typeof conversation[field] === 'number' ? undefined : 0);
  return {
    type: typeOf(conversation),
    lastMessage: typeof conversation['lastMessage'] === 'string' ? undefined : '',
    lastMessageTime:
      conversation['lastMessageTime'] instanceof Date
        ? undefined
        : (dateOf(conversation['lastMessageTime']) ?? madeAt(conversation)),
    messageCount: orZero('messageCount'),
    patientUnread: orZero('patientUnread'),
    professionalUnread: orZero('professionalUnread'),
  };
}

/** Conversations with a message that has no number. */
async function unnumbered(connection: Database): Promise<Set<string>> {
  const found = new Set<string>();
  const messages = connection.collection('messages').find<Old>({ seq: null }, { projection: { conversationId: 1 } });
  for await (const message of messages) found.add(keyOf(message['conversationId']));
  return found;
}

async function indexMessages(connection: Database, run: MigrationRun): Promise<void> {
  if (run.dryRun) return;
  const order = { key: { conversationId: 1, timestamp: -1, _id: -1 }, name: 'messages_order' } as const;
  await connection.collection('messages').createIndexes([order]).catch(unlessConflict);
}

/** Step 9: one conversation for each pair, its messages numbered, its counters counted. */
export const conversations: Migration = {
  name: '0009-conversations',
  async up(connection, run) {
    const counts = { droppedIndexes: 0, merged: 0, movedMessages: 0, conversations: 0, messages: 0 };
    if ((await existing(connection, ['conversations'])).length === 0) return counts;
    for (const name of ['conversations', 'messages'])
      counts.droppedIndexes += await dropOldIndexes(connection, name, run, ({ unique }) => unique);
    await indexMessages(connection, run);
    const stored = await connection.collection('conversations').find<Old>({}, { projection: CONVERSATION }).toArray();
    const kept: Old[] = [];
    for (const group of grouped(stored, pairOf).values()) {
      counts.merged += group.length - 1;
      counts.movedMessages += await merge(connection, group, run);
      kept.push(...[...group].sort(byAge).slice(0, 1));
    }
    const open = await unnumbered(connection);
    const messages = new Writes(connection.collection('messages'), run);
    const writes = new Writes(connection.collection('conversations'), run);
    for (const conversation of kept) {
      const counted = open.has(keyOf(conversation._id)) ? await number(connection, conversation, messages) : {};
      const update = setting(conversation, { ...defaultsOf(conversation), ...counted });
      if (update !== null) await writes.update(conversation._id, update);
    }
    await messages.flush();
    await writes.flush();
    return { ...counts, conversations: writes.count, messages: messages.count };
  },
};
