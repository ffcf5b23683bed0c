/** Sizes measured side by side: a few calls of each in turn, many times over, so that a drifting machine slows them all. */
import { readdir, readFile } from 'node:fs/promises';

const WARM_UP = 3;
const CALLS = 4;
const MIN_ROUNDS = 3;

/** Goal of a decade: with ten times the data a call takes at most this many times as long. */
export const GOAL = 1.2;

/**
 * Measures a call for each subject: median milliseconds, processor milliseconds of server and database, bytes of the
 * answer; and the first size once more at the end, which shows how far the machine has drifted.
 */
export async function measureSizes(subjects, measured, rounds, patienceMs = 5_000) {
  const targets = subjects.map(({ api, pids, owner }) => ({
    url: api + measured.pathOf(owner),
    pids,
    headers: measured.who === null ? {} : { authorization: `Bearer ${owner[measured.who].token}` },
    times: [],
    cpu: [],
    bytes: 0,
  }));
  for (const target of targets) for (let n = 0; n < WARM_UP; n += 1) target.bytes = await once(target);
  const startedAt = performance.now();
  let done = 0;
  // Slow calls need fewer repetitions to be told apart.
  while (done < MIN_ROUNDS || (done < rounds && performance.now() - startedAt < patienceMs)) {
    for (const target of done % 2 === 0 ? targets : [...targets].reverse()) await some(target);
    done += 1;
  }
  const again = { ...targets[0], times: [], cpu: [] };
  for (let round = 0; round < Math.ceil(done / 3); round += 1) await some(again);
  return { sizes: targets.map(figures), again: figures(again) };
}

async function some(target) {
  const before = await cpuOf(target.pids);
  for (let n = 0; n < CALLS; n += 1) {
    const startedAt = performance.now();
    await once(target);
    target.times.push(performance.now() - startedAt);
  }
  target.cpu.push(((await cpuOf(target.pids)) - before) / CALLS);
}

async function once({ url, headers }) {
  const response = await fetch(url, { headers });
  const body = await response.arrayBuffer();
  if (!response.ok) throw new Error(`${url}: ${response.status} ${Buffer.from(body).toString()}`);
  return body.byteLength;
}

function figures({ times, cpu, bytes }) {
  return { ms: median(times), cpu: median(cpu), bytes };
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Processor milliseconds of processes, to the nanosecond: the sum over their threads. */
async function cpuOf(pids) {
  let sum = 0;
  for (const pid of pids)
    for (const task of await readdir(`/proc/${pid}/task`)) {
      // A thread may end while it is read.
      const text = await readFile(`/proc/${pid}/task/${task}/schedstat`, 'utf8').catch(() => '0');
      sum += Number(text.split(' ')[0]);
    }
  return sum / 1_000_000;
}

/**
 * Ratio of each decade, by latency and by processor time. What other work on the machine slows is not growth, so the
 * smaller of the two counts; and what grows with the answer itself is taken by its size.
 */
export function decades(sizes) {
  return sizes.slice(1).map((size, at) => {
    const before = sizes[at];
    const answer = Math.max(1, size.bytes / before.bytes);
    const [ms, cpu] = [size.ms / before.ms, size.cpu / before.cpu];
    return { ms, cpu, answer, ratio: Math.min(ms, cpu) / answer };
  });
}
