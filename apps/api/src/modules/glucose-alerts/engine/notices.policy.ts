import type { AlertReading, Chain, ChainRecipient, LevelNotices } from './alert-types';
import { noticesOf, recipientOf, standingOf } from './chain.machine';
import type { Evaluation } from './evaluation';
import { FRESH_MS, isEnabled, LEVELS, MINUTE_MS, satisfies } from './levels.policy';
import { metLevel } from './runs.policy';

const RECHECK_MS = 15 * MINUTE_MS;

/** Tells a recipient of the chain's level and notes when. @param series a new one starts counting repeats again */
export function tell(
  run: Evaluation,
  chain: Chain,
  recipient: ChainRecipient,
  reading: AlertReading,
  options: { readonly series: 'new' | 'same'; readonly at?: number; readonly minutes?: number | null },
): void {
  const { code } = chain;
  const at = options.at ?? run.now;
  let level = noticesOf(recipient, code);
  if (level === undefined) {
    level = { code, firstAt: at, lastAt: at, seq: 0, seriesAt: at, repeats: 0 };
    recipient.levels.push(level);
  } else continueLevel(level, at, options.series);
  run.notice({
    recipientId: recipient.userId,
    code,
    severity: run.severityOf(chain),
    side: chain.side,
    openedAt: chain.openedAt,
    alertId: chain.id,
    reading,
    seq: level.seq,
    minutes: options.minutes ?? null,
  });
}

function continueLevel(level: LevelNotices, at: number, series: 'new' | 'same'): void {
  level.seq += 1;
  level.lastAt = at;
  level.repeats = series === 'new' ? 0 : level.repeats + 1;
  if (series === 'new') level.seriesAt = at;
}

/** Is the newest reading fresh and, by its value, in the level of the chain? Returns it if so. */
function newestInLevel(run: Evaluation, chain: Chain, kind?: 'cgm'): AlertReading | null {
  const { code } = chain;
  if (code === 'predicted_low' || !isEnabled(code, run.settings)) return null;
  const reading = run.newest(kind);
  if (reading === null || run.now - reading.t > FRESH_MS) return null;
  return satisfies(code, reading, run.settings) ? reading : null;
}

/**
 * The first notice of a level, or the one after a return to it: as soon as its cooldown is over, to a patient who has
 * neither acknowledged nor snoozed it. What falls into the cooldown is told at its end, if it still holds then.
 */
export function tellFirst(run: Evaluation, chain: Chain, reading: AlertReading): void {
  const { patientId } = run.input;
  const { code, side } = chain;
  const patient = recipientOf(chain, patientId);
  if (noticesOf(patient, code) !== undefined && !chain.left) return;
  if (standingOf(patient, code, run.now) !== 'active' || run.raised.has(code)) return;
  if (metLevel(side, reading, run.history, run.settings) !== code) return;
  if (run.isCoolingDown(patientId, code, reading.kind)) return;
  tell(run, chain, patient, reading, { series: 'new' });
  run.noteFirst(patientId, code);
  run.raised.add(code);
  chain.left = false;
  if (reading.kind === 'capillary' && side === 'low') chain.recheckAt = run.now + RECHECK_MS;
}

/** What is due to the patient of an open chain now: the held first notice, the end of a snooze, a reminder, a repeat. */
export function tellDue(run: Evaluation, chain: Chain): void {
  const patient = recipientOf(chain, run.input.patientId);
  const reading = newestInLevel(run, chain);
  if (reading === null) return;
  if (patient.snoozedUntil !== null && patient.snoozedUntil <= run.now) {
    beginAgain(run, chain, patient, reading);
    return;
  }
  const standing = standingOf(patient, chain.code, run.now);
  if (standing === 'snoozed') return;
  if (standing === 'active') tellFirst(run, chain, reading);
  // Reminders and repeats are the sensor's: a capillary value does not go on by itself.
  const sensor = newestInLevel(run, chain, 'cgm');
  if (sensor === null) return;
  if (standing === 'acknowledged') {
    if (run.now >= (reminderDueAt(chain, patient) ?? Infinity)) beginAgain(run, chain, patient, sensor);
    return;
  }
  const due = repeatDueAt(chain, patient);
  // The due time is kept where the scheduler came late by less than a minute, so that repeats do not drift.
  if (due !== null && due <= run.now)
    tell(run, chain, patient, sensor, { series: 'same', at: run.now - due < MINUTE_MS ? due : run.now });
}

function beginAgain(run: Evaluation, chain: Chain, patient: ChainRecipient, reading: AlertReading): void {
  patient.acknowledgedAt = null;
  patient.acknowledgedCode = null;
  patient.snoozedUntil = null;
  patient.snoozedCode = null;
  chain.left = false;
  tell(run, chain, patient, reading, { series: 'new' });
}

/** When the patient is reminded of an acknowledged level; null when never. */
export function reminderDueAt(chain: Chain, patient: ChainRecipient): number | null {
  const { reminder } = LEVELS[chain.code];
  return reminder === null || patient.acknowledgedAt === null ? null : patient.acknowledgedAt + reminder * MINUTE_MS;
}

/** When the level is told again to a patient who does not answer; null when not (any more). */
export function repeatDueAt(chain: Chain, patient: ChainRecipient): number | null {
  const level = noticesOf(patient, chain.code);
  const { repeat } = LEVELS[chain.code];
  if (level === undefined || repeat === null || chain.left || level.repeats >= repeat.atMost) return null;
  return level.lastAt + repeat.every * MINUTE_MS;
}
