import {
  byAge,
  type Database,
  dateOf,
  dropOldIndexes,
  existing,
  grouped,
  idOf,
  keyOf,
  madeAt,
  type Migration,
  type MigrationRun,
  type Old,
  rewriteEach,
  setting,
  spelled,
  Writes,
} from '../platform/database';

const STATUSES = ['pending', 'accepted', 'declined'] as const;
const TYPES = ['patient_link', 'access_renewal', 'access_confirmation'] as const;

function requestType(request: Old): string {
  return spelled(request['requestType'], TYPES) ?? 'patient_link';
}

function isPending(request: Old): boolean {
  return request['status'] === undefined || spelled(request['status'], STATUSES) === 'pending';
}

/** Requests keep to the spelling of this version; of several pending ones of a pair and type the newest stays. */
async function settleRequests(connection: Database, run: MigrationRun): Promise<Record<string, number>> {
  const written = await rewriteEach(connection, 'patientrequests', run, (request) =>
    setting(request, {
      status: request['status'] === undefined ? 'pending' : spelled(request['status'], STATUSES),
      requestType: requestType(request),
      requestDate:
        request['requestDate'] instanceof Date ? undefined : (dateOf(request['requestDate']) ?? madeAt(request)),
      urgentNote: typeof request['urgentNote'] === 'string' ? undefined : '',
      declineReason: typeof request['declineReason'] === 'string' ? undefined : '',
    }),
  );
  const collection = connection.collection('patientrequests');
  const stored = await collection
    .find<Old>({}, { projection: { patientId: 1, doctorId: 1, requestType: 1, status: 1, createdAt: 1 } })
    .toArray();
  const pair = (request: Old): string | null =>
    isPending(request)
      ? [keyOf(request['patientId']), keyOf(request['doctorId']), requestType(request)].join(' ')
      : null;
  const declined = new Writes(collection, run);
  const answer = { status: 'declined', declineReason: 'duplicate', respondedAt: run.now, updatedAt: run.now };
  for (const group of grouped(stored, pair).values())
    for (const older of group.sort(byAge).slice(0, -1)) await declined.update(older._id, { $set: answer });
  await declined.flush();
  return { requests: written, duplicateRequests: declined.count };
}

/** Of several of one patient, pharmacy and request the newest stays the patient's. */
async function detachOlder(
  connection: Database,
  name: string,
  requestField: string,
  run: MigrationRun,
): Promise<number> {
  const collection = connection.collection(name);
  const projection = { patientId: 1, pharmacyId: 1, [requestField]: 1, createdAt: 1, onceKey: 1 };
  const stored = await collection.find<Old>({}, { projection }).toArray();
  const once = (document: Old): string | null =>
    idOf(document['patientId']) === null || idOf(document[requestField]) === null
      ? null
      : [document['patientId'], document['pharmacyId'], document[requestField]].map(keyOf).join(':');
  const [writes, keys] = [new Writes(collection, run), new Writes(collection, run)];
  for (const [onceKey, group] of grouped(stored, once)) {
    const [newest, ...older] = group.sort(byAge).reverse();
    // The newest takes the key; one without an author has its own id in its place.
    for (const { _id } of older)
      await writes.update(_id, { $unset: { patientId: '' }, $set: { onceKey: String(_id) } });
    if (newest?.['onceKey'] === undefined) await keys.update(newest?._id, { $set: { onceKey } });
  }
  await writes.flush();
  await keys.flush();
  return writes.count;
}

const ONCE = [
  ['ratings', 'medicationRequestId'],
  ['reviews', 'requestId'],
] as const;

/** Step 10: what may exist once exists once: pending requests, and ratings and reviews of a medication request. */
export const duplicates: Migration = {
  name: '0010-duplicates',
  async up(connection, run) {
    const counts: Record<string, number> = { droppedIndexes: 0 };
    const present = await existing(connection, ['patientrequests', 'ratings', 'reviews']);
    for (const name of present)
      counts['droppedIndexes'] =
        (counts['droppedIndexes'] ?? 0) + (await dropOldIndexes(connection, name, run, ({ unique }) => unique));
    if (present.includes('patientrequests')) Object.assign(counts, await settleRequests(connection, run));
    for (const [name, field] of ONCE)
      if (present.includes(name)) counts[name] = await detachOlder(connection, name, field, run);
    return counts;
  },
};
