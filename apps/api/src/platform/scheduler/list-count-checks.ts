import { Injectable } from '@nestjs/common';
import { type CountedList, ListCounts } from '../database';
import { CounterChecks, type CounterDifference } from './counter-checks';

/** Compares the stored numbers of counted lists with their elements, as part of the check of counters. */
@Injectable()
export class ListCountChecks {
  constructor(
    private readonly counts: ListCounts,
    private readonly checks: CounterChecks,
  ) {}

  /** Adds a list; modules that keep one do so when they start. */
  register(list: string, countedOf: (ownerId: string) => CountedList): void {
    this.checks.register(async () => {
      const found: CounterDifference[] = [];
      for await (const ownerId of this.counts.ownersOf(list))
        for (const { month, stored, counted } of await this.counts.differences(countedOf(ownerId)))
          found.push({ counter: `listcounts.${list}`, owner: `${ownerId} ${month}`, stored, counted });
      return found;
    });
  }
}
