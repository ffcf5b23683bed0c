/** `sync` of 500 events, and a list of 200 conversations. */
import { ObjectId, startStage } from './lib/server.mjs';
import { medianLatency, report, roundTrips } from './lib/measure.mjs';
import { connect, insertPairs } from './lib/people.mjs';

const EVENTS = 500;
const LIST = 200;
const ROUNDS = 3;

const stage = await startStage({ floor: false });
try {
  const { api, db } = stage;
  const [pair] = await insertPairs(db, 1);
  const userId = new ObjectId(pair.patient.id);
  const at = new Date();
  await db.collection('usercounters').insertOne({ userId, eventSeq: EVENTS + 1, unreadNotifications: 0 });
  await db.collection('realtimeevents').insertMany(
    Array.from({ length: EVENTS + 1 }, (_, index) => ({
      userId,
      seq: index + 1,
      name: 'message:new',
      at,
      payload: {
        _id: new ObjectId().toHexString(),
        conversationId: pair.conversationId,
        senderId: pair.doctor.id,
        senderName: 'Dr. B d0',
        receiverId: pair.patient.id,
        content: `message number ${index} with the words of a usual message`,
        timestamp: at.toISOString(),
        isRead: false,
        readAt: null,
        deliveredAt: null,
        createdAt: at.toISOString(),
        updatedAt: at.toISOString(),
      },
    })),
  );
  const medians = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    // A socket may ask thirty times in ten seconds.
    const socket = await connect(api, pair.patient.token);
    const times = [];
    for (let n = 0; n < 25; n += 1) {
      const askedAt = performance.now();
      const { data } = await socket.emitWithAck('sync', { since: '000000000001', limit: EVENTS });
      if (data.events.length !== EVENTS) throw new Error(`${data.events.length} events`);
      times.push(performance.now() - askedAt);
    }
    socket.close();
    medians.push(times.sort((a, b) => a - b)[12]);
  }
  const syncTrips = roundTrips(stage.server.lines, 'sync');
  const syncMs = Math.min(...medians);
  report(`sync of ${EVENTS} events`, syncMs, undefined, `ms; goal 30; ${syncTrips} round trips; goal 1`);

  const pairs = await insertPairsOf(pair.doctor, LIST - 1);
  const url = `${api}/doctors/${pair.doctor.id}/conversations`;
  const listMs = await medianLatency(url, pair.doctor.token, 30);
  const listTrips = roundTrips(stage.server.lines, '/api/doctors/:doctorId/conversations');
  report(`list of ${pairs + 1} conversations`, listMs, undefined, `ms; ${listTrips} round trips, goal 2`);

  /** Further patients of one doctor. */
  async function insertPairsOf(doctor, count) {
    const made = await insertPairs(db, count, 'more');
    const doctorId = new ObjectId(doctor.id);
    const conversations = made.map(({ conversationId }) => new ObjectId(conversationId));
    const patients = made.map(({ patient }) => new ObjectId(patient.id));
    await db.collection('conversations').updateMany({ _id: { $in: conversations } }, { $set: { doctorId } });
    await db.collection('carelinks').updateMany({ patientId: { $in: patients } }, { $set: { doctorId } });
    return made.length;
  }
} finally {
  await stage.stop();
}
process.exit(0);
