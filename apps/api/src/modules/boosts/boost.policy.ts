import { invalidField } from '../../common/errors';
import type { BoostStatus, BoostType } from './boost.schema';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const DAYS: Readonly<Record<BoostType, number>> = { boost_24h: 1, boost_week: 7, boost_month: 30 };

/** The longest boost lasts this long: nothing that began earlier can overlap. */
export const LONGEST_BOOST_MS = 30 * DAY_MS;

/** When a boost ends: 24 h, 7 or 30 times 24 h after its start. */
export function boostEnd(type: BoostType, startsAt: Date): Date {
  return new Date(startsAt.getTime() + DAYS[type] * DAY_MS);
}

/** @throws AppError VALIDATION_FAILED for a start more than 5 minutes ago or more than 30 days ahead */
export function assertStart(startsAt: Date, now: Date): void {
  const ahead = startsAt.getTime() - now.getTime();
  if (ahead < -5 * MINUTE_MS || ahead > 30 * DAY_MS)
    throw invalidField(
      'startsAt',
      'range',
      'must be from 5 minutes ago to 30 days ahead',
      'doit être compris entre 5 minutes avant maintenant et 30 jours plus tard',
    );
}

/** The status that holds now: a boost whose time has passed is expired, whether the job has been there or not. */
export function effectiveStatus(boost: { status: BoostStatus; expiresAt: Date }, now: Date): BoostStatus {
  return boost.status === 'active' && boost.expiresAt <= now ? 'expired' : boost.status;
}
