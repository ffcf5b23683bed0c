import { StateMachine } from '../../common/state-machine';
import type { AppointmentStatus } from './appointment.schema';

/** Status of an appointment (contract 50 section 3.3); Confirmed goes back to Pending only by a move. */
export const APPOINTMENT_MACHINE = new StateMachine<AppointmentStatus>(
  'appointment',
  {
    Pending: ['Confirmed', 'Cancelled'],
    Confirmed: ['Completed', 'Cancelled', 'Pending'],
    Completed: [],
    Cancelled: [],
  },
  ['Pending'],
);
