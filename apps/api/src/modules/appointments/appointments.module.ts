import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { NotificationsModule } from '../notifications';
import { UsersModule } from '../users';
import { AppointmentExpiryJob } from './appointment-expiry.job';
import { AppointmentExpiry } from './appointment-expiry.service';
import { AppointmentRemindersJob } from './appointment-reminders.job';
import { Appointment, AppointmentSchema, BookingLock, BookingLockSchema } from './appointment.schema';
import { AppointmentsBookingService } from './appointments.booking.service';
import { AppointmentsController } from './appointments.controller';
import { AppointmentEventsListener } from './appointment-events.listener';
import { AppointmentsListener } from './appointments.listener';
import { AppointmentsRepository } from './appointments.repository';
import { AppointmentsService } from './appointments.service';
import { AvailabilityController } from './availability/availability.controller';
import { AvailabilityRepository } from './availability/availability.repository';
import { DoctorAvailability, DoctorAvailabilitySchema } from './availability/availability.schema';
import { AvailabilityService } from './availability/availability.service';
import { BookingRepository } from './booking.repository';
import { DoctorAppointmentsRepository } from './doctor-appointments.repository';
import { DoctorAppointmentsService } from './doctor-appointments.service';
import { CalendarController } from './calendar/calendar.controller';
import { CalendarService } from './calendar/calendar.service';
import { CalendarToken, CalendarTokenSchema } from './calendar/calendar-token.schema';
import { CalendarTokens } from './calendar/calendar-tokens.repository';
import { AppointmentCount, AppointmentCountSchema } from './counts/appointment-count.schema';
import { AppointmentCounts } from './counts/appointment-counts.repository';
import { AppointmentCountsCheck } from './counts/counts-check.service';
import { AppointmentLists } from './lists/appointment-lists.service';
import { ListRowsRepository } from './lists/list-rows.repository';
import { PairAppointments } from './pair-appointments.service';
import { RemindersRepository } from './reminders.repository';
import { AppointmentsErasureStep } from './appointments-erasure.step';
import { AppointmentsExport } from './appointments.export';

/** Appointments of patients and doctors. */
@Module({
  imports: [
    UsersModule,
    NotificationsModule,
    MongooseModule.forFeature([
      { name: Appointment.name, schema: AppointmentSchema },
      { name: AppointmentCount.name, schema: AppointmentCountSchema },
      { name: BookingLock.name, schema: BookingLockSchema },
      { name: CalendarToken.name, schema: CalendarTokenSchema },
      { name: DoctorAvailability.name, schema: DoctorAvailabilitySchema },
    ]),
  ],
  controllers: [CalendarController, AppointmentsController, AvailabilityController],
  providers: [
    AppointmentsExport,
    AppointmentsErasureStep,
    AppointmentsRepository,
    AppointmentCounts,
    AppointmentCountsCheck,
    AppointmentLists,
    ListRowsRepository,
    AvailabilityRepository,
    AvailabilityService,
    BookingRepository,
    DoctorAppointmentsRepository,
    DoctorAppointmentsService,
    AppointmentsService,
    AppointmentsBookingService,
    AppointmentsListener,
    AppointmentEventsListener,
    AppointmentExpiry,
    AppointmentExpiryJob,
    AppointmentRemindersJob,
    RemindersRepository,
    PairAppointments,
    CalendarService,
    CalendarTokens,
  ],
  exports: [PairAppointments],
})
export class AppointmentsModule {}
