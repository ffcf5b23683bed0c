import { type Database, idOf, keyOf, type Migration, newId, oid, type Old, Writes } from '../platform/database';

/** The patients that a doctor's document names, with access off where its map says so. */
function patientsOf(doctor: Old): Map<string, boolean> {
  const list = Array.isArray(doctor['listePatients']) ? (doctor['listePatients'] as unknown[]) : [];
  const map = accessMapOf(doctor['patientAccessMap']);
  const patients = new Map<string, boolean>();
  for (const entry of list) {
    const id = keyOf(entry) || keyOf((entry as { patientId?: unknown } | null)?.patientId);
    if (id !== '') patients.set(id, map.get(id) ?? true);
  }
  return patients;
}

function accessMapOf(stored: unknown): Map<string, boolean> {
  const entries: (readonly [unknown, unknown])[] = Array.isArray(stored)
    ? stored.map(
        (entry: { patientId?: unknown; enabled?: unknown } | null) => [entry?.patientId, entry?.enabled] as const,
      )
    : Object.entries(stored ?? {});
  return new Map(entries.map(([id, enabled]) => [keyOf(id), enabled !== false]));
}

async function idsOfPatients(connection: Database, ids: readonly string[]): Promise<Set<string>> {
  const found = await connection
    .collection('users')
    .find<Old>({ _id: { $in: ids.map(oid) } }, { projection: { role: 1, deletedAt: 1 } })
    .toArray();
  const patients = found.filter(
    (user) => /^patient$/i.test(String(user['role'])) && !(user['deletedAt'] instanceof Date),
  );
  return new Set(patients.map((user) => String(user._id)));
}

/** Step 3: the lists in doctors' documents become care links. The old fields stay, and nobody reads them. */
export const careLinks: Migration = {
  name: '0003-care-links',
  async up(connection, run) {
    const links = new Writes(connection.collection('carelinks'), run);
    let [dangling, present] = [0, 0];
    const doctors = connection
      .collection('users')
      .find<Old>({ listePatients: { $ne: null } }, { projection: { role: 1, listePatients: 1, patientAccessMap: 1 } });
    for await (const doctor of doctors) {
      const named = patientsOf(doctor);
      const doctorId = idOf(doctor._id);
      if (doctorId === null || !/^medecin$/i.test(String(doctor['role'])) || named.size === 0) continue;
      const known = await idsOfPatients(connection, [...named.keys()]);
      const linked = await connection.collection('carelinks').find<Old>({ doctorId }).toArray();
      const taken = new Set(linked.map((link) => keyOf(link['patientId'])));
      for (const [patientId, accessEnabled] of named) {
        if (!known.has(patientId)) dangling += 1;
        else if (taken.has(patientId)) present += 1;
        else await links.insert(linkOf(patientId, doctorId, accessEnabled, run.now));
      }
    }
    await links.flush();
    return { links: links.count, alreadyLinked: present, danglingPatients: dangling };
  },
};

function linkOf(patientId: string, doctorId: ReturnType<typeof newId>, accessEnabled: boolean, now: Date) {
  return {
    _id: newId(),
    patientId: oid(patientId),
    doctorId,
    status: 'active',
    accessEnabled,
    since: now,
    origin: 'import',
    createdAt: now,
    updatedAt: now,
  };
}
