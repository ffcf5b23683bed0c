import { APPOINTMENT_STATUSES, type AppointmentStatus, type AppointmentType } from './appointment.schema';
import type { AppointmentStatsResponse } from './dto/appointment-stats.dto';

/** How many appointments share a status and a type. */
export interface AppointmentCount {
  readonly status: AppointmentStatus;
  readonly type: AppointmentType;
  readonly count: number;
}

/** The statistics of contract 50 section 2.1: every status and type has its number, also when that is 0. */
export function toStats(counts: readonly AppointmentCount[]): AppointmentStatsResponse {
  const sumOf = (wanted: (row: AppointmentCount) => boolean): number =>
    counts.reduce((sum, row) => (wanted(row) ? sum + row.count : sum), 0);
  const inStatus = (status: AppointmentStatus): number => sumOf((row) => row.status === status);
  const online = sumOf(({ type }) => type === 'Online');
  const physical = sumOf(({ type }) => type === 'Physical');
  return {
    total: sumOf(() => true),
    byStatus: APPOINTMENT_STATUSES.map((status) => ({ _id: status, count: inStatus(status) })),
    byType: { Online: online, Physical: physical, ONLINE: online, PHYSICAL: physical },
    completed: inStatus('Completed'),
    cancelled: inStatus('Cancelled'),
  };
}
