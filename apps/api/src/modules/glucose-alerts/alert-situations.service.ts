import { analysisReadings, dayStart } from '@diabcare/glycemia';
import { Injectable } from '@nestjs/common';
import { CareLinks } from '../../access';
import { localDay } from '../../common/time';
import { newId, type Tx } from '../../platform/database';
import { type AnalysisReading, GlucosePatients, GlucoseReadings } from '../glucose';
import { Meals } from '../nutrition';
import { chainsOf, AlertsRepository } from './alerts.repository';
import { stateOf } from './alert-records.mapper';
import { AlertSettingsRepository } from './alert-settings.repository';
import { completeSettings, type GlycemicPopulation } from './alert-settings.policy';
import { AlertStatesRepository } from './alert-states.repository';
import type { AlertReading } from './engine/alert-types';
import type { CgmSummary, EvaluationInput } from './engine/evaluation';
import { isOut, MINUTE_MS } from './engine/levels.policy';
import { asksForCgm } from './engine/timers.policy';
import type { GlucoseAlertState } from './glucose-alert.schema';

/** Enough for runs of 30 minutes with steps of 45, for the trend and for what clears a low. */
const SHORT_MS = 75 * MINUTE_MS;
/** Enough for runs of 240 minutes with steps of 45. */
const LONG_MS = 300 * MINUTE_MS;
/** A correction looks back to the beginning of a chain, but not for ever. */
const LONGEST_MS = 4_320 * MINUTE_MS;
const DAY_MS = 1_440 * MINUTE_MS;
const MEALS_MS = 40 * MINUTE_MS;
/** More doctors than any patient has. */
const MAX_DOCTORS = 200;

/** Everything an evaluation of a patient needs, as it stands in one transaction. */
export interface Situation {
  readonly stored: GlucoseAlertState | null;
  readonly input: EvaluationInput;
  readonly population: GlycemicPopulation;
}

/** Gathers what the rules decide on. */
@Injectable()
export class AlertSituations {
  constructor(
    private readonly states: AlertStatesRepository,
    private readonly alerts: AlertsRepository,
    private readonly settings: AlertSettingsRepository,
    private readonly links: CareLinks,
    private readonly patients: GlucosePatients,
    private readonly readings: GlucoseReadings,
    private readonly meals: Meals,
  ) {}

  /** Reads the situation. @param options.whole back to the beginning of the open chains, for corrections */
  async load(tx: Tx, patientId: string, now: Date, options: { readonly whole?: boolean } = {}): Promise<Situation> {
    const [stored, open, given, patient] = [
      await this.states.find(tx, patientId),
      await this.alerts.openOf(tx, patientId),
      await this.settings.find(patientId, tx),
      await this.patients.find(patientId),
    ];
    const { population, zone } = patient;
    const settings = completeSettings(given.given, population);
    const chains = chainsOf(open);
    const state = stateOf(stored, chains);
    const at = now.getTime();
    let history = await this.historySince(patientId, at - SHORT_MS, zone);
    const earliest = Math.max(at - LONGEST_MS, Math.min(at, ...chains.map(({ from }) => from)));
    if (options.whole === true && earliest < at - SHORT_MS)
      history = await this.historySince(patientId, earliest, zone);
    else if (state.chains.high !== null || history.some((reading) => isOut('high', reading, settings)))
      history = await this.historySince(patientId, at - LONG_MS, zone);
    const cgm = asksForCgm(state, settings, at)
      ? await this.cgmSummary(patientId, state.newestCgmAt ?? at, zone)
      : null;
    const doctors = await this.links.ofPatient(patientId, MAX_DOCTORS);
    const doctorIds = doctors.filter(({ accessEnabled }) => accessEnabled).map(({ doctorId }) => doctorId);
    const eatenAt = await this.meals.lastWithCarbsBefore(patientId, new Date(at - MEALS_MS), now);
    const newChainId = (): string => newId().toHexString();
    return {
      stored,
      population,
      input: {
        patientId,
        state,
        settings,
        history,
        now: at,
        doctorIds,
        eatenAt: eatenAt?.getTime() ?? null,
        cgm,
        newId: newChainId,
      },
    };
  }

  /** Readings of the analysis set since an instant. Two sensors are told apart from the beginning of the local day. */
  private async historySince(patientId: string, since: number, zone: string): Promise<AlertReading[]> {
    const found = await this.readings.between(patientId, new Date(since), null);
    const devices = new Set(found.filter(({ kind }) => kind === 'cgm').map(({ deviceId }) => deviceId));
    if (devices.size < 2) return toHistory(found, zone);
    const day = dayStart(localDay(new Date(since), zone), zone);
    const whole = await this.readings.between(patientId, new Date(day), null);
    return toHistory(whole, zone).filter(({ measuredAt }) => measuredAt >= since);
  }

  private async cgmSummary(patientId: string, newestCgmAt: number, zone: string): Promise<CgmSummary | null> {
    const found = await this.readings.between(patientId, new Date(newestCgmAt - DAY_MS), null);
    const cgm = toHistory(found, zone).filter(({ kind }) => kind === 'cgm');
    const newest = cgm.at(-1);
    if (newest === undefined) return null;
    return { newest, countOfDay: cgm.filter(({ t }) => newest.t - t <= DAY_MS).length };
  }
}

/** A reading as the rules take it: one that lies ahead counts as measured when it was received. */
export function toAlertReading(reading: AnalysisReading): AlertReading {
  const { id, t, createdAt, value, unit, kind, interval, saturated } = reading;
  return {
    id,
    t: Math.min(t, createdAt),
    measuredAt: t,
    value,
    unit,
    kind,
    intervalMinutes: interval,
    saturated: saturated ?? false,
  };
}

function toHistory(found: readonly AnalysisReading[], zone: string): AlertReading[] {
  const counted = [...found.filter(({ kind }) => kind === 'capillary'), ...analysisReadings(found, zone)];
  return counted.map(toAlertReading).sort((a, b) => a.t - b.t || (a.id < b.id ? -1 : 1));
}
