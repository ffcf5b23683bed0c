import { Module } from '@nestjs/common';
import { UsersModule } from '../users';
import { DoctorsController } from './doctors.controller';
import { DoctorsRepository } from './doctors.repository';
import { DoctorsService } from './doctors.service';

/** Doctors as others see them. */
@Module({ imports: [UsersModule], controllers: [DoctorsController], providers: [DoctorsRepository, DoctorsService] })
export class DoctorsModule {}
