import { ApiProperty } from '@nestjs/swagger';
import { ACCOUNT_STATUSES, type AccountStatus, type Role, ROLES } from '../../../common/enums';
import { PageResponse } from '../../../common/page-response';
import { PagingQuery } from '../../../common/paging.dto';
import { OneOf, Str } from '../../../common/validation';
import { AccountResponse } from './account.dto';

/** Query of GET /users. */
export class UsersQuery extends PagingQuery {
  @OneOf(ROLES, { optional: true })
  role?: Role;

  @OneOf(ACCOUNT_STATUSES, { optional: true })
  statutCompte?: AccountStatus;

  @Str({
    optional: true,
    min: 1,
    max: 100,
    description: 'Contained in names or e-mail, without regard to case and accents',
  })
  search?: string;
}

/** A page of accounts, as lists show them. */
export class AccountPage extends PageResponse(AccountResponse) {}

/** Accounts by role, erased ones left out. */
export class UserStatsResponse {
  @ApiProperty({ type: 'integer' })
  PATIENT!: number;

  @ApiProperty({ type: 'integer' })
  MEDECIN!: number;

  @ApiProperty({ type: 'integer' })
  PHARMACIEN!: number;

  @ApiProperty({ type: 'integer' })
  ADMIN!: number;
}
