import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { notifications } from '../../src/migrations/0011-notifications';
import { id, OldDatabase } from '../support/old-database';

describe('migration 0011: notifications', () => {
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

  it('fills what is told, counts what is unread and sets deadlines', async () => {
    await db.insert('users', { _id: id(1), role: 'medecin' }, { _id: id(2), role: 'PATIENT' });
    const own = { userId: id(2), title: 'T', message: 'M', type: 'message' };
    await db.insert(
      'notifications',
      { _id: id(10), userId: id(1), type: 'APPOINTMENT', title: 'T', message: 'M' },
      {
        _id: id(11),
        ...own,
        body: 'B',
        severity: 'Warning',
        isRead: true,
        timestamp: new Date('2026-01-01'),
        relatedId: id(7),
      },
      { _id: id(12), ...own },
      { _id: id(13), ...own, userId: id(3), message: undefined, body: 'only' },
    );
    await db.insert('usercounters', { _id: id(20), userId: id(3), unreadNotifications: 1, eventSeq: 4 });
    await db.insert(
      'medicationrequests',
      { _id: id(30), expiresAt: new Date('2026-03-03') },
      { _id: id(31), expiresAt: new Date('2026-03-03'), confirmationDeadline: new Date('2026-03-04') },
    );
    expect(await db.apply(notifications)).toEqual({ notifications: 4, counters: 2, medicationRequests: 1 });
    const stored = await db.all('notifications');
    expect(stored[0]).toEqual({
      _id: id(10),
      userId: id(1),
      userType: 'doctor',
      type: 'appointment',
      title: 'T',
      message: 'M',
      body: 'M',
      severity: 'info',
      data: {},
      timestamp: id(10).getTimestamp(),
      isRead: false,
      collapseKey: id(10).toHexString(),
    });
    expect(stored[1]).toMatchObject({
      userType: 'patient',
      body: 'B',
      severity: 'warning',
      isRead: true,
      relatedId: id(7),
    });
    expect(stored[3]).toMatchObject({ message: 'only', body: 'only' });
    const counters = (await db.all('usercounters')).map(({ userId, unreadNotifications, eventSeq }) => [
      String(userId),
      unreadNotifications,
      eventSeq,
    ]);
    expect(counters.sort()).toEqual([
      [id(1).toHexString(), 1, 0],
      [id(2).toHexString(), 1, 0],
      [id(3).toHexString(), 1, 4],
    ]);
    expect((await db.all('medicationrequests')).map((request) => request['confirmationDeadline'])).toEqual([
      new Date('2026-03-03'),
      new Date('2026-03-04'),
    ]);
  });
});
