import { Module } from '@nestjs/common';
import { GlucoseModule } from '../glucose';
import { UserRatingsModule } from '../user-ratings';
import { UsersModule } from '../users';
import { DoctorNotes } from './doctor-notes.service';
import { DoctorOutlines } from './doctor-outlines.service';
import { DoctorProfile } from './doctor-profile.service';
import { DoctorsController } from './doctors.controller';
import { DoctorsRepository } from './doctors.repository';
import { DoctorsService } from './doctors.service';
import { MyPatients } from './my-patients.service';

/** Doctors as others see them, and at their own desk. */
@Module({
  imports: [UsersModule, UserRatingsModule, GlucoseModule],
  controllers: [DoctorsController],
  providers: [DoctorsRepository, DoctorOutlines, DoctorsService, DoctorProfile, DoctorNotes, MyPatients],
})
export class DoctorsModule {}
