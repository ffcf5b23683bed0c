import { DateTime } from 'luxon';
import type { Locale } from '../../common/enums';

/** What a text is made of: names and instants, never clinical values or contents of messages. */
export interface TextFacts {
  /** Name of the person who acted. */
  readonly actor?: string;
  readonly dateTime?: Date;
  readonly zone?: string;
  readonly count?: number;
  readonly enabled?: boolean;
  readonly hours?: number;
}

/** Title and text of a notification. */
export interface NotificationText {
  readonly title: string;
  readonly message: string;
}

type Writer = (facts: TextFacts, when: string) => NotificationText;

const EN: Readonly<Record<string, Writer>> = {
  request_created: (f) => ({ title: 'New patient request', message: `${f.actor} asks to be your patient` }),
  request_accepted: (f) => ({ title: 'Request accepted', message: `${f.actor} accepted your request` }),
  request_declined: (f) => ({ title: 'Request declined', message: `${f.actor} declined your request` }),
  access_requested: (f) => ({ title: 'Access request', message: `${f.actor} asks for access to your data` }),
  access_accepted: (f) => ({ title: 'Access granted', message: `${f.actor} granted you access` }),
  access_declined: (f) => ({ title: 'Access declined', message: `${f.actor} declined your access request` }),
  access_changed: (f) => ({
    title: 'Access changed',
    message: f.enabled === true ? `${f.actor} switched your access on` : `${f.actor} switched your access off`,
  }),
  link_ended: (f) => ({ title: 'Care relation ended', message: `${f.actor} ended the care relation` }),
  created: (f, when) => ({ title: 'New appointment', message: `${f.actor} asks for an appointment on ${when}` }),
  confirmed: (f, when) => ({
    title: 'Appointment confirmed',
    message: `${f.actor} confirmed the appointment on ${when}`,
  }),
  rescheduled: (f, when) => ({ title: 'Appointment moved', message: `${f.actor} proposes a new time: ${when}` }),
  changed: (f, when) => ({ title: 'Appointment changed', message: `${f.actor} changed the appointment on ${when}` }),
  completed: (f, when) => ({
    title: 'Appointment completed',
    message: `The appointment with ${f.actor} on ${when} is completed`,
  }),
  cancelled: (f, when) => ({
    title: 'Appointment cancelled',
    message: `The appointment with ${f.actor} on ${when} is cancelled`,
  }),
  deleted: (f, when) => ({ title: 'Appointment cancelled', message: `${f.actor} removed the appointment on ${when}` }),
  reminder: (f, when) => ({ title: 'Appointment reminder', message: `Appointment with ${f.actor} on ${when}` }),
  message_received: (f) => ({
    title: `Message from ${f.actor}`,
    message: (f.count ?? 1) > 1 ? `${f.count} new messages` : 'New message',
  }),
  medication_requested: (f) => ({ title: 'New medication request', message: `${f.actor} asks for a medication` }),
  medication_accepted: (f) => ({
    title: 'Medication request accepted',
    message: `${f.actor} can prepare your medication`,
  }),
  medication_unavailable: (f) => ({
    title: 'Medication unavailable',
    message: `${f.actor} does not have your medication`,
  }),
  medication_declined: (f) => ({ title: 'Medication request declined', message: `${f.actor} declined your request` }),
  medication_confirmed: (f) => ({ title: 'Your pharmacy was chosen', message: `${f.actor} takes your offer` }),
  medication_cancelled: (f) => ({
    title: 'Medication request cancelled',
    message: `${f.actor} cancelled the request that you had accepted`,
  }),
  medication_not_selected: (f) => ({
    title: 'Another pharmacy was chosen',
    message: `${f.actor} goes to another pharmacy`,
  }),
  medication_expired: () => ({
    title: 'Medication request expired',
    message: 'Your medication request has expired; you can send a new one',
  }),
  alert_settings_changed: (f) => ({
    title: 'Alert limits changed',
    message: `${f.actor} changed your glucose alert limits.`,
  }),
};

const FR: Readonly<Record<string, Writer>> = {
  request_created: (f) => ({
    title: 'Nouvelle demande de patient',
    message: `${f.actor} souhaite devenir votre patient`,
  }),
  request_accepted: (f) => ({ title: 'Demande acceptée', message: `${f.actor} a accepté votre demande` }),
  request_declined: (f) => ({ title: 'Demande refusée', message: `${f.actor} a refusé votre demande` }),
  access_requested: (f) => ({ title: "Demande d'accès", message: `${f.actor} demande l'accès à vos données` }),
  access_accepted: (f) => ({ title: 'Accès accordé', message: `${f.actor} vous a accordé l'accès` }),
  access_declined: (f) => ({ title: 'Accès refusé', message: `${f.actor} a refusé votre demande d'accès` }),
  access_changed: (f) => ({
    title: 'Accès modifié',
    message: f.enabled === true ? `${f.actor} a activé votre accès` : `${f.actor} a désactivé votre accès`,
  }),
  link_ended: (f) => ({ title: 'Relation de soin terminée', message: `${f.actor} a mis fin à la relation de soin` }),
  created: (f, when) => ({ title: 'Nouveau rendez-vous', message: `${f.actor} demande un rendez-vous le ${when}` }),
  confirmed: (f, when) => ({
    title: 'Rendez-vous confirmé',
    message: `${f.actor} a confirmé le rendez-vous du ${when}`,
  }),
  rescheduled: (f, when) => ({
    title: 'Rendez-vous déplacé',
    message: `${f.actor} propose une nouvelle date : ${when}`,
  }),
  changed: (f, when) => ({ title: 'Rendez-vous modifié', message: `${f.actor} a modifié le rendez-vous du ${when}` }),
  completed: (f, when) => ({
    title: 'Rendez-vous terminé',
    message: `Le rendez-vous avec ${f.actor} du ${when} est terminé`,
  }),
  cancelled: (f, when) => ({
    title: 'Rendez-vous annulé',
    message: `Le rendez-vous avec ${f.actor} du ${when} est annulé`,
  }),
  deleted: (f, when) => ({ title: 'Rendez-vous annulé', message: `${f.actor} a supprimé le rendez-vous du ${when}` }),
  reminder: (f, when) => ({ title: 'Rappel de rendez-vous', message: `Rendez-vous avec ${f.actor} le ${when}` }),
  message_received: (f) => ({
    title: `Message de ${f.actor}`,
    message: (f.count ?? 1) > 1 ? `${f.count} nouveaux messages` : 'Nouveau message',
  }),
  medication_requested: (f) => ({
    title: 'Nouvelle demande de médicament',
    message: `${f.actor} demande un médicament`,
  }),
  medication_accepted: (f) => ({
    title: 'Demande de médicament acceptée',
    message: `${f.actor} peut préparer votre médicament`,
  }),
  medication_unavailable: (f) => ({
    title: 'Médicament indisponible',
    message: `${f.actor} n'a pas votre médicament`,
  }),
  medication_declined: (f) => ({
    title: 'Demande de médicament refusée',
    message: `${f.actor} a refusé votre demande`,
  }),
  medication_confirmed: (f) => ({
    title: 'Votre pharmacie a été choisie',
    message: `${f.actor} a retenu votre offre`,
  }),
  medication_cancelled: (f) => ({
    title: 'Demande de médicament annulée',
    message: `${f.actor} a annulé la demande que vous aviez acceptée`,
  }),
  medication_not_selected: (f) => ({
    title: 'Une autre pharmacie a été choisie',
    message: `${f.actor} a choisi une autre pharmacie`,
  }),
  medication_expired: () => ({
    title: 'Demande de médicament expirée',
    message: 'Votre demande de médicament a expiré ; vous pouvez en envoyer une nouvelle',
  }),
  alert_settings_changed: (f) => ({
    title: "Limites d'alerte modifiées",
    message: `${f.actor} a modifié vos limites d'alerte glycémique.`,
  }),
};

/**
 * Title and text of an event in the owner's language; instants are written in the owner's zone.
 * @throws Error for an event without a text, which is a defect of the producer
 */
export function notificationText(event: string, locale: Locale, facts: TextFacts): NotificationText {
  const writer = (locale === 'fr' ? FR : EN)[event];
  if (writer === undefined) throw new Error(`No text for the event ${event}`);
  const when =
    facts.dateTime === undefined
      ? ''
      : DateTime.fromJSDate(facts.dateTime, { zone: facts.zone ?? 'UTC' })
          .setLocale(locale)
          .toFormat(locale === 'fr' ? "d LLLL yyyy 'à' HH:mm" : "d LLLL yyyy 'at' HH:mm");
  return writer(facts, when);
}
