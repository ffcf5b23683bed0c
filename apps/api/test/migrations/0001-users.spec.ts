import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { users } from '../../src/migrations/0001-users';
import { id, OldDatabase } from '../support/old-database';

describe('migration 0001: accounts', () => {
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

  const account = (n: number, fields: object) => ({
    _id: id(n),
    nom: 'Škoda',
    prenom: 'Ana',
    email: `user${n}@x.example`,
    ...fields,
  });

  it('gives roles, states and addresses their spelling, and fills what is searched', async () => {
    await db.insert(
      'users',
      account(1, { role: 'patient', email: ' Ana.Skoda@X.example ' }),
      account(2, { role: 'Medecin', statutCompte: 'suspendu', timeZone: 'Europe/Paris', locale: 'fr' }),
      account(3, {
        role: 'PHARMACIEN',
        nomPharmacie: 'Élysée',
        listeMedicamentsDisponibles: ['Métformine', 'INSULINE'],
      }),
    );
    expect(await db.apply(users)).toEqual({ changed: 3, emailClashes: 0 });
    expect(await db.all('users')).toMatchObject([
      {
        role: 'PATIENT',
        email: 'ana.skoda@x.example',
        statutCompte: 'ACTIF',
        timeZone: 'UTC',
        locale: 'en',
        searchText: 'skoda ana skoda ana.skoda@x.example',
      },
      { role: 'MEDECIN', statutCompte: 'SUSPENDU', timeZone: 'Europe/Paris', locale: 'fr' },
      {
        role: 'PHARMACIEN',
        searchText: 'skoda ana skoda user3@x.example elysee',
        medicamentsFolded: ['metformine', 'insuline'],
      },
    ]);
  });

  it('reports addresses that clash and merges nobody', async () => {
    await db.insert(
      'users',
      account(1, { role: 'PATIENT', email: 'Same@x.example' }),
      account(2, { role: 'PATIENT', email: 'same@x.example' }),
      account(3, { role: 'PATIENT', email: 'same@x.example' }),
      account(4, { role: 'PATIENT', email: 'Other@x.example', createdAt: new Date('2025-01-02') }),
      account(5, { role: 'PATIENT', email: 'OTHER@x.example', createdAt: new Date('2025-01-01') }),
    );
    expect(await db.apply(users)).toMatchObject({ emailClashes: 3 });
    expect((await db.all('users')).map(({ email }) => email)).toEqual([
      'Same@x.example',
      'same@x.example',
      `clash-${id(3).toHexString()}@clash.invalid`,
      'Other@x.example',
      'other@x.example',
    ]);
  });

  it('takes places from wherever they stand', async () => {
    const point = { type: 'Point', coordinates: [2.35, 48.85] };
    await db.insert(
      'users',
      account(1, { role: 'PHARMACIEN', pharmacyLocation: point }),
      account(2, { role: 'PATIENT', latitude: 36.8, longitude: 10.18 }),
      account(3, { role: 'PHARMACIEN', location: { type: 'Point', coordinates: [] } }),
      account(4, { role: 'PATIENT', location: { type: 'Point' }, latitude: 48.85, longitude: 2.35 }),
      account(5, { role: 'PATIENT', location: point, latitude: 48.85, longitude: 2.35 }),
    );
    await db.apply(users);
    const place = { location: point, latitude: 48.85, longitude: 2.35 };
    const [first, second, third, fourth, fifth] = await db.all('users');
    for (const found of [first, fourth, fifth]) expect(found).toMatchObject(place);
    expect(first).not.toHaveProperty('pharmacyLocation');
    expect(second).toMatchObject({ location: { type: 'Point', coordinates: [10.18, 36.8] } });
    expect(third).not.toHaveProperty('location');
    await db.index('users', { location: '2dsphere' }, { sparse: true });
  });

  it.each([
    [{ points: 149, badgeLevel: 'Or' }, 'silver'],
    [{ points: 500 }, 'diamond'],
    [{ badgeLevel: null }, 'bronze'],
    [{ points: 500, badgeLevel: 'gold' }, 'gold'],
  ])('gives %j the level %s', async (fields, badgeLevel) => {
    await db.insert('users', account(1, { role: 'PHARMACIEN', ...fields }));
    await db.apply(users);
    expect(await db.one('users', id(1))).toMatchObject({ badgeLevel });
  });

  it('leaves the tombstone of an erased account alone', async () => {
    const stone = { _id: id(1), role: 'PATIENT', nom: 'Deleted user', prenom: '', deletedAt: new Date('2026-01-01') };
    await db.insert('users', stone);
    expect(await db.apply(users)).toMatchObject({ changed: 0 });
    expect(await db.all('users')).toEqual([stone]);
  });
});
