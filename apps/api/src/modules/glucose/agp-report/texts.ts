/** Words of the page. `{...}` are filled in. */
export interface ReportTexts {
  readonly title: string;
  readonly born: string;
  readonly period: string;
  readonly days: string;
  readonly active: string;
  readonly interval: string;
  readonly generated: string;
  readonly ranges: string;
  readonly readingsInRange: string;
  readonly bands: Readonly<Record<'veryHigh' | 'high' | 'target' | 'low' | 'veryLow', string>>;
  readonly above: string;
  readonly below: string;
  readonly goal: string;
  readonly perDay: string;
  readonly metrics: string;
  readonly mean: string;
  readonly gmi: string;
  readonly cv: string;
  readonly sd: string;
  readonly gri: string;
  readonly zone: string;
  readonly notAvailable: string;
  readonly unreliable: string;
  readonly profile: string;
  readonly profileNote: string;
  readonly modalDay: string;
  readonly median: string;
  readonly targetRange: string;
  readonly daily: string;
  readonly noData: string;
  readonly reasons: Readonly<Record<string, string>>;
  readonly definitions: string;
  readonly caution: string;
  readonly weekdays: readonly string[];
}

const EN: ReportTexts = {
  title: 'AGP report',
  born: 'Born {date}',
  period: '{start} to {end}',
  days: '{n} days',
  active: 'Time CGM active: {percent}',
  interval: 'Device interval: {minutes} min',
  generated: 'Generated {instant}',
  ranges: 'Time in ranges',
  readingsInRange: 'Readings in ranges',
  bands: { veryHigh: 'Very high', high: 'High', target: 'Target', low: 'Low', veryLow: 'Very low' },
  above: 'Above target {percent}',
  below: 'Below target {percent}',
  goal: 'goal {goal}',
  perDay: 'per day',
  metrics: 'Glucose metrics',
  mean: 'Mean glucose',
  gmi: 'Glucose management indicator (GMI)',
  cv: 'Coefficient of variation (CV)',
  sd: 'Standard deviation (SD)',
  gri: 'Glycaemia risk index (GRI)',
  zone: 'zone {zone}',
  notAvailable: 'n/a',
  unreliable: 'Values are not reliable: {reason}',
  profile: 'Ambulatory glucose profile (AGP)',
  profileNote: 'Median and 5, 25, 75 and 95 % curves of all days laid over one another, smoothed',
  modalDay: 'Modal day: every reading by time of day',
  median: 'median',
  targetRange: 'target range',
  daily: 'Daily glucose profiles',
  noData: 'There are no glucose readings in this period.',
  reasons: {
    NO_DATA: 'there are no sensor data in this period.',
    LESS_THAN_24H: 'less than 24 hours of sensor data.',
    FEWER_THAN_7_DAYS: 'fewer than 7 days with sensor data.',
    LOW_COVERAGE: 'the sensor was active for less than 70 % of the time.',
    PERIOD_TOO_SHORT: 'the period is shorter than 14 days.',
    INSUFFICIENT_READINGS: 'fewer than 30 readings.',
  },
  definitions:
    'GMI = 3.31 + 0.02392 x mean (mg/dL). CV = SD / mean. GRI = 3.0 VL + 2.4 L + 1.6 VH + 0.8 H. Specification {spec}.',
  caution: 'Not for insulin dosing decisions without clinical assessment.',
  weekdays: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
};

const FR: ReportTexts = {
  title: 'Rapport AGP',
  born: 'Né(e) le {date}',
  period: 'du {start} au {end}',
  days: '{n} jours',
  active: "Durée d'activité du capteur : {percent}",
  interval: 'Intervalle de mesure : {minutes} min',
  generated: 'Établi le {instant}',
  ranges: 'Temps dans les plages',
  readingsInRange: 'Mesures dans les plages',
  bands: { veryHigh: 'Très élevée', high: 'Élevée', target: 'Cible', low: 'Basse', veryLow: 'Très basse' },
  above: 'Au-dessus de la cible {percent}',
  below: 'Sous la cible {percent}',
  goal: 'objectif {goal}',
  perDay: 'par jour',
  metrics: 'Indicateurs glycémiques',
  mean: 'Glycémie moyenne',
  gmi: 'Indicateur de gestion du glucose (GMI)',
  cv: 'Coefficient de variation (CV)',
  sd: 'Écart-type (ET)',
  gri: 'Indice de risque glycémique (GRI)',
  zone: 'zone {zone}',
  notAvailable: 'n. d.',
  unreliable: 'Valeurs peu fiables : {reason}',
  profile: 'Profil glycémique ambulatoire (AGP)',
  profileNote: 'Médiane et courbes à 5, 25, 75 et 95 % de tous les jours superposés, lissées',
  modalDay: "Jour type : chaque mesure selon l'heure",
  median: 'médiane',
  targetRange: 'plage cible',
  daily: 'Profils glycémiques quotidiens',
  noData: "Il n'y a aucune mesure de glycémie sur cette période.",
  reasons: {
    NO_DATA: "il n'y a pas de données de capteur sur cette période.",
    LESS_THAN_24H: 'moins de 24 heures de données de capteur.',
    FEWER_THAN_7_DAYS: 'moins de 7 jours avec des données de capteur.',
    LOW_COVERAGE: 'le capteur a été actif moins de 70 % du temps.',
    PERIOD_TOO_SHORT: 'la période compte moins de 14 jours.',
    INSUFFICIENT_READINGS: 'moins de 30 mesures.',
  },
  definitions:
    'GMI = 3,31 + 0,02392 x moyenne (mg/dL). CV = ET / moyenne. GRI = 3,0 TB + 2,4 B + 1,6 TE + 0,8 E. Spécification {spec}.',
  caution: "Ne pas utiliser pour décider d'une dose d'insuline sans évaluation clinique.",
  weekdays: ['dim.', 'lun.', 'mar.', 'mer.', 'jeu.', 'ven.', 'sam.'],
};

const TEXTS: Readonly<Record<'en' | 'fr', ReportTexts>> = { en: EN, fr: FR };

/** The words of a language. */
export function textsOf(language: 'en' | 'fr'): ReportTexts {
  return TEXTS[language];
}

/** A text with its places filled. */
export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => values[name] ?? place);
}
