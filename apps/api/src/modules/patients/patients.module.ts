import { Module } from '@nestjs/common';
import { MedicationRequestsModule } from '../medication-requests';
import { PatientRequestsModule } from '../patient-requests';
import { UsersModule } from '../users';
import { PatientLists } from './patient-lists.service';
import { PatientsController } from './patients.controller';
import { PatientsService } from './patients.service';

/** Patients. */
@Module({
  imports: [UsersModule, PatientRequestsModule, MedicationRequestsModule],
  controllers: [PatientsController],
  providers: [PatientsService, PatientLists],
})
export class PatientsModule {}
