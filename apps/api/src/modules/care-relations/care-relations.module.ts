import { Module } from '@nestjs/common';
import { AppointmentsModule } from '../appointments';
import { NotificationsModule } from '../notifications';
import { PatientRequestsModule } from '../patient-requests';
import { UsersModule } from '../users';
import { CareRelationsController } from './care-relations.controller';
import { CareRelationsListener } from './care-relations.listener';
import { CareRelationsService } from './care-relations.service';

/** Consent and the end of care relations. */
@Module({
  imports: [UsersModule, NotificationsModule, AppointmentsModule, PatientRequestsModule],
  controllers: [CareRelationsController],
  providers: [CareRelationsService, CareRelationsListener],
})
export class CareRelationsModule {}
