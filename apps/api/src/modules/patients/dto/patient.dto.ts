import { IntersectionType, OmitType, PartialType } from '@nestjs/swagger';
import {
  ACCOUNT_STATUSES,
  type AccountStatus,
  BLOOD_GROUPS,
  type BloodGroup,
  DIABETES_TYPES,
  type DiabetesType,
  GLYCEMIC_POPULATIONS,
  type GlycemicPopulation,
  type Sex,
  SEXES,
} from '../../../common/enums';
import { PageResponse } from '../../../common/page-response';
import { PagingQuery } from '../../../common/paging.dto';
import { CalendarDate, Nested, Num, OneOf, Password, PatchBody, Str } from '../../../common/validation';
import { AccountResponse, PatientInput, PointInput, ProfilePatch, UserSummaryResponse } from '../../users';
import { MedicalProfileInput } from './medical-profile.dto';

const SUMMARY = ['_id', 'role', 'nom', 'prenom'] as const;

/** A patient as the caller may see them: a pharmacy is shown `_id, role, nom, prenom` alone. */
export class SeenPatientResponse extends IntersectionType(
  UserSummaryResponse,
  PartialType(OmitType(AccountResponse, SUMMARY)),
) {}

/** A page of patients as the caller may see them. */
export class SeenPatientPage extends PageResponse(SeenPatientResponse) {}

/** Query of GET /patients. */
export class PatientsQuery extends PagingQuery {
  @Str({ optional: true, min: 1, max: 100, description: 'Contained in names or e-mail' })
  search?: string;

  @OneOf(DIABETES_TYPES, { optional: true })
  typeDiabete?: DiabetesType;
}

/** Query of GET /patients/search/by-name-or-email. */
export class PatientSearchQuery {
  @Str({ min: 1, max: 100, description: 'Contained in a name, in "prenom nom" or in the e-mail' })
  query!: string;
}

/** Body of POST /patients. */
export class CreatePatientBody extends PatientInput {
  @Password({ optional: true, description: 'Checked and not used: the patient chooses one by the invitation' })
  motDePasse?: string;

  @Nested(() => MedicalProfileInput, { optional: true })
  profilMedical?: MedicalProfileInput;
}

/** Body of PATCH /patients/:id; a doctor may send the clinical fields only. */
@PatchBody()
export class PatientPatch extends ProfilePatch {
  @CalendarDate({ optional: true, notInFuture: true })
  dateNaissance?: Date | null;

  @OneOf(SEXES, { optional: true })
  sexe?: Sex | null;

  @OneOf(DIABETES_TYPES, { optional: true })
  typeDiabete?: DiabetesType | null;

  @OneOf(GLYCEMIC_POPULATIONS, { optional: true })
  glycemicPopulation?: GlycemicPopulation | null;

  @OneOf(BLOOD_GROUPS, { optional: true })
  groupeSanguin?: BloodGroup | null;

  @Num({ optional: true, min: -90, max: 90 })
  latitude?: number | null;

  @Num({ optional: true, min: -180, max: 180 })
  longitude?: number | null;

  @Nested(() => PointInput, { optional: true })
  location?: PointInput | null;

  @Nested(() => MedicalProfileInput, { optional: true })
  profilMedical?: MedicalProfileInput | null;

  @OneOf(ACCOUNT_STATUSES, { description: 'Refused here; the ADMIN changes it' })
  statutCompte?: AccountStatus;
}
