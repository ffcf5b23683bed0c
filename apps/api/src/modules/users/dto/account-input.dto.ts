import {
  BLOOD_GROUPS,
  type BloodGroup,
  DIABETES_TYPES,
  type DiabetesType,
  LOCALES,
  type Locale,
  type Sex,
  SEXES,
} from '../../../common/enums';
import { CalendarDate, Email, Image, Nested, Num, OneOf, Property, Str, Zone } from '../../../common/validation';

function IsCoordinates(): PropertyDecorator {
  const problem = { rule: 'coordinates', en: 'must be [longitude, latitude]', fr: 'doit être [longitude, latitude]' };
  const inRange = (value: unknown, limit: number): boolean =>
    typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= limit;
  return Property({
    optional: false,
    normalise: (raw) => raw,
    check: (value) =>
      Array.isArray(value) && value.length === 2 && inRange(value[0], 180) && inRange(value[1], 90) ? null : problem,
  });
}

/** GeoJSON point of a request. */
export class PointInput {
  @OneOf(['Point'])
  type!: 'Point';

  @IsCoordinates()
  coordinates!: [number, number];
}

/** Fields of every new account (contract 10 section 2), without its password. */
export class AccountInput {
  @Str({ max: 100, example: 'Benali' })
  nom!: string;

  @Str({ max: 100, example: 'Youssef' })
  prenom!: string;

  @Email({ example: 'youssef.benali@example.org' })
  email!: string;

  @Str({ optional: true, max: 30 })
  telephone?: string;

  @Image({ optional: true })
  photoProfil?: string;

  @Zone({ optional: true, default: 'UTC' })
  timeZone?: string;

  @OneOf(LOCALES, { optional: true, description: 'Default from Accept-Language, else en' })
  locale?: Locale;
}

/** Where an account is: the pair and the point say the same; when both come, the pair wins. */
export class LocatedInput extends AccountInput {
  @Num({ optional: true, min: -90, max: 90 })
  latitude?: number;

  @Num({ optional: true, min: -180, max: 180 })
  longitude?: number;

  @Nested(() => PointInput, { optional: true })
  location?: PointInput;
}

/** Fields of a new patient. */
export class PatientInput extends LocatedInput {
  @CalendarDate({ optional: true, notInFuture: true, example: '1985-04-12' })
  dateNaissance?: Date;

  @OneOf(SEXES, { optional: true })
  sexe?: Sex;

  @OneOf(DIABETES_TYPES, { optional: true })
  typeDiabete?: DiabetesType;

  @OneOf(BLOOD_GROUPS, { optional: true })
  groupeSanguin?: BloodGroup;
}
