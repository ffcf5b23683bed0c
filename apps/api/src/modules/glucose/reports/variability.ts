import {
  analysisReadings,
  type Basis,
  conga,
  type Grid,
  grid,
  type GridOptions,
  mag,
  mage,
  modd,
  refusedVariability,
} from '@diabcare/glycemia';
import type { AnalysisReading } from '../glucose-readings.repository';

/** The regular grid of the sensor readings that count. */
export function gridOf(readings: readonly AnalysisReading[], zone: string, options: GridOptions = {}): Grid | null {
  return grid(analysisReadings(readings, zone), zone, options);
}

const NOTHING = {
  conga1: null,
  conga2: null,
  conga4: null,
  conga24: null,
  modd: null,
  mag: null,
  mage: null,
  mageAlgorithm: null,
};

/** The metrics of a summary that need the sequence of readings, with the reasons of those that are null. */
export function variabilityOf(readings: readonly AnalysisReading[], zone: string, basis: Basis) {
  const refused: Record<string, string> = { ...refusedVariability(basis) };
  if (basis === 'smbg') return { variability: NOTHING, refused };
  const counted = analysisReadings(readings, zone);
  const points = grid(counted, zone);
  const excursions = mage(counted, zone);
  const variability = {
    conga1: conga(points, 1),
    conga2: conga(points, 2),
    conga4: conga(points, 4),
    conga24: conga(points, 24),
    modd: modd(points, zone),
    mag: mag(points),
    mage: excursions.avg,
    mageAlgorithm: excursions.algorithm,
  };
  for (const [key, value] of Object.entries(variability))
    if (value === null) refused[key] ??= counted.length === 0 ? 'NO_DATA' : 'INSUFFICIENT_READINGS';
  return { variability, refused };
}
