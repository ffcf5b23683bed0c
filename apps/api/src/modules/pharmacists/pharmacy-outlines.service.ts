import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Logger } from '../../platform/logging';
import { AccountsRepository, OrderedOutlines } from '../users';
import { PharmaciesRepository, type PharmacyOutline } from './pharmacies.repository';
import { TermBook } from './term-book';

/** A pharmacy in memory: its medicines as numbers of the book. */
export interface HeldPharmacy extends Omit<PharmacyOutline, 'medicines'> {
  readonly terms: Uint32Array;
}

/**
 * What searches, orders and comparisons ask of pharmacies, in memory (decisions 15 and 19): about 300 bytes each and 4
 * for each medicine. Nearby, ranking, sector means and "contains" over all inventories are one pass over it. Whom a
 * request is sent to, and what is shown, is read from the database by the ids found here.
 */
@Injectable()
export class PharmacyOutlines implements BeforeApplicationShutdown {
  private book = new TermBook();
  private readonly outlines: OrderedOutlines<PharmacyOutline, HeldPharmacy>;

  constructor(pharmacies: PharmaciesRepository, accounts: AccountsRepository, logger: Logger) {
    this.outlines = new OrderedOutlines<PharmacyOutline, HeldPharmacy>(accounts, logger, {
      read: (ids) => pharmacies.outlines(ids),
      hold: ({ medicines, ...outline }) => ({
        ...outline,
        terms: Uint32Array.from(medicines, (text) => this.book.acquire(text)),
      }),
      release: ({ terms }) => {
        for (const term of terms) this.book.release(term);
      },
      released: () => {
        this.book = new TermBook();
      },
      order: byNote,
    });
  }

  /** Every live pharmacy in the order of lists: best noted first, then the newest. Whoever asks only reads. */
  async all(): Promise<readonly HeldPharmacy[]> {
    return this.outlines.all();
  }

  /** The pharmacies with a medicine whose folded name contains the folded text, in the order of lists. */
  async offering(text: string): Promise<HeldPharmacy[]> {
    const all = await this.all();
    const wanted = this.book.containing(text);
    return all.filter(({ terms }) => hasAny(terms, wanted));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.outlines.stop();
  }
}

/** By index, from the end: over a million terms an iterator takes four times as long, a callback ten times. */
function hasAny(terms: Uint32Array, wanted: Uint8Array): boolean {
  for (let at = terms.length - 1; at >= 0; at -= 1) if (wanted[terms[at] ?? 0] === 1) return true;
  return false;
}

function byNote(a: HeldPharmacy, b: HeldPharmacy): number {
  return b.noteMoyenne - a.noteMoyenne || b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1);
}
