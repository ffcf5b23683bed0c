export { AppointmentsModule } from './appointments.module';
export { PairAppointments } from './pair-appointments.service';
