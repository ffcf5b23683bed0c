import type { Locale } from '../../../common/enums';
import { type MailText, writeLetter } from '../../../platform/mail';
import type { NotificationType, Severity } from '../notification.schema';
import { notificationText } from '../notification-texts';

/** What is told of a notification outside the app; the text itself is read in the app. */
export interface Headline {
  readonly type: NotificationType;
  readonly event: string;
  readonly severity: Severity;
  /** Name of who acted. */
  readonly actor?: string;
}

const ALERTS: Readonly<Record<Locale, { readonly critical: string; readonly other: string }>> = {
  en: { critical: 'Critical glucose alert', other: 'Glucose alert' },
  fr: { critical: 'Alerte glycémique critique', other: 'Alerte glycémique' },
};

/** Title of a push: never a value, a name of a drug or the content of a message. Of alerts not even which one. */
export function pushTitle(locale: Locale, headline: Headline): string {
  const { type, event, severity, actor } = headline;
  if (type === 'patient_alert') return ALERTS[locale][severity === 'critical' ? 'critical' : 'other'];
  return notificationText(event, locale, actor === undefined ? {} : { actor }).title;
}

/** The mail of a notification; says as little as a push, since whoever holds the mailbox is not the app's to know. */
export function notificationMail(locale: Locale, name: string, headline: Headline): MailText {
  const title = pushTitle(locale, headline);
  const paragraphs =
    locale === 'fr'
      ? [
          `Vous avez une nouvelle notification dans DiabCare : ${title}`,
          "Ouvrez l'application DiabCare pour la lire.",
          "Les réglages de notification de l'application permettent de choisir les e-mails à recevoir.",
        ]
      : [
          `You have a new notification in DiabCare: ${title}`,
          'Open the DiabCare app to read it.',
          'Which mails you get can be chosen in the notification settings of the app.',
        ];
  return writeLetter(locale, { name, subject: title, paragraphs });
}
