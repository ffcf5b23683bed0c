import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { ActivitiesModule } from '../activities';
import { NotificationsModule } from '../notifications';
import { PharmacistsModule } from '../pharmacists';
import { UsersModule } from '../users';
import { MedicationRequestExpiryJob } from './medication-request-expiry.job';
import { MedicationRequest, MedicationRequestSchema } from './medication-request.schema';
import { MedicationRequestAnswers } from './medication-requests.answers.service';
import { MedicationRequestsController } from './medication-requests.controller';
import { MedicationRequestCreation } from './medication-requests.creation.service';
import { MedicationRequestsErasureStep } from './medication-requests-erasure.step';
import { MedicationRequestsExport } from './medication-requests.export';
import { MedicationRequestsListener } from './medication-requests.listener';
import { MedicationRequestsRepository } from './medication-requests.repository';
import { MedicationRequestsService } from './medication-requests.service';
import { PharmacyRelationsRepository } from './pharmacy-relations.repository';
import { PharmacyRelations } from './pharmacy-relations.service';
import { RequestLedger } from './request-ledger.service';
import { RequestListsRepository } from './request-lists.repository';

/** Requests of patients for medications, and what they make of a patient and a pharmacy. */
@Module({
  imports: [
    UsersModule,
    NotificationsModule,
    ActivitiesModule,
    PharmacistsModule,
    MongooseModule.forFeature([{ name: MedicationRequest.name, schema: MedicationRequestSchema }]),
  ],
  controllers: [MedicationRequestsController],
  providers: [
    MedicationRequestsRepository,
    RequestListsRepository,
    PharmacyRelationsRepository,
    PharmacyRelations,
    RequestLedger,
    MedicationRequestsService,
    MedicationRequestCreation,
    MedicationRequestAnswers,
    MedicationRequestsListener,
    MedicationRequestExpiryJob,
    MedicationRequestsErasureStep,
    MedicationRequestsExport,
  ],
  exports: [PharmacyRelations],
})
export class MedicationRequestsModule {}
