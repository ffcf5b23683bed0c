import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { deviceTokens } from '../../src/migrations/0004-device-tokens';
import { id, OldDatabase } from '../support/old-database';

describe('migration 0004: push tokens', () => {
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

  it('moves tokens out of the accounts; the account changed last keeps a shared one', async () => {
    const many = Array.from({ length: 22 }, (_, n) => `token-${n}`);
    await db.insert(
      'users',
      { _id: id(1), role: 'PATIENT', fcmTokens: ['shared', 'own', 'own', ''], updatedAt: new Date('2026-01-01') },
      { _id: id(2), role: 'medecin', fcmTokens: [{ token: 'shared' }], updatedAt: new Date('2026-02-01') },
      { _id: id(3), role: 'PHARMACIEN', fcmTokens: many, updatedAt: new Date('2026-01-15') },
      { _id: id(4), role: 'PATIENT', fcmTokens: [] },
      { _id: id(5), role: 'PATIENT' },
    );
    expect(await db.apply(deviceTokens)).toEqual({ tokens: 22, accounts: 4, notKept: 3 });
    const tokens = await db.all('devicetokens');
    const at = new Date('2026-02-01');
    // printf shared | sha256sum
    const tokenHash = 'a4d26868017c0ccffe2efe50944ef4211834660cca834c6e9f86dec6a88246fa';
    expect(tokens.find(({ token }) => token === 'shared')).toMatchObject({
      userId: id(2),
      tokenHash,
      userType: 'doctor',
      lastUsedAt: at,
      createdAt: at,
      updatedAt: at,
    });
    const ofPharmacy = tokens.filter(({ userType }) => userType === 'pharmacy').map(({ token }) => token);
    expect(ofPharmacy.sort()).toEqual(many.slice(2).sort());
    for (const user of await db.all('users')) expect(user).not.toHaveProperty('fcmTokens');
  });
});
