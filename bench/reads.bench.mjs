/** Reads against a bare server: one appointment, the unread count, a page of messages, a list of conversations. */
import { call, linkedPair, ObjectId, startStage } from './lib/server.mjs';
import { ratioToFloor, report, roundTrips } from './lib/measure.mjs';

const stage = await startStage();
try {
  const { api, floor } = stage;
  const { patient, doctor, conversationId } = await linkedPair(api);
  const dateTime = new Date(Date.now() + 86_400_000).toISOString();
  const appointment = await call(api, 'POST', '/appointments', patient.token, {
    patientId: patient.id,
    doctorId: doctor.id,
    dateTime,
  });
  for (let index = 0; index < 60; index += 1) {
    const sender = index % 2 === 0 ? patient : doctor;
    await call(api, 'POST', `/conversations/${conversationId}/messages`, sender.token, {
      content: `message number ${index} with the words of a usual message`,
    });
  }
  const now = new Date();
  const others = Array.from({ length: 199 }, (_, index) => ({
    _id: new ObjectId(),
    role: 'PATIENT',
    nom: `N${index}`,
    prenom: 'P',
    email: `bench${index}@bench.example`,
    statutCompte: 'ACTIF',
    timeZone: 'UTC',
    locale: 'en',
    createdAt: now,
    updatedAt: now,
    __v: 0,
  }));
  await stage.db.collection('users').insertMany(others);
  const doctorId = new ObjectId(doctor.id);
  await stage.db
    .collection('carelinks')
    .insertMany(
      others.map(({ _id }) => ({
        patientId: _id,
        doctorId,
        status: 'active',
        accessEnabled: true,
        since: now,
        origin: 'request',
      })),
    );
  await stage.db
    .collection('conversations')
    .insertMany(
      others.map(({ _id }) => ({
        patientId: _id,
        doctorId,
        type: 'doctor',
        lastMessage: 'hello',
        lastMessageTime: now,
        patientUnread: 0,
        professionalUnread: 1,
        messageCount: 1,
        createdAt: now,
        updatedAt: now,
      })),
    );
  const as = (who, path) => ({ url: `${api}${path}`, headers: { authorization: `Bearer ${who.token}` } });
  const cases = [
    [
      'GET one appointment',
      as(patient, `/appointments/${appointment._id}`),
      `/appointments/${appointment._id}`,
      '/api/appointments/:id',
      0.6,
    ],
    [
      'GET unread count',
      as(patient, '/notifications/unread-count'),
      `/unread/${patient.id}`,
      '/api/notifications/unread-count',
      0.6,
    ],
    [
      'GET 50 messages',
      as(patient, `/conversations/${conversationId}/messages`),
      `/messages/${conversationId}/10/60`,
      '/api/conversations/:conversationId/messages',
      0.4,
    ],
    [
      'GET 200 conversations',
      as(doctor, `/doctors/${doctor.id}/conversations`),
      `/conversations/${doctor.id}`,
      '/api/doctors/:doctorId/conversations',
      0.4,
    ],
  ];
  for (const [name, own, bare, route, goal] of cases) {
    const { ratio, perSecond } = await ratioToFloor(own, { url: `${floor}${bare}` });
    report(
      `${name} (${roundTrips(stage.server.lines, route)} round trips)`,
      perSecond,
      ratio,
      `calls/s, ratio to the floor; goal ${goal}`,
    );
  }
} finally {
  await stage.stop();
}
process.exit(0);
