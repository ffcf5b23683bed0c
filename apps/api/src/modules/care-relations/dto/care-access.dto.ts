import { ApiProperty } from '@nestjs/swagger';
import { Bool } from '../../../common/validation';

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
