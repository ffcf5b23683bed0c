import { APPOINTMENT_STATUSES, type AppointmentStatus, type AppointmentType } from '../appointment.schema';
import type { AppointmentStatsResponse } from '../dto/appointment-stats.dto';
import type { CountedWeek } from './appointment-counts.repository';
import { CELLS } from './counted-weeks.policy';

/** The statistics of contract 50 section 2.1: every status and type has its number, also when that is 0. */
export function toStats(weeks: readonly Pick<CountedWeek, 'cells'>[]): AppointmentStatsResponse {
  const sumOf = (wanted: (row: { status: AppointmentStatus; type: AppointmentType }) => boolean): number => {
    const cells = CELLS.filter(wanted).map(({ cell }) => cell);
    return weeks.reduce((sum, week) => cells.reduce((part, cell) => part + (week.cells[cell] ?? 0), sum), 0);
  };
  const inStatus = (wanted: AppointmentStatus): number => sumOf(({ status }) => status === wanted);
  const online = sumOf(({ type }) => type === 'Online');
  const physical = sumOf(({ type }) => type === 'Physical');
  return {
    total: online + physical,
    byStatus: APPOINTMENT_STATUSES.map((status) => ({ _id: status, count: inStatus(status) })),
    byType: { Online: online, Physical: physical, ONLINE: online, PHYSICAL: physical },
    completed: inStatus('Completed'),
    cancelled: inStatus('Cancelled'),
  };
}
