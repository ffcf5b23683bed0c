import { formatGlucose, toMmol } from '@diabcare/glycemia';
import { DateTime } from 'luxon';
import type { Locale } from '../../common/enums';
import type { AlertNotice } from './alert-notice.events';
import type { AlertReading } from './engine/alert-types';

/** Title and message of a notice. */
export interface AlertText {
  readonly title: string;
  readonly message: string;
}

/** The parts a text is made of, printed already. */
interface Parts {
  /** Value with unit. */
  readonly v: string;
  /** Local clock time of the reading. */
  readonly t: string;
  /** Threshold with unit. */
  readonly T: string;
  readonly horizon: number;
  /** Rate of change with unit. */
  readonly rate: string;
}

type PatientCode = AlertNotice['code'];
type Writer = (parts: Parts) => AlertText;

// Never a dose, never a change of treatment (glucose-alerts section 8).
const EN: Readonly<Record<PatientCode, Writer>> = {
  urgent_low: ({ v, t }) => ({
    title: 'Urgent low glucose',
    message: `${v} at ${t}. Eat fast sugar now and measure again after 15 minutes. If you get worse or cannot swallow, get emergency help.`,
  }),
  low: ({ v, t }) => ({
    title: 'Low glucose',
    message: `${v} at ${t}. Eat fast sugar and measure again after 15 minutes.`,
  }),
  predicted_low: ({ v, T, horizon }) => ({
    title: 'Low glucose expected',
    message: `${v} and falling: below ${T} expected within ${horizon} minutes. Keep fast sugar at hand.`,
  }),
  high: ({ v, t, T }) => ({ title: 'High glucose', message: `${v} at ${t}, above ${T}. Follow your care plan.` }),
  very_high: ({ v, t }) => ({
    title: 'Very high glucose',
    message: `${v} at ${t}. Drink water, measure again, check ketones if available, call your care team. If you vomit, breathe fast or feel drowsy, get emergency help.`,
  }),
  rapid_fall: ({ v, t, rate }) => ({ title: 'Glucose falling fast', message: `${v} at ${t}, ${rate} per minute.` }),
  rapid_rise: ({ v, t, rate }) => ({ title: 'Glucose rising fast', message: `${v} at ${t}, ${rate} per minute.` }),
  no_data: ({ t }) => ({ title: 'No sensor data', message: `No reading since ${t}. Check sensor and phone.` }),
  recheck: ({ v, t }) => ({ title: 'Check again', message: `Last reading ${v} at ${t}. Please check again now.` }),
};

const FR: Readonly<Record<PatientCode, Writer>> = {
  urgent_low: ({ v, t }) => ({
    title: 'Glycémie très basse',
    message: `${v} à ${t}. Prenez du sucre rapide, remesurez dans 15 minutes. Si l'état s'aggrave ou si avaler est impossible : appelez les urgences.`,
  }),
  low: ({ v, t }) => ({
    title: 'Glycémie basse',
    message: `${v} à ${t}. Prenez du sucre rapide et remesurez dans 15 minutes.`,
  }),
  predicted_low: ({ v, T, horizon }) => ({
    title: 'Hypoglycémie prévue',
    message: `${v} en baisse : moins de ${T} prévu dans ${horizon} minutes. Gardez du sucre rapide à portée.`,
  }),
  high: ({ v, t, T }) => ({
    title: 'Glycémie élevée',
    message: `${v} à ${t}, au-dessus de ${T}. Suivez votre plan de soins.`,
  }),
  very_high: ({ v, t }) => ({
    title: 'Glycémie très élevée',
    message: `${v} à ${t}. Buvez de l'eau, remesurez, contrôlez les cétones si possible, appelez l'équipe soignante. Vomissements, respiration rapide ou somnolence : appelez les urgences.`,
  }),
  rapid_fall: ({ v, t, rate }) => ({ title: 'Baisse rapide', message: `${v} à ${t}, ${rate} par minute.` }),
  rapid_rise: ({ v, t, rate }) => ({ title: 'Hausse rapide', message: `${v} à ${t}, ${rate} par minute.` }),
  no_data: ({ t }) => ({
    title: 'Pas de données du capteur',
    message: `Aucune mesure depuis ${t}. Vérifiez le capteur et le téléphone.`,
  }),
  recheck: ({ v, t }) => ({
    title: 'À recontrôler',
    message: `Dernière mesure ${v} à ${t}. Recontrôlez maintenant.`,
  }),
};

/** Limits of a sensor's range by the stored value that stands for what lies beyond. */
const SATURATED: Readonly<Record<AlertReading['unit'], Readonly<Record<string, string>>>> = {
  'mg/dL': { '39': 'LOW (< 40 mg/dL)', '401': 'HIGH (> 400 mg/dL)', '501': 'HIGH (> 500 mg/dL)' },
  'mmol/L': { '2.1': 'LOW (< 2.2 mmol/L)', '22.3': 'HIGH (> 22.2 mmol/L)', '27.9': 'HIGH (> 27.8 mmol/L)' },
};

/** The value as people read it; of a saturated one the limit of the sensor. */
function printReading(reading: AlertReading, population: AlertNotice['population']): string {
  const { value, unit, saturated } = reading;
  const limit = saturated ? SATURATED[unit][String(value)] : undefined;
  return limit ?? formatGlucose(value, unit, population);
}

function printRate(rateMgDl: number | null, unit: AlertReading['unit']): string {
  const rate = rateMgDl ?? 0;
  return unit === 'mg/dL' ? `${rate.toFixed(2)} mg/dL` : `${toMmol(rate).toFixed(2)} mmol/L`;
}

/** The notice to the patient, in the patient's language and zone. */
export function patientText(notice: AlertNotice, locale: Locale, zone: string): AlertText {
  const { reading, limit, population, horizonMinutes, rate } = notice;
  const { unit } = reading;
  const parts: Parts = {
    v: printReading(reading, population),
    t: DateTime.fromMillis(reading.measuredAt, { zone }).toFormat('HH:mm'),
    T: formatGlucose(unit === 'mg/dL' ? limit.mgdl : limit.mmol, unit, population),
    horizon: horizonMinutes,
    rate: printRate(rate, unit),
  };
  return (locale === 'fr' ? FR : EN)[notice.code](parts);
}

/** The notice to a doctor. */
export function doctorText(notice: AlertNotice, locale: Locale, patientName: string): AlertText {
  const { reading, population, minutes } = notice;
  const value = printReading(reading, population);
  if (locale === 'fr') {
    const since = minutes === null ? '' : ` depuis ${minutes} min`;
    return { title: 'Alerte glycémique critique', message: `Glycémie critique chez ${patientName} : ${value}${since}` };
  }
  const since = minutes === null ? '' : ` for ${minutes} min`;
  return {
    title: 'Critical Glucose Alert',
    message: `Patient ${patientName} has critical glucose level: ${value}${since}`,
  };
}

/** What takes the place of a notice whose reading was corrected or deleted. */
export function amendedText(locale: Locale): AlertText {
  return locale === 'fr'
    ? { title: 'Mesure corrigée', message: 'La mesure de cette alerte a été corrigée ou supprimée.' }
    : { title: 'Reading corrected', message: 'The reading of this alert was corrected or deleted.' };
}
