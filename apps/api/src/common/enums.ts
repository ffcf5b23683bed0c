/** The enums of contract 00 section 9 that more than one module speaks, in their canonical spelling. */

export const ROLES = ['PATIENT', 'MEDECIN', 'PHARMACIEN', 'ADMIN'] as const;
export type Role = (typeof ROLES)[number];

export const ACCOUNT_STATUSES = ['ACTIF', 'INACTIF', 'SUSPENDU'] as const;
export type AccountStatus = (typeof ACCOUNT_STATUSES)[number];

export const SEXES = ['HOMME', 'FEMME'] as const;
export type Sex = (typeof SEXES)[number];

export const DIABETES_TYPES = ['TYPE_1', 'TYPE_2', 'GESTATIONNEL', 'PRE_DIABETE', 'AUTRE'] as const;
export type DiabetesType = (typeof DIABETES_TYPES)[number];

export const BLOOD_GROUPS = ['A+', 'A-', 'B+', 'B-', 'AB+', 'AB-', 'O+', 'O-'] as const;
export type BloodGroup = (typeof BLOOD_GROUPS)[number];

export const GLYCEMIC_POPULATIONS = ['standard', 'older', 'pregnancy-t1', 'gestational'] as const;
export type GlycemicPopulation = (typeof GLYCEMIC_POPULATIONS)[number];

export const LOCALES = ['en', 'fr'] as const;
export type Locale = (typeof LOCALES)[number];

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
