export { AccountDirectory } from './account-directory';
export { type AccountView, toDoctorView, toPrivateView, toSummaryView, withoutImages } from './account.mapper';
export { Account, type GeoPoint } from './account.schema';
export { AccountUpdates } from './account-updates.service';
export { type AccountRecord, AccountsRepository, type AccountSummary, type NewAccount } from './accounts.repository';
export { AdminSeeder } from './admin-seeder.service';
export { AccountResponse, DoctorResponse, UserSummaryResponse } from './dto/account.dto';
export { UsersModule } from './users.module';
export { UsersService } from './users.service';
