import { toMgdl } from '@diabcare/glycemia';
import type { ReadingPatch } from './dto/reading.dto';
import type { Glucose } from './glucose.schema';
import { assertMeasuredAt, assertValue, dedupeKeyOf } from './reading.policy';

/** The optional texts of a reading after a patch: absent leaves, null removes. */
function textsOf(stored: Glucose, patch: ReadingPatch): Pick<Glucose, 'period' | 'note'> {
  const period = patch.period === undefined ? stored.period : patch.period;
  const note = patch.note === undefined ? stored.note : patch.note;
  return {
    ...(period === undefined || period === null ? {} : { period }),
    ...(note === undefined || note === null ? {} : { note }),
  };
}

/** A moved manual reading is no longer what an upload brought; a device's key moves along. */
function keyOf(stored: Glucose, changed: Glucose, moves: boolean): Pick<Glucose, 'dedupeKey'> {
  const key = !moves ? stored.dedupeKey : stored.source === 'manual' ? undefined : dedupeKeyOf(changed);
  return key === undefined ? {} : { dedupeKey: key };
}

/**
 * The reading with a patch applied; null when it changes nothing. The unit alone re-reads the same number.
 * @throws AppError GLUCOSE_OUT_OF_RANGE, MEASURED_AT_IN_FUTURE, VALIDATION_FAILED
 */
export function patchedReading(stored: Glucose, patch: ReadingPatch, now: Date): Glucose | null {
  const value = patch.value ?? stored.value;
  const unit = patch.unit ?? stored.unit;
  const revalued = value !== stored.value || unit !== stored.unit;
  if (revalued) assertValue(value, unit);
  const measuredAt = patch.measuredAt?.date ?? stored.measuredAt;
  const moves = measuredAt.getTime() !== stored.measuredAt.getTime();
  if (patch.measuredAt !== undefined && moves) assertMeasuredAt(patch.measuredAt, now);
  const texts = textsOf(stored, patch);
  if (!moves && !revalued && texts.period === stored.period && texts.note === stored.note) return null;
  const { period: _period, note: _note, dedupeKey: _key, ...rest } = stored;
  const changed: Glucose = {
    ...rest,
    ...texts,
    value,
    unit,
    valueMgdl: toMgdl(value, unit),
    measuredAt,
    __v: stored.__v + 1,
    updatedAt: now,
  };
  return { ...changed, ...keyOf(stored, changed, moves) };
}
