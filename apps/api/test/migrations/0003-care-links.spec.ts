import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { careLinks } from '../../src/migrations/0003-care-links';
import { id, NOW, OldDatabase } from '../support/old-database';

describe('migration 0003: care links', () => {
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

  it('makes links of the lists in doctors’ documents', async () => {
    const doctor = {
      _id: id(9),
      role: 'MEDECIN',
      listePatients: [id(1), id(2).toHexString(), { patientId: id(3) }, id(1), id(77), 'nobody', id(8)],
      patientAccessMap: { [id(2).toHexString()]: false, [id(3).toHexString()]: true },
    };
    await db.insert(
      'users',
      ...[1, 2, 3].map((n) => ({ _id: id(n), role: 'PATIENT' })),
      { _id: id(8), role: 'MEDECIN', listePatients: [] },
      doctor,
    );
    expect(await db.apply(careLinks)).toEqual({ links: 3, alreadyLinked: 0, danglingPatients: 2 });
    const link = { doctorId: id(9), status: 'active', origin: 'import', since: NOW, createdAt: NOW, updatedAt: NOW };
    const links = await db.all('carelinks');
    expect(links.map(({ _id: _own, ...rest }) => rest)).toEqual([
      { ...link, patientId: id(1), accessEnabled: true },
      { ...link, patientId: id(2), accessEnabled: false },
      { ...link, patientId: id(3), accessEnabled: true },
    ]);
    expect(await db.one('users', id(9))).toEqual(doctor);
  });

  it('never opens a link again that was there, ended or not', async () => {
    await db.insert('users', { _id: id(1), role: 'PATIENT' }, { _id: id(9), role: 'MEDECIN', listePatients: [id(1)] });
    await db.insert('carelinks', { _id: id(5), patientId: id(1), doctorId: id(9), status: 'ended' });
    expect(await db.apply(careLinks)).toEqual({ links: 0, alreadyLinked: 1, danglingPatients: 0 });
  });
});
