/** What is needed of an account to write its name (contract 00 section 3). */
export interface NamedAccount {
  readonly role: string;
  readonly nom: string;
  readonly prenom: string;
  readonly nomPharmacie?: string | null;
  readonly deletedAt?: Date | null;
}

/** The name shown for an erased account, whatever it was. */
export const ERASED_NAME = 'Deleted user';

/** `patientName`, `doctorName` or `pharmacistName`, by the account's role. */
export function displayName(account: NamedAccount | null | undefined): string {
  if (account === null || account === undefined || (account.deletedAt !== null && account.deletedAt !== undefined))
    return ERASED_NAME;
  const full = `${account.prenom} ${account.nom}`;
  if (account.role === 'MEDECIN') return `Dr. ${full}`;
  if (account.role === 'PHARMACIEN') return account.nomPharmacie ?? full;
  return full;
}
