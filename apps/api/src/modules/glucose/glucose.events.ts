import type { Tx } from '../../platform/database';
import type { Glucose } from './glucose.schema';
import { kindOf } from './reading.policy';

/** Topic of {@link GlucoseStored}. */
export const GLUCOSE_STORED = 'glucose.stored';

/** Payload: readings that may raise an alert were stored; the others raise none whatever they say. */
export interface GlucoseStored {
  readonly patientId: string;
  /** Fresh readings of this write, in no order. */
  readonly readingIds: readonly string[];
  /** When the server received them. */
  readonly receivedAt: Date;
  /** A single POST, as opposed to a batch. */
  readonly single: boolean;
}

/** Topic of {@link GlucoseCorrected}. */
export const GLUCOSE_CORRECTED = 'glucose.corrected';

/** Payload: a stored reading was changed or deleted. */
export interface GlucoseCorrected {
  readonly patientId: string;
  readonly readingId: string;
  readonly deleted: boolean;
}

const FRESH_MS = 15 * 60_000;
const MANUAL_MS = 24 * 60 * 60_000;

/** May the reading raise an alert: fresh and not imported, or typed in by hand within a day (glucose-alerts section 1)? */
function mayAlert(reading: Glucose, receivedAt: Date, single: boolean): boolean {
  if (reading.source === 'import') return false;
  const age = receivedAt.getTime() - reading.measuredAt.getTime();
  return age <= FRESH_MS || (single && reading.source === 'manual' && age <= MANUAL_MS);
}

/** Stores what may have to be told of new readings; nothing for backfill. */
export function emitStored(tx: Tx, patientId: string, stored: readonly Glucose[], receivedAt: Date, single: boolean) {
  const candidates = stored.filter((reading) => mayAlert(reading, receivedAt, single));
  if (candidates.length === 0) return;
  const payload: GlucoseStored = {
    patientId,
    readingIds: candidates.map(({ _id }) => _id.toHexString()),
    receivedAt,
    single,
  };
  tx.emit({ topic: GLUCOSE_STORED, key: `alert:${patientId}`, payload: { ...payload } });
}

/** Stores that a reading is no longer what it was. Imports never raised anything. */
export function emitCorrected(tx: Tx, reading: Glucose, deleted: boolean): void {
  if (reading.source === 'import' && kindOf(reading) === 'capillary') return;
  const patientId = reading.patientId.toHexString();
  const payload: GlucoseCorrected = { patientId, readingId: reading._id.toHexString(), deleted };
  tx.emit({ topic: GLUCOSE_CORRECTED, key: `alert:${patientId}`, payload: { ...payload } });
}
