export { GlucoseBackfill } from './backfill.service';
export { GLUCOSE_CORRECTED, GLUCOSE_STORED, type GlucoseCorrected, type GlucoseStored } from './glucose.events';
export { GlucoseModule } from './glucose.module';
export { GlucosePatients } from './glucose-patients.service';
export { type AnalysisReading, GlucoseReadings } from './glucose-readings.repository';
export { RollupMaintenance } from './days/rollup-maintenance.service';
export { PatientOverviews } from './worklist/patient-overviews.service';
export type { PatientOverview } from './worklist/reading-shares.policy';
