import { FreeObject, Num, Password, Str, StrList } from '../../../common/validation';
import { AccountInput, LocatedInput, PatientInput } from '../../users';

const FREE_OBJECT_BYTES = 4_096;

/** Body of POST /auth/register/patient. */
export class RegisterPatient extends PatientInput {
  @Password({ example: 'a long passphrase' })
  motDePasse!: string;
}

/** Body of POST /auth/register/medecin. */
export class RegisterDoctor extends AccountInput {
  @Password({ example: 'a long passphrase' })
  motDePasse!: string;

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
export class RegisterPharmacist extends LocatedInput {
  @Password({ example: 'a long passphrase' })
  motDePasse!: string;

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
