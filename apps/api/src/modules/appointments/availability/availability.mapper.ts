import type { AvailabilityResponse } from '../dto/availability.dto';
import type { AvailabilityInterval, DoctorAvailability } from './availability.schema';

function toInterval({ start, end, type }: AvailabilityInterval): AvailabilityInterval {
  return { start, end, ...(type === undefined ? {} : { type }) };
}

/** A stored availability as it is shown. */
export function toAvailability(stored: DoctorAvailability): AvailabilityResponse {
  return {
    doctorId: stored.doctorId.toHexString(),
    timeZone: stored.timeZone,
    slotMinutes: stored.slotMinutes,
    published: stored.published,
    rules: stored.rules.map((rule) => ({ weekday: rule.weekday, ...toInterval(rule) })),
    exceptions: stored.exceptions.map(({ date, closed, intervals }) => ({
      date,
      closed,
      intervals: intervals.map(toInterval),
    })),
    updatedAt: stored.updatedAt,
  };
}
