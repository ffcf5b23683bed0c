import { Module } from '@nestjs/common';
import { AppointmentsModule } from '../appointments';
import { NotificationsModule } from '../notifications';
import { PatientRequestsModule } from '../patient-requests';
import { UsersModule } from '../users';
import { AddingPatients } from './adding-patients.service';
import { CareRelationsController } from './care-relations.controller';
import { CareRelationsListener } from './care-relations.listener';
import { CareRelationsService } from './care-relations.service';
import { CareRelationsErasureStep } from './care-relations-erasure.step';
import { CareLinksExport } from './care-links.export';

/** Consent and the end of care relations. */
@Module({
  imports: [UsersModule, NotificationsModule, AppointmentsModule, PatientRequestsModule],
  controllers: [CareRelationsController],
  providers: [CareLinksExport, AddingPatients, CareRelationsErasureStep, CareRelationsService, CareRelationsListener],
})
export class CareRelationsModule {}
