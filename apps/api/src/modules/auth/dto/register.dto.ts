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
import {
  CalendarDate,
  Email,
  FreeObject,
  Image,
  Nested,
  Num,
  OneOf,
  Password,
  Property,
  Str,
  StrList,
  Zone,
} from '../../../common/validation';

const FREE_OBJECT_BYTES = 4_096;

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

/** Fields of every registration (contract 10 section 2). */
export class RegisterBase {
  @Str({ max: 100, example: 'Benali' })
  nom!: string;

  @Str({ max: 100, example: 'Youssef' })
  prenom!: string;

  @Email({ example: 'youssef.benali@example.org' })
  email!: string;

  @Password({ example: 'a long passphrase' })
  motDePasse!: string;

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
export class LocatedRegister extends RegisterBase {
  @Num({ optional: true, min: -90, max: 90 })
  latitude?: number;

  @Num({ optional: true, min: -180, max: 180 })
  longitude?: number;

  @Nested(() => PointInput, { optional: true })
  location?: PointInput;
}

/** Body of POST /auth/register/patient. */
export class RegisterPatient extends LocatedRegister {
  @CalendarDate({ optional: true, notInFuture: true, example: '1985-04-12' })
  dateNaissance?: Date;

  @OneOf(SEXES, { optional: true })
  sexe?: Sex;

  @OneOf(DIABETES_TYPES, { optional: true })
  typeDiabete?: DiabetesType;

  @OneOf(BLOOD_GROUPS, { optional: true })
  groupeSanguin?: BloodGroup;
}

/** Body of POST /auth/register/medecin. */
export class RegisterDoctor extends RegisterBase {
  @Str({ max: 100, example: 'Endocrinologie' })
  specialite!: string;

  @Str({ max: 50, example: '10101234567' })
  numeroOrdre!: string;

  @Num({ optional: true, min: 0, max: 80, default: 0 })
  anneesExperience?: number;

  @Str({ optional: true, max: 200 })
  clinique?: string;

  @Str({ optional: true, max: 300 })
  adresseCabinet?: string;

  @Str({ optional: true, max: 2_000 })
  description?: string;

  @Num({ optional: true, min: 0, max: 100_000 })
  tarifConsultation?: number;

  @FreeObject({ optional: true, maxBytes: FREE_OBJECT_BYTES, maxDepth: 3 })
  disponibilite?: Record<string, unknown>;

  @Str({ optional: true, max: 50 })
  abonnementPlateforme?: string;
}

/** Body of POST /auth/register/pharmacien. */
export class RegisterPharmacist extends LocatedRegister {
  @Str({ max: 50 })
  numeroOrdre!: string;

  @Str({ max: 150, example: 'Pharmacie du Marché' })
  nomPharmacie!: string;

  @Str({ optional: true, max: 300 })
  adressePharmacie?: string;

  @Str({ optional: true, max: 30 })
  telephonePharmacie?: string;

  @FreeObject({ optional: true, maxBytes: FREE_OBJECT_BYTES, maxDepth: 3 })
  horaires?: Record<string, unknown>;

  @StrList({ optional: true, max: 50, itemMax: 100 })
  servicesProposes?: string[];

  @StrList({ optional: true, max: 2_000, itemMax: 150 })
  listeMedicamentsDisponibles?: string[];
}
