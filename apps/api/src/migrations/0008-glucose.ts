import { canonicalZone, localDay } from '../common/time';
import {
  type Database,
  dateOf,
  existing,
  idOf,
  type Migration,
  type MigrationRun,
  newId,
  type Old,
  setting,
  spelled,
  textOf,
  unlessConflict,
  Writes,
} from '../platform/database';

const UNITS = ['mg/dL', 'mmol/L'] as const;
const SOURCES = ['manual', 'glucometer', 'cgm', 'import'] as const;
const PERIODS = ['fasting', 'before_meal', 'after_meal', 'bedtime', 'random'] as const;
/** mg/dL of one mmol/L (contract 30). */
const MGDL_PER_MMOL = 18.0182;
/** Nothing below it is glucose (glucose metrics section 5). */
const LEAST_MGDL = 1;
const INTERVALS = [1, 3, 5, 15] as const;
const DEFAULT_INTERVAL = 5;
const FEWEST_FOR_MEDIAN = 4;
const MINUTE_MS = 60_000;
const BATCH = 2_000;

/** The standard interval nearest to the median step of a day's sensor readings; 5 for fewer than four. */
function intervalOf(instants: readonly number[]): number {
  const sorted = [...new Set(instants)].sort((a, b) => a - b);
  if (sorted.length < FEWEST_FOR_MEDIAN) return DEFAULT_INTERVAL;
  const steps = sorted
    .slice(1)
    .map((at, index) => at - (sorted[index] ?? at))
    .sort((a, b) => a - b);
  const middle = steps.length / 2;
  const median = ((steps[Math.ceil(middle) - 1] ?? 0) + (steps[Math.floor(middle)] ?? 0)) / 2 / MINUTE_MS;
  return INTERVALS.reduce<number>((best, next) => (Math.abs(next - median) < Math.abs(best - median) ? next : best), 1);
}

function measuredAtOf(reading: Old): Date {
  return dateOf(reading['measuredAt']) ?? dateOf(reading['createdAt']) ?? new Date(0);
}

function sourceOf(reading: Old): (typeof SOURCES)[number] {
  return spelled(reading['source'], SOURCES) ?? 'manual';
}

/** The key under which an upload is recognised; absent for what was entered by hand. */
function dedupeKeyOf(reading: Old, source: string): string | undefined {
  if (source === 'manual') return undefined;
  const kind = source === 'import' ? `import:${textOf(reading['kind']) || 'capillary'}` : source;
  return `${kind}|${measuredAtOf(reading).getTime()}`;
}

/** A patient's readings of one local day, brought to this version. */
async function rewriteDay(day: readonly Old[], writes: Writes, keys: Set<string>): Promise<void> {
  const sensor = day.filter((reading) => sourceOf(reading) === 'cgm');
  const interval = intervalOf(sensor.map((reading) => measuredAtOf(reading).getTime()));
  for (const { dedupeKey } of day) if (typeof dedupeKey === 'string') keys.add(dedupeKey);
  for (const reading of day) {
    if (!isGlucose(reading)) {
      await writes.delete(reading._id);
      continue;
    }
    const source = sourceOf(reading);
    const key = typeof reading['dedupeKey'] === 'string' ? undefined : dedupeKeyOf(reading, source);
    const isFirst = key !== undefined && !keys.has(key);
    if (isFirst) keys.add(key);
    const update = setting(reading, {
      ...valueOf(reading),
      source,
      period: reading['period'] === undefined ? undefined : (spelled(reading['period'], PERIODS) ?? null),
      measuredAt: reading['measuredAt'] instanceof Date ? undefined : measuredAtOf(reading),
      interval: source === 'cgm' && reading['interval'] === undefined ? givenOr(reading, interval) : undefined,
      dedupeKey: isFirst ? key : undefined,
    });
    if (update !== null) await writes.update(reading._id, update);
  }
}

function givenOr(reading: Old, interval: number): number {
  const given = reading['intervalMinutes'];
  return typeof given === 'number' ? given : interval;
}

interface GlucoseValue {
  readonly unit: (typeof UNITS)[number];
  readonly value: number;
  readonly valueMgdl: number;
}

function valueOf(reading: Old): GlucoseValue {
  const unit = spelled(reading['unit'], UNITS) ?? 'mg/dL';
  const value = typeof reading['value'] === 'number' ? reading['value'] : Number(reading['value'] ?? NaN);
  return { unit, value, valueMgdl: unit === 'mmol/L' ? value * MGDL_PER_MMOL : value };
}

/** Can it be glucose at all? One that cannot would keep every statistic of its day from being computed. */
function isGlucose(reading: Old): boolean {
  const { valueMgdl } = valueOf(reading);
  return Number.isFinite(valueMgdl) && valueMgdl >= LEAST_MGDL;
}

async function zoneOf(connection: Database, patientId: unknown): Promise<string> {
  const account = await connection
    .collection('users')
    .findOne({ _id: patientId as never }, { projection: { timeZone: 1 } });
  const stored = account?.['timeZone'] as unknown;
  return (typeof stored === 'string' ? canonicalZone(stored) : null) ?? 'UTC';
}

/** The readings of a patient, day by day of the patient's zone. */
async function eachDay(
  connection: Database,
  patientId: unknown,
  zone: string,
  visit: (date: string, day: readonly Old[]) => Promise<void>,
): Promise<void> {
  let [date, day]: [string, Old[]] = ['', []];
  const readings = connection
    .collection('glucoses')
    .find<Old>({ patientId }, { batchSize: BATCH })
    .sort({ measuredAt: 1, _id: 1 });
  for await (const reading of readings) {
    const next = localDay(measuredAtOf(reading), zone);
    if (next !== date) {
      if (day.length > 0) await visit(date, day);
      [date, day] = [next, []];
    }
    day.push(reading);
  }
  if (day.length > 0) await visit(date, day);
}

async function rewritePatient(connection: Database, patientId: unknown, run: MigrationRun) {
  const glucoses = new Writes(connection.collection('glucoses'), run);
  const days = new Writes(connection.collection('glucosedays'), run);
  const keys = new Set<string>();
  let unusable = 0;
  const built = await connection
    .collection('glucosedays')
    .find<Old>({ patientId }, { projection: { date: 1 } })
    .toArray();
  const known = new Set(built.map((day) => day['date'] as string));
  await eachDay(connection, patientId, await zoneOf(connection, patientId), async (date, day) => {
    const before = glucoses.count;
    unusable += day.filter((reading) => !isGlucose(reading)).length;
    await rewriteDay(day, glucoses, keys);
    if (known.has(date) && glucoses.count === before) return;
    known.add(date);
    // What a write to the day does: whoever reads it next, or the job, builds its content from the readings.
    const mark = { $inc: { rev: 1 }, $set: { dirty: true }, $setOnInsert: { life: newId() } };
    await days.upsert({ patientId, date }, mark);
  });
  await glucoses.flush();
  await days.flush();
  return { changed: glucoses.count - unusable, unusable, days: days.count };
}

/** The indexes under which a patient's readings and days are found; built before they are walked through. */
async function indexByPatient(connection: Database, run: MigrationRun): Promise<void> {
  if (run.dryRun) return;
  const time = { key: { patientId: 1, measuredAt: -1, _id: -1 }, name: 'glucoses_time' } as const;
  // An older version may have the same one under another name; it serves as well here.
  await connection.collection('glucoses').createIndexes([time]).catch(unlessConflict);
  const day = { key: { patientId: 1, date: 1 }, name: 'glucosedays_day', unique: true } as const;
  await connection.collection('glucosedays').createIndexes([day]);
}

/**
 * Step 8: defaults of readings, their value in mg/dL and interval; their days are marked to be built. What
 * cannot be a glucose value is removed, and counted.
 */
export const glucose: Migration = {
  name: '0008-glucose',
  async up(connection, run) {
    const totals = { patients: 0, changed: 0, unusable: 0, days: 0 };
    if ((await existing(connection, ['glucoses'])).length === 0) return totals;
    const patients = new Map<string, unknown>();
    const owners = connection.collection('glucoses').find<Old>({}, { projection: { patientId: 1 }, batchSize: 10_000 });
    for await (const { patientId } of owners) patients.set(String(patientId), patientId);
    if (patients.size > 0) await indexByPatient(connection, run);
    for (const patientId of patients.values()) {
      if (idOf(patientId) === null) continue;
      const { changed, unusable, days } = await rewritePatient(connection, patientId, run);
      totals.patients += 1;
      totals.changed += changed;
      totals.unusable += unusable;
      totals.days += days;
    }
    return totals;
  },
};
