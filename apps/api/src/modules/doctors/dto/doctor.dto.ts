import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ACCOUNT_STATUSES } from '../../../common/enums';
import { PageResponse } from '../../../common/page-response';
import { PagingQuery } from '../../../common/paging.dto';
import { Bool, Str } from '../../../common/validation';
import { AccountResponse, DoctorResponse } from '../../users';

/** Query of GET /medecins. */
export class DoctorsQuery extends PagingQuery {
  @Str({
    optional: true,
    min: 1,
    max: 100,
    description: 'Contained in the specialty, without regard to case and accents',
  })
  specialite?: string;

  @Str({ optional: true, min: 1, max: 100, description: 'Contained in name or clinic' })
  search?: string;

  @Bool({ optional: true })
  disponible?: boolean;
}

/** A page of doctors. */
export class DoctorPage extends PageResponse(DoctorResponse) {}

/** A doctor in the list of a patient's own. */
export class MyDoctorItem {
  @ApiProperty({ type: 'string' })
  _id!: string;

  @ApiProperty({ type: 'string', enum: ['MEDECIN'] })
  role!: string;

  @ApiProperty({ type: 'string' })
  nom!: string;

  @ApiProperty({ type: 'string' })
  prenom!: string;

  @ApiPropertyOptional({ type: 'string' })
  email?: string;

  @ApiPropertyOptional({ type: 'string' })
  telephone?: string;

  @ApiPropertyOptional({ type: 'string' })
  specialite?: string;

  @ApiPropertyOptional({ type: 'string' })
  clinique?: string;

  @ApiPropertyOptional({ type: 'string' })
  adresseCabinet?: string;

  @ApiPropertyOptional({ type: 'string' })
  description?: string;

  @ApiPropertyOptional({ type: 'number' })
  noteMoyenne?: number;

  @ApiPropertyOptional({ type: 'string', description: 'Only when it is a URL' })
  photoProfil?: string;

  @ApiPropertyOptional({ type: 'boolean' })
  disponible?: boolean;

  @ApiProperty({ type: 'boolean' })
  accessEnabled!: boolean;

  @ApiProperty({ type: 'string', format: 'date-time' })
  since!: Date;
}

/** The private view with the availability flag. */
export class ToggledDoctorResponse extends AccountResponse {
  @ApiProperty({ type: 'boolean', description: 'Equals `disponible`; here `statutCompte` is shown in step with it' })
  isActive!: boolean;
}

/** Answer of GET /medecins/:id/status. */
export class DoctorStatusResponse {
  @ApiProperty({ type: 'string' })
  _id!: string;

  @ApiProperty({ type: 'string' })
  nom!: string;

  @ApiProperty({ type: 'string' })
  prenom!: string;

  @ApiProperty({ type: 'string' })
  email!: string;

  @ApiProperty({ type: 'string', enum: ACCOUNT_STATUSES, description: "The account's own" })
  statutCompte!: string;

  @ApiProperty({ type: 'boolean', description: 'Equals `disponible`' })
  isActive!: boolean;
}
