import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { duplicates } from '../../src/migrations/0010-duplicates';
import { id, NOW, OldDatabase } from '../support/old-database';

describe('migration 0010: duplicates', () => {
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

  it('lets the newest pending request of a pair and type stay', async () => {
    const ask = (n: number, fields: object = {}) => ({ _id: id(n), patientId: id(1), doctorId: id(2), ...fields });
    await db.insert(
      'patientrequests',
      ask(10, { status: 'PENDING' }),
      ask(11, { status: 'pending', requestType: 'patient_link', createdAt: new Date('2026-02-01') }),
      ask(12),
      ask(13, { status: 'pending', requestType: 'ACCESS_RENEWAL' }),
      ask(14, { status: 'Accepted' }),
      ask(15, { patientId: id(3) }),
    );
    await db.index('patientrequests', { patientId: 1, status: 1, createdAt: 1, _id: 1 }, { unique: true });
    expect(await db.apply(duplicates)).toEqual({ droppedIndexes: 1, requests: 6, duplicateRequests: 2 });
    const requests = await db.all('patientrequests');
    expect(requests.map(({ status, requestType }) => [status, requestType])).toEqual([
      ['declined', 'patient_link'],
      ['pending', 'patient_link'],
      ['declined', 'patient_link'],
      ['pending', 'access_renewal'],
      ['accepted', 'patient_link'],
      ['pending', 'patient_link'],
    ]);
    expect(requests[0]).toMatchObject({ declineReason: 'duplicate', respondedAt: NOW, urgentNote: '' });
    expect(requests[0]?.['requestDate']).toEqual(id(10).getTimestamp());
  });

  it('takes the patient off older ratings and reviews of one request', async () => {
    const rating = { patientId: id(1), pharmacyId: id(2), medicationRequestId: id(3), stars: 4 };
    const review = { patientId: id(1), pharmacyId: id(2), requestId: id(3), rating: 5 };
    await db.insert(
      'ratings',
      { _id: id(10), ...rating },
      { _id: id(11), ...rating },
      { _id: id(12), ...rating, medicationRequestId: id(4) },
    );
    await db.insert(
      'reviews',
      { _id: id(20), ...review, createdAt: new Date('2026-02-01') },
      { _id: id(21), ...review },
      // Without a request there may be several.
      { _id: id(22), ...review, requestId: undefined },
      { _id: id(23), ...review, requestId: undefined },
    );
    expect(await db.apply(duplicates)).toEqual({ droppedIndexes: 0, ratings: 1, reviews: 1 });
    const [older, newest] = await db.all('ratings');
    expect(older).toMatchObject({ onceKey: id(10).toHexString() });
    expect(newest).toMatchObject({ onceKey: [id(1), id(2), id(3)].map(String).join(':') });
    const owners = async (name: string) => (await db.all(name)).map(({ patientId }) => patientId !== undefined);
    expect(await owners('ratings')).toEqual([false, true, true]);
    expect(await owners('reviews')).toEqual([true, false, true, true]);
  });
});
