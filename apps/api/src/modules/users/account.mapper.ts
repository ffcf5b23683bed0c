import { displayBadgeOf } from '../../common/badges';
import { roundMoney } from '../../common/money';
import { ERASED_NAME } from '../../common/names';
import type { AccountRecord, AccountSummary } from './accounts.repository';
import { PHARMACY_DEFAULTS } from './pharmacy-defaults';
import type { RunningBoost } from './running-boosts';

// The stored fields of each view, in the order in which they are shown. What is not named here never leaves.
const BASE = ['nom', 'prenom', 'email', 'telephone', 'photoProfil', 'statutCompte', 'timeZone', 'locale'] as const;
const PATIENT = [
  'dateNaissance',
  'sexe',
  'typeDiabete',
  'glycemicPopulation',
  'groupeSanguin',
  'latitude',
  'longitude',
  'location',
] as const;
const DOCTOR_PUBLIC = [
  'nom',
  'prenom',
  'email',
  'telephone',
  'photoProfil',
  'specialite',
  'numeroOrdre',
  'anneesExperience',
  'clinique',
  'adresseCabinet',
  'description',
  'tarifConsultation',
  'disponibilite',
  'disponible',
  'timeZone',
  'noteMoyenne',
  'nombreNotes',
  'statutCompte',
] as const;
const PHARMACY_PUBLIC = [
  'nom',
  'prenom',
  'email',
  'telephone',
  'photoProfil',
  'profileImage',
  'nomPharmacie',
  'numeroOrdre',
  'adressePharmacie',
  'telephonePharmacie',
  'horaires',
  'workingHours',
  'timeZone',
  'servicesProposes',
  'listeMedicamentsDisponibles',
  'location',
  'latitude',
  'longitude',
  'isOnDuty',
  'noteMoyenne',
  'nombreNotes',
  'averageRating',
  'totalReviews',
  'averageResponseTime',
  'badgeLevel',
  'statutCompte',
] as const;
const PHARMACY_PRIVATE = [
  'points',
  'unlockedBadges',
  'totalRequestsReceived',
  'totalRequestsAccepted',
  'totalRequestsDeclined',
  'totalClients',
  'visibilityRadius',
  'notificationsPush',
  'notificationsEmail',
  'notificationsSMS',
  'locale',
] as const;

/** The medical profile as it is shown: every flag and list has its default (contract 20 section 3.2). */
const PROFILE_DEFAULTS: Readonly<Record<string, unknown>> = {
  objectifGlycemieMin: 70,
  objectifGlycemieMax: 180,
  prendInsuline: false,
  utiliseCapteurGlucose: false,
  profilMedicalComplete: false,
  antidiabetiquesOraux: [],
  traitements: [],
  allergies: [],
  maladiesChroniques: [],
  antecedentsFamiliauxDiabete: false,
  hypertension: false,
  maladiesCardiovasculaires: false,
  problemesRenaux: false,
  problemesOculaires: false,
  neuropathieDiabetique: false,
  piedDiabetique: false,
  ulceres: false,
  hypoglycemiesFrequentes: false,
  hyperglycemiesFrequentes: false,
  hospitalisationsRecentes: false,
};

/** A response body of an account; keys as in the contract. */
export type AccountView = { _id: string; role: string } & Record<string, unknown>;

function pick(account: AccountRecord, fields: readonly string[]): Record<string, unknown> {
  const source = account as unknown as Record<string, unknown>;
  const out: Record<string, unknown> = {};
  for (const field of fields) {
    const value = source[field];
    if (value !== undefined && value !== null) out[field] = value;
  }
  return out;
}

function head(account: AccountRecord): { _id: string; role: string } {
  return { _id: account._id.toHexString(), role: account.role };
}

function times(account: AccountRecord) {
  return { createdAt: account.createdAt, updatedAt: account.updatedAt };
}

/** Stored profile with defaults; a field that was cleared is absent. */
function profileView(profile: Readonly<Record<string, unknown>> | undefined): Record<string, unknown> {
  const stored = Object.entries(profile ?? {}).filter(([, value]) => value !== null && value !== undefined);
  return { ...PROFILE_DEFAULTS, ...Object.fromEntries(stored) };
}

/** What the account itself and an ADMIN see, beyond what is stored in it. */
export interface PrivateExtras {
  /** Ids of a doctor's active links. */
  readonly patientIds?: readonly string[];
  /** A pharmacy's running boost. */
  readonly boost?: RunningBoost | undefined;
}

/** What the account itself and an ADMIN see. */
export function toPrivateView(account: AccountRecord, extras: PrivateExtras = {}): AccountView {
  const base = { ...head(account), ...pick(account, BASE) };
  switch (account.role) {
    case 'PATIENT':
      return {
        ...base,
        ...pick(account, PATIENT),
        profilMedical: profileView(account.profilMedical),
        ...times(account),
      };
    case 'MEDECIN':
      return {
        ...base,
        ...pick(account, DOCTOR_PUBLIC),
        ...pick(account, ['abonnementPlateforme']),
        listePatients: [...(extras.patientIds ?? [])],
        ...times(account),
      };
    case 'PHARMACIEN':
      return toPharmacyPrivateView(account, extras.boost);
    case 'ADMIN':
      return { ...base, ...times(account) };
  }
}

/** The private view as ADMIN lists and lists of patients carry it. @param withProfile for the doctors of patients */
export function toListView(account: AccountRecord, withProfile = false, extras: PrivateExtras = {}): AccountView {
  const view = withoutImages(toPrivateView(account, extras));
  const hidden = withProfile ? ['listePatients'] : ['listePatients', 'profilMedical'];
  return Object.fromEntries(Object.entries(view).filter(([key]) => !hidden.includes(key))) as AccountView;
}

const IMAGES = ['photoProfil', 'profileImage'] as const;

/** The view without base64 images: lists carry none. */
export function withoutImages(view: AccountView): AccountView {
  const isImage = (key: string, value: unknown): boolean =>
    (IMAGES as readonly string[]).includes(key) && typeof value === 'string' && value.startsWith('data:');
  return Object.fromEntries(Object.entries(view).filter(([key, value]) => !isImage(key, value))) as AccountView;
}

/** A doctor's public profile. */
export function toDoctorView(account: AccountRecord): AccountView {
  return { ...head(account), ...pick(account, DOCTOR_PUBLIC), ...times(account) };
}

/** A pharmacy's public profile. Figures that were never moved have their defaults. */
export function toPharmacyView(account: AccountRecord, boost: RunningBoost | undefined): AccountView {
  return {
    ...head(account),
    ...pick({ ...PHARMACY_DEFAULTS, ...account } as AccountRecord, PHARMACY_PUBLIC),
    boostType: boost?.boostType ?? 'free',
    ...(boost === undefined ? {} : { boostExpiresAt: boost.expiresAt }),
    ...times(account),
  };
}

function toPharmacyPrivateView(account: AccountRecord, boost: RunningBoost | undefined): AccountView {
  return {
    ...toPharmacyView(account, boost),
    ...pick({ ...PHARMACY_DEFAULTS, ...account } as AccountRecord, PHARMACY_PRIVATE),
    totalRevenue: roundMoney(account.totalRevenue ?? 0),
    badge: displayBadgeOf(account.points ?? 0),
  };
}

/** `S` of a stored account: who it is, and nothing of what it holds. */
export function toPersonView({ _id, role, nom, prenom }: AccountRecord): AccountView {
  return { _id: _id.toHexString(), role, nom, prenom };
}

/** `S` of the contract: `{ _id, role, nom, prenom }`, with further fields where a row names them. */
export function toSummaryView(
  account: AccountSummary | null | undefined,
  id: string,
  extra: readonly ('email' | 'telephone' | 'specialite' | 'nomPharmacie')[] = [],
): Record<string, unknown> {
  if (account === null || account === undefined || account.deletedAt !== null) {
    return { _id: id, role: account?.role ?? 'PATIENT', nom: ERASED_NAME, prenom: '' };
  }
  const view: Record<string, unknown> = {
    _id: account.id,
    role: account.role,
    nom: account.nom,
    prenom: account.prenom,
  };
  for (const key of extra) if (account[key] !== null) view[key] = account[key];
  return view;
}
