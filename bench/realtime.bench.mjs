/** A thousand sockets: memory, delivery at 200 messages a second on one and on two servers, a reconnect storm. */
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { call, startStage } from './lib/server.mjs';
import { report } from './lib/measure.mjs';
import { connect, connectAll, insertPairs, quantile } from './lib/people.mjs';

// Fewer for a machine that others load: a rate beyond what it can do measures its queue.
const PAIRS = Number(process.env.BENCH_PAIRS ?? 500);
const PER_SECOND = Number(process.env.BENCH_PER_SECOND ?? 200);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 30);
const STORM = Math.min(500, PAIRS);
const SETTLED_MS = 60_000;

const stage = await startStage({ floor: false });
try {
  const { api, db } = stage;
  const pairs = await insertPairs(db, PAIRS);
  const sockets = await oneServer(pairs);
  for (const { patient, doctor } of sockets) for (const socket of [patient, doctor]) socket.close();

  const second = await stage.start();
  const apart = await connectAll(pairs, async (pair) => ({
    conversationId: pair.conversationId,
    patient: await connect(api, pair.patient.token),
    doctor: await connect(`${second.address}/api`, pair.doctor.token),
  }));
  await deliver('two servers', apart, 100);
  for (const { patient, doctor } of apart) for (const socket of [patient, doctor]) socket.close();
  await storm(pairs, second);
  await second.stop();
} finally {
  await stage.stop();
}
process.exit(0);

/** Memory of idle sockets, then delivery between them. */
async function oneServer(pairs) {
  const { api, server } = stage;
  await pause(3_000);
  const before = await residentKb(server.pid);
  const sockets = await connectAll(pairs, async ({ patient, doctor, conversationId }) => ({
    conversationId,
    patient: await connect(api, patient.token),
    doctor: await connect(api, doctor.token),
  }));
  await pause(10_000);
  const each = ((await residentKb(server.pid)) - before) / (2 * PAIRS);
  report(`memory of each of ${2 * PAIRS} idle sockets`, each, undefined, 'KB; goal 60');
  await deliver('one server', sockets, 50);
  return sockets;
}

/** Sends at a steady rate and measures from the sender's call to the receiver's listener. */
async function deliver(where, sockets, goalMs) {
  const sentAt = new Map();
  const times = [];
  let refused = 0;
  for (const { doctor } of sockets)
    doctor.on('message:new', (message, _meta, acknowledge) => {
      acknowledge();
      const at = sentAt.get(message.clientMessageId);
      if (at !== undefined) times.push(performance.now() - at);
    });
  const warm = await load(3, () => undefined);
  await arrived(warm);
  times.length = 0;
  sentAt.clear();
  const count = await load(SECONDS, (error) => {
    refused += 1;
    if (refused === 1) process.stdout.write(`first refusal: ${JSON.stringify(error)}\n`);
  });
  await arrived(count - refused);
  for (const { doctor } of sockets) doctor.off('message:new');
  const missing = count - refused - times.length;
  report(`delivery, ${where}, p50`, quantile(times, 0.5), undefined, 'ms');
  report(
    `delivery, ${where}, p99`,
    quantile(times, 0.99),
    undefined,
    `ms; goal ${goalMs}; ${count} sent at ${PER_SECOND}/s, ${missing} not there after a minute`,
  );

  async function arrived(wanted) {
    const until = Date.now() + SETTLED_MS;
    while (times.length < wanted && Date.now() < until) await pause(50);
  }

  async function load(seconds, onRefused) {
    const startedAt = performance.now();
    let sent = 0;
    while (sent < seconds * PER_SECOND) {
      const due = Math.min(seconds * PER_SECOND, ((performance.now() - startedAt) / 1_000) * PER_SECOND);
      for (; sent < due; sent += 1) {
        const { patient, conversationId } = sockets[sent % sockets.length];
        const clientMessageId = crypto.randomUUID();
        sentAt.set(clientMessageId, performance.now());
        patient.emit('message:send', { conversationId, content: 'a usual message', clientMessageId }, (answer) => {
          if (!answer.ok) onRefused(answer.error);
        });
      }
      await pause(5);
    }
    return sent;
  }
}

/** A server is killed under 500 clients; messages come meanwhile; all reconnect to its successor at once. */
async function storm(pairs, second) {
  let victim = await stage.start();
  const people = pairs.slice(0, STORM);
  const states = await connectAll(people, async ({ doctor }) => {
    const socket = await connect(`${victim.address}/api`, doctor.token);
    const { data } = await socket.emitWithAck('sync', {});
    return { since: data.next, token: doctor.token };
  });
  const port = new URL(victim.address).port;
  await victim.stop('SIGKILL');
  const messages = people.map(({ patient, conversationId }) =>
    call(`${second.address}/api`, 'POST', `/conversations/${conversationId}/messages`, patient.token, {
      content: 'while you were away',
    }),
  );
  await Promise.all(messages);
  victim = await stage.start(port);
  const startedAt = performance.now();
  let doubled = 0;
  let refused = 0;
  const synced = await Promise.all(
    states.map(async ({ token, since }) => {
      for (;;) {
        const seen = new Set();
        try {
          const socket = await connect(`${victim.address}/api`, token);
          const applied = new Set();
          const show = (name, { _id }, eventId) => {
            if (name !== 'message:new' || applied.has(eventId)) return;
            applied.add(eventId);
            if (seen.has(_id)) doubled += 1;
            seen.add(_id);
          };
          socket.onAny((name, payload, meta) => show(name, payload, meta?.eventId));
          const { data } = await socket.timeout(10_000).emitWithAck('sync', { since });
          for (const { name, payload, eventId } of data.events) show(name, payload, eventId);
          const until = Date.now() + SETTLED_MS;
          while (seen.size === 0 && Date.now() < until) await pause(20);
          socket.close();
          return seen.size;
        } catch {
          refused += 1;
          await pause(100 + Math.random() * 400);
        }
      }
    }),
  );
  const ms = performance.now() - startedAt;
  const lost = synced.filter((count) => count !== 1).length;
  report(
    `${STORM} clients back after a kill`,
    ms,
    undefined,
    `ms; ${lost} lost, ${doubled} doubled, ${refused} retries`,
  );
  await victim.stop();
}

async function residentKb(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]);
}
