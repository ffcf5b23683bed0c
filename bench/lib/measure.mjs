/** Load and figures. Ratios of the same run count; absolute numbers only tell what machine it was. */
import { readFile } from 'node:fs/promises';
import autocannon from 'autocannon';

const CONNECTIONS = 16;

/** Calls a second of one target for a bounded time. */
async function load(target, seconds) {
  const result = await autocannon({ connections: CONNECTIONS, duration: seconds, ...target });
  if (result.non2xx > 0) throw new Error(`${target.url}: ${result.non2xx} answers were no success`);
  return { perSecond: result.requests.average, p50: result.latency.p50, p99: result.latency.p99 };
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Ratio of a target to its floor: alternated, so that a machine whose speed drifts slows both; the median counts. */
export async function ratioToFloor(target, floor, { rounds = 3, seconds = 4 } = {}) {
  await load(target, 2);
  await load(floor, 1);
  const pairs = [];
  for (let round = 0; round < rounds; round += 1) pairs.push([await load(target, seconds), await load(floor, seconds)]);
  return {
    ratio: median(pairs.map(([own, bare]) => own.perSecond / bare.perSecond)),
    perSecond: median(pairs.map(([own]) => own.perSecond)),
    p99: median(pairs.map(([own]) => own.p99)),
    floorPerSecond: median(pairs.map(([, bare]) => bare.perSecond)),
  };
}

/** Median milliseconds of sequential calls. */
export async function medianLatency(url, token, calls = 60) {
  const times = [];
  for (let index = 0; index < calls + 10; index += 1) {
    const startedAt = performance.now();
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`${url}: ${response.status}`);
    if (index >= 10) times.push(performance.now() - startedAt);
  }
  return median(times);
}

const TICK_MS = 10;

/** Milliseconds of processor time that a process has used: what other work on the machine does not change. */
export async function cpuMs(pid) {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** Resident memory of a process, MiB. */
export async function residentMiB(pid) {
  const [, kib] = /^VmRSS:\s+(\d+) kB/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) / 1_024;
}

/** A value of the server's Prometheus text by the beginning of its line; NaN when there is none. */
export async function metric(api, line) {
  const text = await (await fetch(`${api}/metrics`)).text();
  const found = text.split('\n').find((candidate) => candidate.startsWith(`${line} `));
  return Number(found?.slice(line.length + 1));
}

/** Database round trips of the newest logged request of a route. */
export function roundTrips(lines, route) {
  for (const line of [...lines].reverse()) {
    const entry = JSON.parse(line);
    if (entry.route === route) return entry.dbRoundTrips;
  }
  return null;
}

/** One figure: name, value, ratio, goal. */
export function report(name, value, ratio, goal) {
  const text = (cell) => (typeof cell === 'number' ? String(Math.round(cell * 100) / 100) : (cell ?? ''));
  process.stdout.write(`${name.padEnd(44)} ${text(value).padStart(10)} ${text(ratio).padStart(8)}   ${goal}\n`);
}
