import { Module } from '@nestjs/common';
import { UsersModule } from '../users';
import { PatientsController } from './patients.controller';
import { PatientsService } from './patients.service';

/** Patients. */
@Module({ imports: [UsersModule], controllers: [PatientsController], providers: [PatientsService] })
export class PatientsModule {}
