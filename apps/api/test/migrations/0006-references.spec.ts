import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { references } from '../../src/migrations/0006-references';
import { id, OldDatabase } from '../support/old-database';

describe('migration 0006: references', () => {
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

  it('makes ids of texts, everywhere, and counts what is not there', async () => {
    const hex = (n: number): string => id(n).toHexString();
    await db.insert('users', { _id: id(1) }, { _id: id(2) });
    await db.insert(
      'appointments',
      { _id: id(10), patientId: hex(1), doctorId: hex(2).toUpperCase() },
      { _id: id(11), patientId: id(1), doctorId: id(2) },
      { _id: id(12), patientId: hex(77), doctorId: id(2) },
    );
    await db.insert('notifications', { _id: id(20), userId: hex(1), relatedId: 'not an id' });
    await db.insert('messages', { _id: id(30), conversationId: hex(40), senderId: { _id: hex(1) }, receiverId: 'x' });
    await db.insert('conversations', { _id: id(40), patientId: id(1), pharmacistId: hex(2) });
    await db.insert('glucoses', { _id: id(50), patientId: hex(1), value: 100 });
    await db.insert('medicationrequests', {
      _id: id(60),
      patientId: hex(1),
      pharmacyResponses: [
        { pharmacyId: hex(2), status: 'pending' },
        { pharmacyId: id(2), status: 'accepted' },
      ],
      selectedPharmacyId: hex(2),
    });
    expect(await db.apply(references)).toEqual({
      appointments: 2,
      notifications: 1,
      messages: 1,
      conversations: 1,
      glucoses: 1,
      medicationrequests: 1,
      malformed: 2,
      dangling: 1,
    });
    expect(await db.all('appointments')).toEqual([
      { _id: id(10), patientId: id(1), doctorId: id(2) },
      { _id: id(11), patientId: id(1), doctorId: id(2) },
      { _id: id(12), patientId: id(77), doctorId: id(2) },
    ]);
    expect(await db.all('notifications')).toEqual([{ _id: id(20), userId: id(1) }]);
    const [message] = await db.all('messages');
    expect(message).toMatchObject({ conversationId: id(40), senderId: id(1) });
    // Names nobody, and is an id all the same: no list breaks on it.
    expect(String(message?.['receiverId'])).toBe('0'.repeat(24));
    expect(await db.one('glucoses', id(50))).toMatchObject({ patientId: id(1) });
    const [request] = await db.all('medicationrequests');
    expect(request).toMatchObject({ patientId: id(1), selectedPharmacyId: id(2) });
    expect(request?.['pharmacyResponses']).toEqual([
      { pharmacyId: id(2), status: 'pending' },
      { pharmacyId: id(2), status: 'accepted' },
    ]);
  });
});
