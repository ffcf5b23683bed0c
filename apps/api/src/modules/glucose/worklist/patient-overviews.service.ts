import { Injectable } from '@nestjs/common';
import { Clock } from '../../../common/time';
import { AccountDirectory } from '../../users';
import { toGlucosePatient } from '../glucose-patients.service';
import { PatientDaysReader } from './patient-days.service';
import { overviewOf, type PatientOverview } from './reading-shares.policy';

/** Local days of which the shares are taken. */
const DAYS = 14;

/** What doctors' lists show of their patients' readings, for all of them at once. */
@Injectable()
export class PatientOverviews {
  constructor(
    private readonly days: PatientDaysReader,
    private readonly directory: AccountDirectory,
    private readonly clock: Clock,
  ) {}

  /** By patient; the caller has established that the doctor may see each of them. */
  async of(patientIds: readonly string[]): Promise<Map<string, PatientOverview>> {
    const now = this.clock.now();
    const accounts = await this.directory.find(patientIds);
    const patients = new Map([...accounts].map(([id, account]) => [id, toGlucosePatient(account)]));
    const days = await this.days.load(patients, DAYS, now);
    return new Map([...days].map(([id, patient]) => [id, overviewOf(patient, now)]));
  }
}
