/** Writes against a bare transaction with the same writes: sending a message, booking an appointment. */
import { call, linkedPair, ObjectId, startStage } from './lib/server.mjs';
import { ratioToFloor, report, roundTrips } from './lib/measure.mjs';

const stage = await startStage();
try {
  const { api, floor } = stage;
  const pairs = [];
  for (let index = 0; index < 8; index += 1) pairs.push(await linkedPair(api));
  const json = { 'content-type': 'application/json' };
  const own = (make) => ({ url: api, requests: pairs.map((pair) => make(pair)) });
  const bare = (path) => ({
    url: floor,
    requests: pairs.map(() => ({ method: 'POST', path: `${path}/${new ObjectId()}` })),
  });
  const send = own(({ patient, conversationId }) => ({
    method: 'POST',
    path: `/api/conversations/${conversationId}/messages`,
    headers: { ...json, authorization: `Bearer ${patient.token}` },
    body: JSON.stringify({ content: 'a message of a usual length for a conversation' }),
  }));
  const sent = await ratioToFloor(send, bare('/send'));
  report(
    `POST a message (${roundTrips(stage.server.lines, '/api/conversations/:conversationId/messages')} round trips)`,
    sent.perSecond,
    sent.ratio,
    'calls/s, ratio to the floor; goal 0.3',
  );

  let slot = 0;
  const book = own(({ patient, doctor }) => ({
    method: 'POST',
    path: '/api/appointments',
    headers: { ...json, authorization: `Bearer ${patient.token}` },
    setupRequest: (request) => {
      // Five minutes each, all over a year: no two meet, and no day is full.
      slot += 1;
      const dateTime = new Date(
        Date.now() + 86_400_000 + (slot % 500) * 86_400_000 + Math.floor(slot / 500) * 300_000,
      ).toISOString();
      return {
        ...request,
        body: JSON.stringify({ patientId: patient.id, doctorId: doctor.id, dateTime, durationMinutes: 5 }),
      };
    },
  }));
  const booked = await ratioToFloor(book, bare('/book'), { rounds: 3, seconds: 3 });
  report(
    `POST an appointment (${roundTrips(stage.server.lines, '/api/appointments')} round trips)`,
    booked.perSecond,
    booked.ratio,
    'calls/s, ratio to the floor; goal 0.3',
  );
  await call(api, 'GET', '/health/live');
} finally {
  await stage.stop();
}
process.exit(0);
