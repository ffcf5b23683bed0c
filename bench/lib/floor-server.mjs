/** The floor: a bare Fastify server with the driver, doing the same indexed queries; no sign-in, no validation. */
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const require = createRequire(join(resolve(import.meta.dirname, '../..'), 'apps/api/package.json'));
const { fastify } = require('fastify');
const { BSON, MongoClient, ObjectId } = require('mongodb');

const client = new MongoClient(process.env.FLOOR_URI);
const db = client.db();
const server = fastify({ routerOptions: { maxParamLength: 4_000 } });
const id = (request) => new ObjectId(request.params.id);

/** Queries by their text, so that reading the text is not what is measured. */
const known = new Map();

function queriesOf(text) {
  const found = known.get(text) ?? BSON.EJSON.parse(Buffer.from(text, 'base64url').toString());
  known.set(text, found);
  return found;
}

/** Any reads, one after the other as a handler would: `[{ collection, filter, sort, limit, count }]`. */
server.get('/find/:queries', async (request) => {
  const answers = [];
  for (const { collection, filter, sort = {}, limit = 0, count = false, projection } of queriesOf(
    request.params.queries,
  ))
    answers.push(
      count
        ? await db.collection(collection).countDocuments(filter)
        : await db
            .collection(collection)
            .find(filter, { sort, limit, projection, batchSize: limit || 500 })
            .toArray(),
    );
  return answers;
});

/** The same number of writes of the same size, in one transaction. */
async function transaction(work) {
  const session = client.startSession();
  try {
    await session.withTransaction(() => work(session));
  } finally {
    await session.endSession();
  }
  return { ok: true };
}

server.post('/send/:id', (request) =>
  transaction(async (session) => {
    const now = new Date();
    const conversation = id(request);
    await db
      .collection('floor_conversations')
      .updateOne(
        { _id: conversation },
        { $set: { lastMessage: 'hello', lastMessageTime: now }, $inc: { messageCount: 1 } },
        { upsert: true, session },
      );
    await db
      .collection('floor_messages')
      .insertOne({ conversationId: conversation, content: 'hello', timestamp: now, isRead: false }, { session });
    await db.collection('floor_keys').updateOne({ _id: conversation }, { $inc: { seq: 1 } }, { upsert: true, session });
    await db
      .collection('floor_outbox')
      .insertOne(
        { topic: 'message.sent', key: String(conversation), payload: { a: 1 }, availableAt: now },
        { session },
      );
  }),
);
server.post('/book/:id', (request) =>
  transaction(async (session) => {
    const now = new Date();
    const owner = id(request);
    await db.collection('floor_links').updateOne({ _id: owner }, { $inc: { holds: 1 } }, { upsert: true, session });
    for (const day of ['a', 'b', 'c'])
      await db
        .collection('floor_locks')
        .updateOne({ _id: `${owner}:${day}` }, { $inc: { version: 1 } }, { upsert: true, session });
    const appointment = new ObjectId();
    await db
      .collection('floor_appointments')
      .insertOne({ _id: appointment, doctorId: owner, dateTime: now, endTime: now, status: 'Pending' }, { session });
    await db.collection('floor_keys').updateOne({ _id: appointment }, { $inc: { seq: 1 } }, { upsert: true, session });
    await db
      .collection('floor_outbox')
      .insertOne(
        { topic: 'appointment.changed', key: String(appointment), payload: { a: 1 }, availableAt: now },
        { session },
      );
  }),
);
server.post('/reading/:id', (request) =>
  transaction(async (session) => {
    const now = new Date();
    const patientId = id(request);
    await db
      .collection('floor_readings')
      .insertOne({ patientId, value: 120, unit: 'mg/dL', measuredAt: now, source: 'cgm', interval: 5 }, { session });
    await db
      .collection('floor_days')
      .updateOne({ _id: patientId }, { $inc: { rev: 1 }, $set: { dirty: true } }, { upsert: true, session });
    await db.collection('floor_keys').updateOne({ _id: patientId }, { $inc: { seq: 1 } }, { upsert: true, session });
    await db
      .collection('floor_outbox')
      .insertOne({ topic: 'glucose.stored', key: String(patientId), payload: { a: 1 }, availableAt: now }, { session });
  }),
);

server.post('/meal/:id', (request) =>
  transaction(async (session) => {
    const meal = { patientId: id(request), name: 'lunch', eatenAt: new Date(), carbs: 40, itemCount: 0 };
    await db.collection('floor_meals').insertOne(meal, { session });
    await db
      .collection('floor_counts')
      .updateOne({ _id: id(request) }, { $inc: { meals: 1 } }, { upsert: true, session });
  }),
);
server.post('/seen/:id', (request) =>
  transaction(async (session) => {
    const filter = { _id: id(request) };
    await db.collection('floor_conversations').updateOne(filter, { $set: { unread: 0 } }, { upsert: true, session });
  }),
);

server.post('/ask/:id', (request) =>
  transaction(async (session) => {
    const now = new Date();
    const owner = id(request);
    const pharmacies = Array.from({ length: 20 }, (_, index) => `${owner}:${index}`);
    await db.collection('floor_locks').updateOne({ _id: owner }, { $inc: { version: 1 } }, { upsert: true, session });
    const asked = new ObjectId();
    const entries = pharmacies.map((pharmacyId) => ({ pharmacyId, status: 'pending', pointsAwarded: 0 }));
    await db
      .collection('floor_requests')
      .insertOne({ _id: asked, patientId: owner, pharmacyResponses: entries, globalStatus: 'open' }, { session });
    await db.collection('floor_activities').insertMany(
      pharmacies.map((pharmacyId) => ({
        pharmacyId,
        activityType: 'request_received',
        eventKey: String(asked),
        at: now,
      })),
      { session },
    );
    for (const collection of ['floor_pharmacies', 'floor_periods'])
      await db.collection(collection).bulkWrite(
        pharmacies.map((_id) => ({ updateOne: { filter: { _id }, update: { $inc: { received: 1 } }, upsert: true } })),
        { session },
      );
    await db.collection('floor_keys').updateOne({ _id: asked }, { $inc: { seq: 1 } }, { upsert: true, session });
    await db
      .collection('floor_outbox')
      .insertOne({ topic: 'asked', key: String(asked), payload: { pharmacies }, availableAt: now }, { session });
  }),
);

await client.connect();
process.stdout.write(`floor on ${await server.listen({ port: 0, host: '127.0.0.1' })}\n`);
