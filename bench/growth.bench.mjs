/** Latency of lists with ten times the data of their owner: appointments, messages, notifications, conversations, requests. */
import { linkedPair, ObjectId, startStage } from './lib/server.mjs';
import { medianLatency, report } from './lib/measure.mjs';

const MINUTE = 60_000;
const stage = await startStage({ floor: false });
try {
  const { api, db } = stage;
  const { patient, doctor, conversationId } = await linkedPair(api);
  const [patientId, doctorId, conversation] = [patient.id, doctor.id, conversationId].map((id) => new ObjectId(id));
  const now = Date.now();
  const fill = {
    appointments: (from, to) =>
      range(from, to, (n) => ({
        patientId,
        doctorId,
        dateTime: new Date(now + n * 60 * MINUTE),
        durationMinutes: 30,
        endTime: new Date(now + (n * 60 + 30) * MINUTE),
        timeZone: 'UTC',
        day: new Date(now + n * 60 * MINUTE).toISOString().slice(0, 10),
        type: 'Physical',
        status: 'Confirmed',
        notes: '',
        createdByRole: 'PATIENT',
        sequence: 0,
        __v: 0,
        createdAt: new Date(now),
        updatedAt: new Date(now),
      })),
    messages: (from, to) =>
      range(from, to, (n) => ({
        conversationId: conversation,
        senderId: doctorId,
        receiverId: patientId,
        content: `message ${n}`,
        timestamp: new Date(now - (100_000 - n) * MINUTE),
        seq: n + 1,
        isRead: true,
        deliveredAt: new Date(now),
        createdAt: new Date(now),
        updatedAt: new Date(now),
      })),
    notifications: (from, to) =>
      range(from, to, (n) => ({
        userId: patientId,
        userType: 'patient',
        type: 'appointment',
        title: 't',
        message: 'm',
        body: 'm',
        data: { event: 'created' },
        timestamp: new Date(now - n * 30 * MINUTE),
        isRead: true,
        severity: 'info',
        createdAt: new Date(now),
        updatedAt: new Date(now),
      })),
  };
  const lists = [
    ['appointments of a patient', `/patients/${patient.id}/appointments?limit=20`, patient, 'appointments'],
    ['page of 50 messages', `/conversations/${conversationId}/messages`, patient, 'messages'],
    ['notifications', '/notifications', patient, 'notifications'],
  ];
  const small = { appointments: 200, messages: 1_000, notifications: 500 };
  for (const [name, path, who, collection] of lists) {
    const size = small[collection];
    await grow(collection, 0, size);
    const before = await medianLatency(`${api}${path}`, who.token);
    await grow(collection, size, size * 10);
    const after = await medianLatency(`${api}${path}`, who.token);
    report(`${name}: ${size} -> ${size * 10}`, after, after / before, 'ms, ratio to the smaller; goal 1.2');
  }

  async function grow(collection, from, to) {
    await db.collection(collection).insertMany(fill[collection](from, to));
    if (collection === 'messages')
      await db
        .collection('conversations')
        .updateOne(
          { _id: conversation },
          { $set: { messageCount: to, lastMessageTime: new Date(now), createdAt: new Date(now - 200_000 * MINUTE) } },
        );
  }
} finally {
  await stage.stop();
}
process.exit(0);

function range(from, to, make) {
  return Array.from({ length: to - from }, (_, index) => make(from + index));
}
