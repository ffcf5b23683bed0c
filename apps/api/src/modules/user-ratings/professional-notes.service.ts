import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Actor } from '../../access';
import { AppError } from '../../common/errors';
import { Clock } from '../../common/time';
import { type Tx, UnitOfWork } from '../../platform/database';
import { demandedVersion, showsVersion } from '../../platform/http';
import { CounterChecks, type CounterDifference, foundTwice } from '../../platform/scheduler';
import { type AccountRecord, AccountsRepository, type ErasedAccount, ErasureSteps } from '../users';
import { NotedAccountsRepository } from './noted-accounts.repository';
import type { UserRating } from './user-rating.schema';
import { type NoteSum, tenthsOf, UserRatingsRepository } from './user-ratings.repository';

/** The professional that a note is about. */
export interface NoteTarget {
  readonly id: string;
  readonly role: UserRating['targetRole'];
}

/** Notes of doctors and pharmacies by patients, with exact means. Who may give one is decided by the callers. */
@Injectable()
export class ProfessionalNotes implements OnModuleInit {
  constructor(
    private readonly ratings: UserRatingsRepository,
    private readonly noted: NotedAccountsRepository,
    private readonly accounts: AccountsRepository,
    private readonly steps: ErasureSteps,
    private readonly checks: CounterChecks,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.steps.register({ name: 'notes', run: (account) => this.erase(account) });
    this.checks.register(foundTwice(() => this.differences()));
  }

  /**
   * Sets the patient's note; the professional's mean changes in the same step. Names the version for the ETag.
   * @throws AppError NOT_FOUND, PRECONDITION_FAILED
   */
  async set(actor: Actor, target: NoteTarget, note: number): Promise<AccountRecord> {
    const demanded = demandedVersion();
    const account = await this.work.run(
      async (tx) => {
        const current = await this.accounts.findByRole(target.id, target.role, tx);
        if (demanded !== null && current?.__v !== demanded) throw new AppError('PRECONDITION_FAILED');
        const before = await this.ratings.replace(tx, actor.id, target, note, this.clock.now());
        return this.adjust(tx, target, {
          tenths: tenthsOf(note) - (before === null ? 0 : tenthsOf(before)),
          count: before === null ? 1 : 0,
        });
      },
      { lanes: [`account:${target.id}`] },
    );
    if (account === null) throw new AppError('NOT_FOUND');
    showsVersion(account.__v);
    return account;
  }

  /** Adds to the sum and renews the mean; null when the account is gone. */
  private async adjust(tx: Tx, target: NoteTarget, by: NoteSum): Promise<AccountRecord | null> {
    const account = await this.accounts.findByRole(target.id, target.role, tx);
    if (account === null) return null;
    // A record from before sums were kept is counted once.
    const { tenths, count } =
      account.noteTenths === undefined
        ? await this.ratings.sumOf(target.id, tx)
        : { tenths: account.noteTenths + by.tenths, count: (account.nombreNotes ?? 0) + by.count };
    const change = { noteTenths: tenths, nombreNotes: count, noteMoyenne: meanOf({ tenths, count }) };
    return this.accounts.update(target.id, account.__v, change, this.clock.now(), tx);
  }

  private async erase({ userId, role }: ErasedAccount): Promise<void> {
    if (role === 'MEDECIN' || role === 'PHARMACIEN') await this.ratings.deleteOfTarget(userId);
    if (role !== 'PATIENT') return;
    for (const rating of await this.ratings.givenBy(userId)) {
      const target = { id: rating.targetId.toHexString(), role: rating.targetRole };
      await this.work.run(
        async (tx) => {
          if (await this.ratings.remove(tx, rating))
            await this.adjust(tx, target, { tenths: -tenthsOf(rating.note), count: -1 });
        },
        { lanes: [`account:${target.id}`] },
      );
    }
  }

  private async differences(): Promise<CounterDifference[]> {
    const sums = await this.ratings.sums();
    const stored = await this.noted.counters();
    return stored.flatMap((account) => {
      const counted = sums.get(account.id) ?? { tenths: 0, count: 0 };
      const rows = [
        { counter: 'users.nombreNotes', stored: account.count, counted: counted.count },
        { counter: 'users.noteMoyenne', stored: account.mean, counted: meanOf(counted) },
      ];
      return rows.filter((row) => row.stored !== row.counted).map((row) => ({ ...row, owner: account.id }));
    });
  }
}

/** Arithmetic mean to one decimal, half away from zero; 0 without notes. */
function meanOf({ tenths, count }: NoteSum): number {
  return count === 0 ? 0 : Math.round(tenths / count) / 10;
}
