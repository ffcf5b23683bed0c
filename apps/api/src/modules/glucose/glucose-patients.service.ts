import type { Population } from '@diabcare/glycemia';
import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database';
import { AccountDirectory, AccountsRepository, type AccountSummary } from '../users';

/** What computations on a patient's readings need of the account. */
export interface GlucosePatient {
  readonly id: string;
  /** IANA zone of the patient's calendar days. */
  readonly zone: string;
  /** The stored days are being moved to the zone. */
  readonly rezoning: boolean;
  /** Whose goals and limits apply (glucose metrics section 3). */
  readonly population: Population;
  readonly takesInsulin: boolean;
}

/** The account's facts for computations: own setting first, then the type of diabetes. */
export function toGlucosePatient(account: AccountSummary): GlucosePatient {
  const derived = account.typeDiabete === 'GESTATIONNEL' ? 'gestational' : 'standard';
  return {
    id: account.id,
    zone: account.timeZone,
    rezoning: account.rezoneAt !== null,
    population: account.glycemicPopulation ?? derived,
    takesInsulin: account.takesInsulin,
  };
}

/** Zone and population of patients. */
@Injectable()
export class GlucosePatients {
  constructor(
    private readonly directory: AccountDirectory,
    private readonly accounts: AccountsRepository,
  ) {}

  /** From memory; what has just changed elsewhere may be missing for a moment. */
  async find(id: string): Promise<GlucosePatient> {
    const account = await this.directory.findOne(id);
    return account === null
      ? { id, zone: 'UTC', rezoning: false, population: 'standard', takesInsulin: false }
      : toGlucosePatient(account);
  }

  /** The zone as the database has it. */
  async fresh(id: string): Promise<Pick<GlucosePatient, 'zone' | 'rezoning'>> {
    const account = await this.accounts.zoneOf(id);
    return { zone: account?.timeZone ?? 'UTC', rezoning: account !== null && account.rezoneAt !== null };
  }

  /** The zone in the transaction of a write, whose days it decides. */
  async zoneIn(tx: Tx, id: string): Promise<string> {
    return (await this.accounts.zoneOf(id, tx))?.timeZone ?? 'UTC';
  }
}
