import type { AgpReport, Basis, Population, Summary, Unit } from '@diabcare/glycemia';
import { roundTo, toMmol } from '@diabcare/glycemia';
import type { AnalysisReading } from '../glucose-readings.repository';
import type { ReportPeriod } from '../reports/report-request';
import type { ReportTexts } from './texts';

/** What the page shows. */
export interface ReportContent {
  readonly patientName: string;
  readonly birthDate: string | null;
  readonly period: ReportPeriod;
  readonly zone: string;
  readonly population: Population;
  readonly basis: Basis;
  readonly unit: Unit;
  readonly generatedAt: Date;
  readonly summary: Summary;
  readonly agp: AgpReport;
  /** Readings of the last days, and for capillary readings of the whole period; oldest first. */
  readonly readings: readonly AnalysisReading[];
  readonly texts: ReportTexts;
  readonly language: 'en' | 'fr';
}

/** A concentration in the unit of the page, as clinics print it. */
export function concentration(mgdl: number, unit: Unit): string {
  return unit === 'mg/dL' ? String(roundTo(mgdl, 0)) : roundTo(toMmol(mgdl), 1).toFixed(1);
}

/** Decimal comma in French. */
export function decimal(text: string, language: 'en' | 'fr'): string {
  return language === 'fr' ? text.replace('.', ',') : text;
}

/** A number with fixed decimals in the page's language. */
export function fixed(x: number, decimals: number, language: 'en' | 'fr'): string {
  return decimal(roundTo(x, decimals).toFixed(decimals), language);
}

/**
 * Whole percents that sum to 100: the largest remainders are rounded up, of equal ones the lower band.
 * @param shares percentages, lowest band first
 */
export function wholePercents(shares: readonly number[]): number[] {
  const floors = shares.map((share) => Math.floor(share + 1e-9));
  const missing = Math.round(shares.reduce((sum, share) => sum + share, 0)) - floors.reduce((sum, n) => sum + n, 0);
  const order = shares
    .map((share, index) => ({ index, rest: share - (floors[index] ?? 0) }))
    .sort((a, b) => b.rest - a.rest || a.index - b.index);
  for (const { index } of order.slice(0, Math.max(0, missing))) floors[index] = (floors[index] ?? 0) + 1;
  return floors;
}

/** A whole percent as printed: a share above 0 that got 0 is "<1 %". */
export function percentText(whole: number, share: number): string {
  return whole === 0 && share > 0 ? '<1 %' : `${whole} %`;
}

/** Minutes per day as `2 h 53 min`. */
export function perDayText(percent: number): string {
  const minutes = roundTo((percent / 100) * 1_440, 0);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return hours === 0 ? `${rest} min` : `${hours} h ${String(rest).padStart(2, '0')} min`;
}
