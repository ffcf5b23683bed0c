/** Sends the mix and keeps what came of it. */
import { Agent, request } from 'node:http';
import { nextAction } from './actions.mjs';

const agent = new Agent({ keepAlive: true, maxSockets: 256 });

/** One call; resolves with status and milliseconds, the body is read and thrown away. */
export function send(api, token, { method, path, body }) {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers = {
    authorization: `Bearer ${token}`,
    ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
  };
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const call = request(`${api}${path}`, { method, agent, headers }, (answer) => {
      let seen = '';
      answer.on('data', (chunk) => {
        if (answer.statusCode >= 400) seen += chunk;
      });
      answer.on('end', () => resolve({ status: answer.statusCode, ms: performance.now() - startedAt, text: seen }));
      answer.on('error', reject);
    });
    call.on('error', reject);
    call.end(text);
  });
}

/** Everybody of a town with their role. */
export function everybody({ patients, doctors, pharmacists }) {
  return [
    ...patients.map((person) => ({ role: 'patient', person })),
    ...doctors.filter(({ patients: own }) => own.length > 0).map((person) => ({ role: 'doctor', person })),
    ...pharmacists.map((person) => ({ role: 'pharmacist', person })),
  ];
}

/**
 * Lets people act until `isOver`: each thinks between two requests (exponential, mean `thinkMs`; 0: none).
 * Answers times by kind and every answer that was no success.
 */
export async function drive(api, people, { thinkMs, isOver }) {
  const times = new Map();
  const errors = [];
  const act = async ({ role, person }) => {
    await pause(Math.random() * thinkMs);
    while (!isOver()) {
      const action = nextAction(role, person);
      const outcome = await send(api, person.token, action).catch((error) => ({
        status: 0,
        ms: 0,
        text: String(error),
      }));
      if (outcome.status >= 200 && outcome.status < 300) {
        const all = times.get(action.kind) ?? [];
        all.push(outcome.ms);
        times.set(action.kind, all);
      } else errors.push(`${action.method} ${action.path}: ${outcome.status} ${outcome.text}`);
      if (thinkMs > 0) await pause(-Math.log(1 - Math.random()) * thinkMs);
    }
  };
  await Promise.all(people.map(act));
  return { times, errors };
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
