import type { AccountStatus, Locale } from '../../common/enums';
import { type MailText, writeLetter } from '../../platform/mail';

/** What a mail says beside what its template always says. All of it is data: it is written as text, never as markup. */
export interface MailFacts {
  /** Given name of the receiver. */
  readonly name: string;
  /** Where the password can be set; holds the token. */
  readonly link?: string;
  /** The token on its own, for those who type it into the app. */
  readonly code?: string;
  /** Who invites. */
  readonly doctor?: string;
  readonly email?: string;
  readonly status?: AccountStatus;
  readonly reason?: string;
}

/** The mails about an account, by what happened. */
export const MAIL_TEMPLATES = [
  'password_reset',
  'invitation',
  'password_changed',
  'email_changed_old',
  'email_changed_new',
  'status_changed',
] as const;
export type MailTemplate = (typeof MAIL_TEMPLATES)[number];

interface Letter {
  readonly subject: string;
  /** Paragraphs; one that is a link or a code stands alone. */
  readonly paragraphs: readonly (string | undefined)[];
}

const STATUS_EN: Readonly<Record<AccountStatus, string>> = {
  ACTIF: 'is active: you can sign in.',
  INACTIF: 'is inactive: you cannot sign in at present.',
  SUSPENDU: 'is suspended: you cannot sign in at present.',
};

const STATUS_FR: Readonly<Record<AccountStatus, string>> = {
  ACTIF: 'est actif : vous pouvez vous connecter.',
  INACTIF: 'est inactif : vous ne pouvez pas vous connecter pour le moment.',
  SUSPENDU: 'est suspendu : vous ne pouvez pas vous connecter pour le moment.',
};

const NOT_YOU_EN = 'If this was not you, set a new password at once with "Forgot password" and write to your clinic.';
const NOT_YOU_FR =
  "Si ce n'était pas vous, choisissez tout de suite un nouveau mot de passe avec « Mot de passe oublié » et prévenez votre clinique.";

const EN: Readonly<Record<MailTemplate, (f: MailFacts) => Letter>> = {
  password_reset: (f) => ({
    subject: 'Your new DiabCare password',
    paragraphs: [
      'Somebody asked for a new password for your DiabCare account. Set it here within 60 minutes:',
      f.link,
      'Or enter this code in the app:',
      f.code,
      'If you did not ask for this, do nothing: your password stays as it is.',
    ],
  }),
  invitation: (f) => ({
    subject: 'Your DiabCare account',
    paragraphs: [
      `${f.doctor ?? 'Your doctor'} has opened a DiabCare account for you. Choose your password here within 7 days:`,
      f.link,
      'Or enter this code in the app:',
      f.code,
    ],
  }),
  password_changed: () => ({
    subject: 'Your DiabCare password was changed',
    paragraphs: ['The password of your DiabCare account was changed. All devices were signed out.', NOT_YOU_EN],
  }),
  email_changed_old: () => ({
    subject: 'Your DiabCare e-mail address was changed',
    paragraphs: ['Your DiabCare account no longer uses this e-mail address.', NOT_YOU_EN],
  }),
  email_changed_new: () => ({
    subject: 'Your new DiabCare e-mail address',
    paragraphs: ['Your DiabCare account now uses this e-mail address.'],
  }),
  status_changed: (f) => ({
    subject: 'The status of your DiabCare account',
    paragraphs: [
      `Your DiabCare account ${STATUS_EN[f.status ?? 'ACTIF']}`,
      f.reason === undefined ? undefined : `Reason: ${f.reason}`,
    ],
  }),
};

const FR: Readonly<Record<MailTemplate, (f: MailFacts) => Letter>> = {
  password_reset: (f) => ({
    subject: 'Votre nouveau mot de passe DiabCare',
    paragraphs: [
      'Un nouveau mot de passe a été demandé pour votre compte DiabCare. Choisissez-le ici dans les 60 minutes :',
      f.link,
      "Ou saisissez ce code dans l'application :",
      f.code,
      "Si vous n'avez rien demandé, ne faites rien : votre mot de passe reste le même.",
    ],
  }),
  invitation: (f) => ({
    subject: 'Votre compte DiabCare',
    paragraphs: [
      `${f.doctor ?? 'Votre médecin'} a ouvert un compte DiabCare pour vous. Choisissez votre mot de passe ici dans les 7 jours :`,
      f.link,
      "Ou saisissez ce code dans l'application :",
      f.code,
    ],
  }),
  password_changed: () => ({
    subject: 'Votre mot de passe DiabCare a été modifié',
    paragraphs: [
      'Le mot de passe de votre compte DiabCare a été modifié. Tous les appareils ont été déconnectés.',
      NOT_YOU_FR,
    ],
  }),
  email_changed_old: () => ({
    subject: 'Votre adresse e-mail DiabCare a été modifiée',
    paragraphs: ["Votre compte DiabCare n'utilise plus cette adresse e-mail.", NOT_YOU_FR],
  }),
  email_changed_new: () => ({
    subject: 'Votre nouvelle adresse e-mail DiabCare',
    paragraphs: ['Votre compte DiabCare utilise désormais cette adresse e-mail.'],
  }),
  status_changed: (f) => ({
    subject: 'Le statut de votre compte DiabCare',
    paragraphs: [
      `Votre compte DiabCare ${STATUS_FR[f.status ?? 'ACTIF']}`,
      f.reason === undefined ? undefined : `Motif : ${f.reason}`,
    ],
  }),
};

/** Writes a mail in the receiver's language, as text and as simple HTML. */
export function writeMail(template: MailTemplate, locale: Locale, facts: MailFacts): MailText {
  const { subject, paragraphs } = (locale === 'fr' ? FR : EN)[template](facts);
  return writeLetter(locale, {
    name: facts.name,
    subject,
    paragraphs: paragraphs.filter((part): part is string => part !== undefined),
    ...(facts.link === undefined ? {} : { link: facts.link }),
    ...(facts.code === undefined ? {} : { code: facts.code }),
  });
}
