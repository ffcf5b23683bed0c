import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { UsersModule } from '../users';
import { NotedAccountsRepository } from './noted-accounts.repository';
import { ProfessionalNotes } from './professional-notes.service';
import { UserRating, UserRatingSchema } from './user-rating.schema';
import { UserRatingsRepository } from './user-ratings.repository';

/** Notes of professionals by patients; doctors and pharmacists show them. */
@Module({
  imports: [UsersModule, MongooseModule.forFeature([{ name: UserRating.name, schema: UserRatingSchema }])],
  providers: [UserRatingsRepository, NotedAccountsRepository, ProfessionalNotes],
  exports: [ProfessionalNotes],
})
export class UserRatingsModule {}
