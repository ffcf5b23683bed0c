import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Logger } from '../../platform/logging';
import { AccountMirror, AccountsRepository } from '../users';
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
  private readonly held = new Map<string, HeldPharmacy>();
  private book = new TermBook();
  private ordered: HeldPharmacy[] | null = null;
  private readonly mirror: AccountMirror;

  constructor(
    private readonly pharmacies: PharmaciesRepository,
    accounts: AccountsRepository,
    logger: Logger,
  ) {
    this.mirror = new AccountMirror(accounts, logger, {
      load: () => this.load(),
      reread: (ids) => this.reread(ids),
      clear: () => {
        this.clear();
      },
    });
  }

  /** Every live pharmacy in the order of lists: best noted first, then the newest. Whoever asks only reads. */
  async all(): Promise<readonly HeldPharmacy[]> {
    await this.mirror.current();
    this.ordered ??= [...this.held.values()].sort(byNote);
    return this.ordered;
  }

  /** The pharmacies with a medicine whose folded name contains the folded text, in the order of lists. */
  async offering(text: string): Promise<HeldPharmacy[]> {
    const all = await this.all();
    const wanted = this.book.containing(text);
    return all.filter(({ terms }) => hasAny(terms, wanted));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.mirror.stop();
  }

  private async load(): Promise<void> {
    this.clear();
    for await (const outline of this.pharmacies.outlines()) this.put(outline);
  }

  private async reread(ids: readonly string[]): Promise<void> {
    const found: PharmacyOutline[] = [];
    for await (const outline of this.pharmacies.outlines(ids)) found.push(outline);
    for (const id of ids) this.drop(id);
    for (const outline of found) this.put(outline);
  }

  private put({ medicines, ...outline }: PharmacyOutline): void {
    this.drop(outline.id);
    this.held.set(outline.id, { ...outline, terms: Uint32Array.from(medicines, (text) => this.book.acquire(text)) });
    this.ordered = null;
  }

  private drop(id: string): void {
    const known = this.held.get(id);
    if (known === undefined) return;
    for (const term of known.terms) this.book.release(term);
    this.held.delete(id);
    this.ordered = null;
  }

  private clear(): void {
    this.held.clear();
    this.book = new TermBook();
    this.ordered = null;
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
