import type { AccountStatus, Role } from '../../common/enums';
import { invalidField } from '../../common/errors';
import { searchTextOf } from '../../common/text';
import { currentContext } from '../../platform/context/request-context';
import type { GeoPoint } from './account.schema';
import type { NewAccount } from './accounts.repository';
import type { AccountInput, LocatedInput, PatientInput } from './dto/account-input.dto';

/** Without what was not sent. */
export function definedFields(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
}

/** What every new account stores. @param fields those of its role */
export function newAccountOf(
  role: Role,
  input: AccountInput,
  statutCompte: AccountStatus,
  fields: Record<string, unknown>,
): NewAccount {
  const { nom, prenom, email, telephone, photoProfil } = input;
  return {
    role,
    nom,
    prenom,
    email,
    statutCompte,
    timeZone: input.timeZone ?? 'UTC',
    locale: input.locale ?? currentContext()?.locale ?? 'en',
    searchText: searchTextOf({ nom, prenom, email, nomPharmacie: fields['nomPharmacie'] as string | undefined }),
    ...definedFields({ telephone, photoProfil }),
    ...fields,
  };
}

/** A patient's own fields. @throws AppError VALIDATION_FAILED */
export function newPatientFields(input: PatientInput): Record<string, unknown> {
  const { dateNaissance, sexe, typeDiabete, groupeSanguin } = input;
  return {
    ...definedFields({ dateNaissance, sexe, typeDiabete, groupeSanguin }),
    ...placeOf(input),
    profilMedical: {},
  };
}

/** Where an account is, in both forms. */
export interface Place {
  readonly latitude: number;
  readonly longitude: number;
  readonly location: GeoPoint;
}

function placeAt(longitude: number, latitude: number): Place {
  return { latitude, longitude, location: { type: 'Point', coordinates: [longitude, latitude] } };
}

/**
 * Keeps the pair and the point in step; when both come, the pair wins.
 * @throws AppError VALIDATION_FAILED when only one of the pair came
 */
export function placeOf(
  input: Pick<LocatedInput, 'latitude' | 'longitude' | 'location'>,
): Place | Record<string, never> {
  const { latitude, longitude, location } = input;
  if ((latitude === undefined) !== (longitude === undefined)) throw lonelyCoordinate(latitude === undefined);
  if (latitude !== undefined && longitude !== undefined) return placeAt(longitude, latitude);
  return location === undefined ? {} : placeAt(...location.coordinates);
}

/** A change of place; null clears. */
export interface PlacePatch {
  readonly latitude?: number | null;
  readonly longitude?: number | null;
  readonly location?: { readonly coordinates: readonly [number, number] } | null;
}

/**
 * The same for a PATCH, judged with what is stored: null clears all three.
 * @throws AppError VALIDATION_FAILED when one of the pair would stay alone
 */
export function placeChange(
  stored: { readonly latitude?: number; readonly longitude?: number },
  patch: PlacePatch,
): Place | Record<keyof Place, null> | Record<string, never> {
  const none = { latitude: null, longitude: null, location: null };
  if (patch.latitude !== undefined || patch.longitude !== undefined) {
    const latitude = patch.latitude === undefined ? stored.latitude : (patch.latitude ?? undefined);
    const longitude = patch.longitude === undefined ? stored.longitude : (patch.longitude ?? undefined);
    if (latitude === undefined && longitude === undefined) return none;
    if (latitude === undefined || longitude === undefined) throw lonelyCoordinate(latitude === undefined);
    return placeAt(longitude, latitude);
  }
  if (patch.location === undefined) return {};
  return patch.location === null ? none : placeAt(...patch.location.coordinates);
}

function lonelyCoordinate(latitudeIsMissing: boolean) {
  return invalidField(
    latitudeIsMissing ? 'latitude' : 'longitude',
    'required',
    'is required with the other coordinate',
    "est requis avec l'autre coordonnée",
  );
}
