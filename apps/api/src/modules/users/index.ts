export { AccountDirectory } from './account-directory';
export { ACCOUNT_MACHINE } from './account.machine';
export {
  type AccountView,
  PROFILE_DEFAULTS,
  profileView,
  toDoctorView,
  toListView,
  toPrivateView,
  toSummaryView,
  withoutImages,
} from './account.mapper';
export { AccountPolicy } from './account.policy';
export { Account, type GeoPoint } from './account.schema';
export { type AccountPatch, AccountUpdates } from './account-updates.service';
export {
  type AccountChange,
  type AccountRecord,
  AccountsRepository,
  type AccountSummary,
  type NewAccount,
} from './accounts.repository';
export { AdminSeeder } from './admin-seeder.service';
export {
  AccountResponse,
  DoctorResponse,
  PatchedAccountResponse,
  PointResponse,
  UserSummaryResponse,
} from './dto/account.dto';
export { UsersModule } from './users.module';
export { UsersService } from './users.service';
