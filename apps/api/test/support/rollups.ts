import { buildDay, type Day } from '@diabcare/glycemia';
import { mongo } from 'mongoose';
import { toAnalysisReading } from '../../src/modules/glucose/glucose-readings.repository';
import { dateOf } from '../../src/modules/glucose/days/dates';
import type { Glucose } from '../../src/modules/glucose/glucose.schema';
import type { TestApp } from './app';

/** Day documents of a patient by date, as they are stored, in the shape of `buildDay`. */
export async function storedDays(t: TestApp, patientId: string): Promise<Record<string, unknown>> {
  const rows = await t.db
    .collection('glucosedays')
    .find({ patientId: new mongo.ObjectId(patientId) })
    .toArray();
  const days = rows.map(({ _id, patientId: _patient, rev: _rev, life: _life, dirty, ...content }) => {
    if (dirty === true) return [content['date'], 'dirty'] as const;
    return [content['date'] as string, plain(content)] as const;
  });
  return Object.fromEntries(days) as Record<string, unknown>;
}

/** How many readings of a patient are stored. */
export function countReadings(t: TestApp, patientId: string): Promise<number> {
  return t.db.collection('glucoses').countDocuments({ patientId: new mongo.ObjectId(patientId) });
}

/** What the documents should say: `buildDay` of all stored readings, day by day. */
export async function expectedDays(t: TestApp, patientId: string, zone: string): Promise<Record<string, unknown>> {
  const rows = await t.db
    .collection<Glucose>('glucoses')
    .find({ patientId: new mongo.ObjectId(patientId) })
    .toArray();
  const readings = rows.map(toAnalysisReading);
  const dates = [...new Set(readings.map(({ t: at }) => dateOf(at, zone)))].sort();
  const days = dates.flatMap((date): [string, Day][] => {
    const day = buildDay(readings, date, zone);
    return day === null ? [] : [[date, day]];
  });
  return Object.fromEntries(days);
}

/** Dates as milliseconds and ids as text, at the places where the documents have them. */
function plain(content: Record<string, unknown>): Record<string, unknown> {
  const convert = (value: unknown): unknown => {
    if (value instanceof Date) return value.getTime();
    if (value instanceof mongo.ObjectId) return value.toHexString();
    if (Array.isArray(value)) return value.map(convert);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, convert(part)]));
  };
  return convert(content) as Record<string, unknown>;
}
