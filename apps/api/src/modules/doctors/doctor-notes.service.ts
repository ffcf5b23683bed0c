import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Actor, CareLinks } from '../../access';
import { AppError } from '../../common/errors';
import { Clock } from '../../common/time';
import { type Tx, UnitOfWork } from '../../platform/database';
import { demandedVersion, showsVersion } from '../../platform/http';
import { CounterChecks, type CounterDifference } from '../../platform/scheduler';
import {
  type AccountRecord,
  AccountsRepository,
  type AccountView,
  type ErasedAccount,
  ErasureSteps,
  toDoctorView,
} from '../users';
import { DoctorsRepository } from './doctors.repository';
import { type NoteSum, tenthsOf, UserRatingsRepository } from './user-ratings.repository';

/** Notes of doctors by their patients, with exact means. */
@Injectable()
export class DoctorNotes implements OnModuleInit {
  constructor(
    private readonly ratings: UserRatingsRepository,
    private readonly doctors: DoctorsRepository,
    private readonly accounts: AccountsRepository,
    private readonly links: CareLinks,
    private readonly steps: ErasureSteps,
    private readonly checks: CounterChecks,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.steps.register({ name: 'doctor-notes', run: (account) => this.erase(account) });
    this.checks.register(() => this.differences());
  }

  /**
   * Sets the patient's note; the doctor's mean changes in the same step.
   * @throws AppError NOT_FOUND, RATING_NOT_ALLOWED, PRECONDITION_FAILED
   */
  async set(actor: Actor, doctorId: string, note: number): Promise<AccountView> {
    if ((await this.accounts.findByRole(doctorId, 'MEDECIN')) === null) throw new AppError('NOT_FOUND');
    if (!(await this.links.everLinked(actor.id, doctorId))) throw new AppError('RATING_NOT_ALLOWED');
    const demanded = demandedVersion();
    const doctor = await this.work.run(
      async (tx) => {
        const current = await this.accounts.findByRole(doctorId, 'MEDECIN', tx);
        if (demanded !== null && current?.__v !== demanded) throw new AppError('PRECONDITION_FAILED');
        const before = await this.ratings.replace(tx, actor.id, doctorId, note, this.clock.now());
        return this.adjust(tx, doctorId, {
          tenths: tenthsOf(note) - (before === null ? 0 : tenthsOf(before)),
          count: before === null ? 1 : 0,
        });
      },
      { lanes: [`account:${doctorId}`] },
    );
    if (doctor === null) throw new AppError('NOT_FOUND');
    showsVersion(doctor.__v);
    return toDoctorView(doctor);
  }

  /** Adds to the doctor's sum and renews the mean; null when the doctor is gone. */
  private async adjust(tx: Tx, doctorId: string, by: NoteSum): Promise<AccountRecord | null> {
    const doctor = await this.accounts.findByRole(doctorId, 'MEDECIN', tx);
    if (doctor === null) return null;
    // A record from before sums were kept is counted once.
    const { tenths, count } =
      doctor.noteTenths === undefined
        ? await this.ratings.sumOf(doctorId, tx)
        : { tenths: doctor.noteTenths + by.tenths, count: (doctor.nombreNotes ?? 0) + by.count };
    const change = { noteTenths: tenths, nombreNotes: count, noteMoyenne: meanOf({ tenths, count }) };
    return this.accounts.update(doctorId, doctor.__v, change, this.clock.now(), tx);
  }

  private async erase({ userId, role }: ErasedAccount): Promise<void> {
    if (role === 'MEDECIN') await this.ratings.deleteOfTarget(userId);
    if (role !== 'PATIENT') return;
    for (const rating of await this.ratings.givenBy(userId)) {
      const doctorId = rating.targetId.toHexString();
      await this.work.run(
        async (tx) => {
          if (await this.ratings.remove(tx, rating))
            await this.adjust(tx, doctorId, { tenths: -tenthsOf(rating.note), count: -1 });
        },
        { lanes: [`account:${doctorId}`] },
      );
    }
  }

  private async differences(): Promise<CounterDifference[]> {
    const sums = await this.ratings.sums();
    const stored = await this.doctors.noteCounters();
    return stored.flatMap((doctor) => {
      const counted = sums.get(doctor.id) ?? { tenths: 0, count: 0 };
      const rows = [
        { counter: 'users.nombreNotes', stored: doctor.count, counted: counted.count },
        { counter: 'users.noteMoyenne', stored: doctor.mean, counted: meanOf(counted) },
      ];
      return rows.filter((row) => row.stored !== row.counted).map((row) => ({ ...row, owner: doctor.id }));
    });
  }
}

/** Arithmetic mean to one decimal, half away from zero; 0 without notes. */
function meanOf({ tenths, count }: NoteSum): number {
  return count === 0 ? 0 : Math.round(tenths / count) / 10;
}
