import {
  analysisReadings,
  type Basis,
  dominantUnit,
  type Episode,
  episodes,
  episodeTotals,
  grid,
  recordedMinutes,
} from '@diabcare/glycemia';
import { Injectable } from '@nestjs/common';
import type { AnalysisReading } from '../glucose-readings.repository';
import { ReportData } from './report-data.service';
import type { ReportRequest } from './report-request';
import type { ReportQuery } from './reports.dto';

const DAY_MS = 86_400_000;
/** Sensor minutes below which capillary readings, where there are any, carry the report. */
const BASIS_MINUTES = 1_440;

/** Low and high episodes of a period. */
@Injectable()
export class EpisodesReport {
  constructor(private readonly data: ReportData) {}

  /** An episode belongs to the period in which it starts; a day more on both sides keeps those at the borders whole. */
  async make(request: ReportRequest, query: ReportQuery) {
    const { population } = request;
    const found = await this.data.computed(request, 'episodes', DAY_MS, (readings) => findEpisodes(request, readings));
    if (found.basis === 'smbg') return refusedEpisodes();
    const { basis, recorded, all } = found;
    const wanted = all.filter((episode) => matches(episode, query));
    const totals = episodeTotals(wanted, recorded, population).filter(
      ({ type, level }) =>
        (query.type === undefined || type === query.type) && (query.level === undefined || level === query.level),
    );
    const isWithout = recorded > 0 && totals.some(({ count }) => count === 0);
    return {
      basis,
      body: {
        episodes: wanted.map(({ start, end, ...rest }) => ({ ...rest, start: new Date(start), end: new Date(end) })),
        totals,
        recordedMinutes: recorded,
      },
      refused: isWithout ? { meanDurationMinutes: 'NO_EPISODES' } : {},
    };
  }
}

/** All episodes that start in the period, and the minutes on record; none on capillary readings. */
function findEpisodes({ zone, population, period, ...request }: ReportRequest, readings: readonly AnalysisReading[]) {
  const inside = readings.filter(({ t }) => t >= period.from && t < period.to);
  const basis = request.basis ?? basisOf(inside);
  if (basis === 'smbg') return { basis };
  const cgm = inside.filter(({ kind }) => kind === 'cgm');
  const points = grid(analysisReadings(readings, zone), zone);
  const report = episodes(points, zone, { population, unit: dominantUnit(cgm.map(({ unit }) => unit)) });
  return {
    basis,
    recorded: recordedMinutes(points, period.from, period.to),
    all: report.episodes.filter(({ start }) => start >= period.from && start < period.to),
  };
}

function matches(episode: Episode, { type, level, nocturnal }: ReportQuery): boolean {
  return (
    (type === undefined || episode.type === type) &&
    (level === undefined || episode.level === level) &&
    (nocturnal === undefined || episode.nocturnal === nocturnal)
  );
}

/** Capillary readings have no episodes. */
function refusedEpisodes() {
  const reason = 'CGM_REQUIRED';
  return {
    basis: 'smbg' as const,
    body: { episodes: null, totals: null, recordedMinutes: null },
    refused: { episodes: reason, totals: reason, recordedMinutes: reason },
  };
}

function basisOf(readings: readonly { readonly kind: 'cgm' | 'capillary'; readonly interval: number }[]): Basis {
  const minutes = readings.reduce((sum, { interval }) => sum + interval, 0);
  return readings.some(({ kind }) => kind === 'capillary') && minutes < BASIS_MINUTES ? 'smbg' : 'cgm';
}
