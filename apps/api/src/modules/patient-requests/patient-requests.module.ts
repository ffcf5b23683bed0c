import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { ConversationsModule } from '../conversations';
import { NotificationsModule } from '../notifications';
import { UsersModule } from '../users';
import { LinkOpener } from './link-opener.service';
import { PatientRequest, PatientRequestSchema } from './patient-request.schema';
import { PatientRequestsController } from './patient-requests.controller';
import { PatientRequestsListener } from './patient-requests.listener';
import { PatientRequestsRepository } from './patient-requests.repository';
import { PatientRequestsService } from './patient-requests.service';
import { PatientRequestsErasureStep } from './patient-requests-erasure.step';
import { PatientRequestsExport } from './patient-requests.export';

/** Requests for links and access. */
@Module({
  imports: [
    UsersModule,
    NotificationsModule,
    ConversationsModule,
    MongooseModule.forFeature([{ name: PatientRequest.name, schema: PatientRequestSchema }]),
  ],
  controllers: [PatientRequestsController],
  providers: [
    PatientRequestsExport,
    PatientRequestsErasureStep,
    PatientRequestsRepository,
    PatientRequestsService,
    PatientRequestsListener,
    LinkOpener,
  ],
  exports: [PatientRequestsRepository, LinkOpener],
})
export class PatientRequestsModule {}
