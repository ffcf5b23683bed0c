import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { conversations } from '../../src/migrations/0009-conversations';
import { id, NOW, OldDatabase } from '../support/old-database';

describe('migration 0009: conversations', () => {
  let db: OldDatabase;

  beforeAll(async () => {
    db = await OldDatabase.open();
  });

  afterEach(async () => {
    await db.clear();
  });

  afterAll(async () => {
    await db.close();
  });

  const sent = (n: number, conversation: number, fields: object = {}) => ({
    _id: id(n),
    conversationId: id(conversation),
    senderId: id(1),
    receiverId: id(2),
    content: `text ${n}`,
    timestamp: new Date(Date.UTC(2026, 0, 1, 0, n)),
    ...fields,
  });
  const pair = { patientId: id(1), doctorId: id(2) };

  it('merges those of one pair into the oldest, numbers the messages and counts', async () => {
    await db.insert(
      'conversations',
      { _id: id(10), ...pair, createdAt: new Date('2026-01-02') },
      { _id: id(11), ...pair, createdAt: new Date('2026-01-01'), lastMessage: 'old', lastMessageTime: new Date(0) },
      { _id: id(12), patientId: id(1), pharmacistId: id(3) },
      { _id: id(13), patientId: id(1), pharmacistId: id(4), type: 'PHARMACIST' },
    );
    await db.insert(
      'messages',
      sent(21, 10),
      sent(20, 11, { isRead: true }),
      sent(23, 10, { senderId: id(2), receiverId: id(1), content: 'é'.repeat(150) }),
      sent(22, 11),
      sent(30, 12, { clientMessageId: 'key', timestamp: undefined }),
    );
    await db.index('conversations', { patientId: 1, doctorId: 1 });
    await db.index('conversations', { patientId: 1, pharmacistId: 1, createdAt: 1 }, { unique: true });
    const counts = { droppedIndexes: 1, merged: 1, movedMessages: 2, conversations: 3, messages: 5 };
    const before = await db.snapshot();
    const dry = await conversations.up(db.connection, { dryRun: true, now: NOW });
    expect(dry).toMatchObject({ droppedIndexes: 1, merged: 1, movedMessages: 2 });
    expect(await db.snapshot()).toEqual(before);
    expect(await conversations.up(db.connection, { dryRun: false, now: NOW })).toEqual(counts);
    const after = await db.snapshot();
    await conversations.up(db.connection, { dryRun: false, now: NOW });
    expect(await db.snapshot()).toEqual(after);
    expect(await db.all('conversations')).toEqual([
      {
        _id: id(11),
        ...pair,
        createdAt: new Date('2026-01-01'),
        type: 'doctor',
        lastMessage: 'é'.repeat(100),
        lastMessageTime: new Date(Date.UTC(2026, 0, 1, 0, 23)),
        lastSenderId: id(2),
        messageCount: 4,
        patientUnread: 1,
        professionalUnread: 2,
      },
      expect.objectContaining({ _id: id(12), type: 'pharmacist', messageCount: 1, professionalUnread: 1 }),
      expect.objectContaining({ _id: id(13), type: 'pharmacist', messageCount: 0, lastMessage: '', patientUnread: 0 }),
    ]);
    const messages = await db.all('messages');
    expect(messages.map(({ conversationId, seq, isRead }) => [conversationId, seq, isRead])).toEqual([
      [id(11), 1, true],
      [id(11), 2, false],
      [id(11), 3, false],
      [id(11), 4, false],
      [id(12), 1, false],
    ]);
    expect(messages[0]?.['sendKey']).toBe(id(20).toHexString());
    expect(messages[4]).toMatchObject({ sendKey: 'key', timestamp: id(30).getTimestamp() });
  });
});
