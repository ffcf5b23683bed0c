export type { AccountChanged, InvitedAccount } from './account.events';
export { AccountDirectory } from './account-directory';
export {
  type AccountView,
  toDoctorView,
  toPersonView,
  toPharmacyView,
  toPrivateView,
  toListView,
  toSummaryView,
  withoutImages,
} from './account.mapper';
export { Account } from './account.schema';
export { AccountPolicy } from './account.policy';
export { AccountSearch } from './account-search.repository';
export { AccountUpdates, sameValue } from './account-updates.service';
export {
  type AccountChange,
  type AccountRecord,
  AccountsRepository,
  type AccountSummary,
  type NewAccount,
} from './accounts.repository';
export { ErasureJob } from './erasure/erasure.job';
export { AccountErasure } from './erasure/account-erasure.service';
export { type ErasedAccount, ErasureSteps } from './erasure/erasure-steps';
export { ErasureBody } from './dto/erasure.dto';
export { AdminSeeder } from './admin-seeder.service';
export { AccountResponse, DoctorResponse, PatchedAccountResponse, UserSummaryResponse } from './dto/account.dto';
export { ProfilePatch } from './dto/profile-patch.dto';
export { AccountPage } from './dto/users-list.dto';
export { UsersModule } from './users.module';
export { UsersService } from './users.service';
export { AccountInput, LocatedInput, PatientInput, PointInput } from './dto/account-input.dto';
export { definedFields, newAccountOf, newPatientFields, placeChange, placeOf } from './new-account';
export { type ExportItem, ExportSections } from './export/export-sections';
export { inventoryFields, inventoryKey, MAX_INVENTORY } from './inventory';
export { OrderedOutlines } from './ordered-outlines';
export { PHARMACY_DEFAULTS } from './pharmacy-defaults';
export { type RunningBoost, RunningBoosts } from './running-boosts';
