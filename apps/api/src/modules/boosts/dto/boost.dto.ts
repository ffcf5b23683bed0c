import { ApiProperty } from '@nestjs/swagger';
import type { ParsedInstant } from '../../../common/time';
import { Id, Instant, Int, Num, Property } from '../../../common/validation';
import { BOOST_STATUSES, BOOST_TYPES, type BoostType, PAYMENT_STATUSES } from '../boost.schema';

/** One of the types, with or without `boost_`, in any case. */
function IsBoostType(): PropertyDecorator {
  const spelled = (raw: string): string => {
    const word = raw.trim().toLowerCase();
    return word.startsWith('boost_') ? word : `boost_${word}`;
  };
  const known = (value: unknown): boolean => (BOOST_TYPES as readonly unknown[]).includes(value);
  return Property({
    optional: false,
    normalise: (raw) => (typeof raw === 'string' && known(spelled(raw)) ? spelled(raw) : raw),
    check: (value) =>
      known(value)
        ? null
        : {
            rule: 'enum',
            en: `must be one of ${BOOST_TYPES.join(', ')}`,
            fr: `doit être l'une des valeurs ${BOOST_TYPES.join(', ')}`,
          },
  });
}

/** Body of POST /boost. */
export class CreateBoost {
  @ApiProperty({ type: 'string', enum: [...BOOST_TYPES, '24h', 'week', 'month'] })
  @IsBoostType()
  boostType!: BoostType;

  @Id({ optional: true, description: 'The caller' })
  pharmacyId?: string;

  @Instant({ optional: true, description: 'Default now; from 5 minutes ago to 30 days ahead' })
  startsAt?: ParsedInstant;

  @Int({ optional: true, min: 1, max: 50, default: 5 })
  radiusKm?: number;

  @Num({ optional: true, min: 0, max: 100_000, description: 'Accepted and not used: the catalogue decides' })
  price?: number;
}

/** A boost. */
export class BoostResponse {
  @ApiProperty({ type: 'string' })
  _id!: string;

  @ApiProperty({ type: 'string' })
  pharmacyId!: string;

  @ApiProperty({ type: 'string', enum: BOOST_TYPES })
  boostType!: string;

  @ApiProperty({ type: 'number', description: 'In the currency of the deployment' })
  price!: number;

  @ApiProperty({ type: 'integer' })
  radiusKm!: number;

  @ApiProperty({ type: 'string', format: 'date-time' })
  startsAt!: Date;

  @ApiProperty({ type: 'string', format: 'date-time' })
  expiresAt!: Date;

  @ApiProperty({ type: 'string', enum: BOOST_STATUSES })
  status!: string;

  @ApiProperty({ type: 'string', enum: PAYMENT_STATUSES })
  paymentStatus!: string;

  @ApiProperty({ type: 'string', format: 'date-time' })
  createdAt!: Date;

  @ApiProperty({ type: 'string', format: 'date-time' })
  updatedAt!: Date;
}

/** A new boost, flat and under `boost`. */
export class CreatedBoostResponse extends BoostResponse {
  @ApiProperty({ type: BoostResponse })
  boost!: BoostResponse;
}
