/** The enums of contract 00 section 9 that more than one module speaks, in their canonical spelling. */

/** What an account is; decides what it may do, and never changes. */
export const ROLES = ['PATIENT', 'MEDECIN', 'PHARMACIEN', 'ADMIN'] as const;
export type Role = (typeof ROLES)[number];

/** Only ACTIF signs in; a professional who is not is hidden from lists. */
export const ACCOUNT_STATUSES = ['ACTIF', 'INACTIF', 'SUSPENDU'] as const;
export type AccountStatus = (typeof ACCOUNT_STATUSES)[number];

/** Sex as recorded for clinical use. */
export const SEXES = ['HOMME', 'FEMME'] as const;
export type Sex = (typeof SEXES)[number];

/** Type of diabetes of a patient. */
export const DIABETES_TYPES = ['TYPE_1', 'TYPE_2', 'GESTATIONNEL', 'PRE_DIABETE', 'AUTRE'] as const;
export type DiabetesType = (typeof DIABETES_TYPES)[number];

/** ABO and rhesus group. */
export const BLOOD_GROUPS = ['A+', 'A-', 'B+', 'B-', 'AB+', 'AB-', 'O+', 'O-'] as const;
export type BloodGroup = (typeof BLOOD_GROUPS)[number];

/** Whose goals the clinical reports use (glucose metrics section 3). */
export const GLYCEMIC_POPULATIONS = ['standard', 'older', 'pregnancy-t1', 'gestational'] as const;
export type GlycemicPopulation = (typeof GLYCEMIC_POPULATIONS)[number];

/** Languages of mails, notifications and error messages. */
export const LOCALES = ['en', 'fr'] as const;
export type Locale = (typeof LOCALES)[number];

/** Roles as the app spells them where it speaks of devices and recipients. */
export const USER_TYPES = ['patient', 'doctor', 'pharmacy', 'admin'] as const;
export type UserType = (typeof USER_TYPES)[number];

const USER_TYPE_OF_ROLE: Readonly<Record<Role, UserType>> = {
  PATIENT: 'patient',
  MEDECIN: 'doctor',
  PHARMACIEN: 'pharmacy',
  ADMIN: 'admin',
};

/** The `userType` spelling of a role, as notifications and push tokens carry it. */
export function userTypeOf(role: Role): UserType {
  return USER_TYPE_OF_ROLE[role];
}
