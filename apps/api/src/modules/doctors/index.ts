export { DoctorsModule } from './doctors.module';
