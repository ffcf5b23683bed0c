import { AppError, invalidField } from '../../common/errors';
import type { Role } from '../../common/enums';
import { type AccountChange, type AccountRecord, placeChange, sameValue } from '../users';
import type { MedicalProfileInput } from './dto/medical-profile.dto';
import type { PatientPatch } from './dto/patient.dto';

/** What a linked doctor may change (contract 20 section 3.2). */
const CLINICAL: ReadonlySet<string> = new Set([
  'dateNaissance',
  'sexe',
  'typeDiabete',
  'glycemicPopulation',
  'groupeSanguin',
  'profilMedical',
]);

type Profile = Readonly<Record<string, unknown>>;

const DEFAULT_MIN = 70;
const DEFAULT_MAX = 180;

/**
 * The stored profile with what was sent put over it; null takes a field out.
 * @throws AppError VALIDATION_FAILED when the merged target range is empty
 */
export function mergeProfile(stored: Profile | undefined, input: MedicalProfileInput | null): Profile {
  if (input === null) return {};
  const merged = Object.fromEntries(Object.entries({ ...stored, ...input }).filter(([, value]) => value !== null));
  const min = Number(merged['objectifGlycemieMin'] ?? DEFAULT_MIN);
  const max = Number(merged['objectifGlycemieMax'] ?? DEFAULT_MAX);
  if (min >= max) {
    throw invalidField(
      'profilMedical.objectifGlycemieMin',
      'range',
      'must be below objectifGlycemieMax',
      'doit être inférieur à objectifGlycemieMax',
    );
  }
  return merged;
}

/**
 * The change of account that a PATCH by that role means, by what is stored.
 * @throws AppError FIELD_NOT_ALLOWED, VALIDATION_FAILED
 */
export function patientChange(role: Role, stored: AccountRecord, patch: PatientPatch): AccountChange {
  const { profilMedical, latitude, longitude, location, statutCompte, ...plain } = patch;
  if (statutCompte !== undefined && statutCompte !== stored.statutCompte) throw new AppError('FIELD_NOT_ALLOWED');
  const change: AccountChange = {
    ...plain,
    ...placeChange(stored, {
      ...(latitude === undefined ? {} : { latitude }),
      ...(longitude === undefined ? {} : { longitude }),
      ...(location === undefined ? {} : { location }),
    }),
    ...(profilMedical === undefined ? {} : { profilMedical: mergeProfile(stored.profilMedical, profilMedical) }),
  };
  if (role !== 'PATIENT' && changedKeys(stored, change).some((key) => !CLINICAL.has(key)))
    throw new AppError('FIELD_NOT_ALLOWED');
  return change;
}

/** A value equal to the stored one counts as absent. */
function changedKeys(stored: AccountRecord, change: AccountChange): string[] {
  const source = stored as unknown as Record<string, unknown>;
  return Object.entries(change)
    .filter(([key, value]) => !sameValue(source[key], value))
    .map(([key]) => key);
}
