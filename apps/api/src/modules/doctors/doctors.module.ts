import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { GlucoseModule } from '../glucose';
import { UsersModule } from '../users';
import { DoctorNotes } from './doctor-notes.service';
import { DoctorProfile } from './doctor-profile.service';
import { DoctorsController } from './doctors.controller';
import { DoctorsRepository } from './doctors.repository';
import { DoctorsService } from './doctors.service';
import { MyPatients } from './my-patients.service';
import { UserRating, UserRatingSchema } from './user-rating.schema';
import { UserRatingsRepository } from './user-ratings.repository';

/** Doctors as others see them, and at their own desk. */
@Module({
  imports: [
    UsersModule,
    GlucoseModule,
    MongooseModule.forFeature([{ name: UserRating.name, schema: UserRatingSchema }]),
  ],
  controllers: [DoctorsController],
  providers: [DoctorsRepository, DoctorsService, DoctorProfile, DoctorNotes, MyPatients, UserRatingsRepository],
})
export class DoctorsModule {}
