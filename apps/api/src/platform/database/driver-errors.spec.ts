import { mongo } from 'mongoose';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../common/errors';
import { isUnavailable, mapDriverError } from './driver-errors';

/** As the driver throws it when the connection of an `insertMany` breaks. */
function bulkError(cause: Error): Error {
  return new mongo.MongoBulkWriteError(cause, {} as never);
}

describe('errors of the driver', () => {
  it('are an absence of the database also when an insert of many has wrapped them', () => {
    const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    const network = new mongo.MongoNetworkError('connection 7 closed');
    for (const cause of [reset, network]) {
      expect(isUnavailable(bulkError(cause))).toBe(true);
      expect(mapDriverError(bulkError(cause))).toMatchObject({ code: 'UNAVAILABLE' });
    }
  });

  it('stay what they are when the database has refused', () => {
    const refused = bulkError(new mongo.MongoServerError({ message: 'Document failed validation', code: 121 }));
    expect(isUnavailable(refused)).toBe(false);
    expect(mapDriverError(refused)).not.toBeInstanceOf(AppError);
  });
});
