import { ApiProperty } from '@nestjs/swagger';
import { Bool } from '../../../common/validation';

import { AccountResponse } from '../../users';

/** Body of PATCH /patients/:patientId/doctors/:doctorId/access. */
export class AccessBody {
  @Bool()
  enabled!: boolean;
}

/** Consent of a patient towards a doctor. */
export class AccessStatusResponse {
  @ApiProperty({ type: 'boolean', description: 'Active link and access on' })
  enabled!: boolean;

  @ApiProperty({ type: 'boolean', description: 'Active link' })
  linked!: boolean;
}

/** The doctor's private view with what came of adding a patient. */
export class PatientAddedResponse extends AccountResponse {
  @ApiProperty({ type: 'string' })
  message!: string;

  @ApiProperty({ type: 'string', enum: ['pending', 'active'] })
  status!: string;
}
