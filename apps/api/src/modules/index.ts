import { AccountMailsModule } from './account-mails';
import { ActivitiesModule } from './activities';
import { AppointmentsModule } from './appointments';
import { AuditModule } from './audit';
import { AuthModule } from './auth';
import { BoostsModule } from './boosts';
import { CareRelationsModule } from './care-relations';
import { ConversationsModule } from './conversations';
import { DoctorsModule } from './doctors';
import { GlucoseModule } from './glucose';
import { MedicationRequestsModule } from './medication-requests';
import { GlucoseAlertsModule } from './glucose-alerts';
import { NotificationsModule } from './notifications';
import { NutritionModule } from './nutrition';
import { PatientRequestsModule } from './patient-requests';
import { PatientsModule } from './patients';
import { PharmacistsModule } from './pharmacists';
import { RealtimeModule } from './realtime';
import { ReviewsModule } from './reviews';
import { UsersModule } from './users';

/** Every feature of the server. */
export const FEATURE_MODULES = [
  UsersModule,
  AccountMailsModule,
  AuditModule,
  AuthModule,
  NotificationsModule,
  DoctorsModule,
  PatientsModule,
  PatientRequestsModule,
  CareRelationsModule,
  AppointmentsModule,
  NutritionModule,
  ConversationsModule,
  GlucoseModule,
  GlucoseAlertsModule,
  RealtimeModule,
  ActivitiesModule,
  BoostsModule,
  PharmacistsModule,
  MedicationRequestsModule,
  ReviewsModule,
] as const;
