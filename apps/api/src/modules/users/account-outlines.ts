import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import type { AccountStatus, DiabetesType, Role } from '../../common/enums';
import { fold } from '../../common/text';
import { Logger } from '../../platform/logging';
import { AccountMirror } from './account-mirror';
import { type AccountOutline, AccountsRepository } from './accounts.repository';

/** Which accounts a list is of; null means any. */
export interface AccountFilter {
  readonly role: Role | null;
  readonly statutCompte: AccountStatus | null;
  readonly typeDiabete: DiabetesType | null;
  /** Contained in the folded names and e-mail. */
  readonly search: string | null;
}

/** Above this the outlines take more memory (75 MB) than they are worth. */
const MAX_OUTLINES = 300_000;

/**
 * The few facts that lists of all accounts filter and sort by, in memory, the oldest account first: about 250 bytes each,
 * read when the first such list is asked for. "Contains" over everybody, with an exact total, is a scan on every engine;
 * here it is one over memory (decision 15). Accounts that changed, in this process or another, are read again before the
 * next answer.
 */
@Injectable()
export class AccountOutlines implements BeforeApplicationShutdown {
  private outlines: AccountOutline[] = [];
  private byRole: ReadonlyMap<Role, number> | null = null;
  private tooMany = false;
  private readonly mirror: AccountMirror;

  constructor(
    private readonly accounts: AccountsRepository,
    logger: Logger,
  ) {
    this.mirror = new AccountMirror(accounts, logger, {
      load: () => this.load(),
      reread: (ids) => this.reread(ids),
      clear: () => {
        this.outlines = [];
        this.byRole = null;
      },
    });
  }

  /** Are there few enough accounts to be kept here? If not, the database must be asked. */
  async hold(): Promise<boolean> {
    await this.mirror.current();
    return !this.tooMany;
  }

  /** Ids of a page, newest first, and how many match. */
  async page(filter: AccountFilter, skip: number, limit: number): Promise<{ ids: string[]; total: number }> {
    await this.mirror.current();
    const matches = matcher(filter);
    const ids: string[] = [];
    let total = 0;
    for (let at = this.outlines.length - 1; at >= 0; at -= 1) {
      const outline = this.outlines[at];
      if (outline === undefined || !matches(outline)) continue;
      if (total >= skip && ids.length < limit) ids.push(outline.id);
      total += 1;
    }
    return { ids, total };
  }

  /** Ids of the first `limit` by family and given name. */
  async byName(filter: AccountFilter, limit: number): Promise<string[]> {
    await this.mirror.current();
    const matches = matcher(filter);
    const first: AccountOutline[] = [];
    for (const outline of this.outlines) {
      const last = first[limit - 1];
      if (!matches(outline) || (last !== undefined && byText(outline, last) >= 0)) continue;
      const at = first.findIndex((other) => byText(outline, other) < 0);
      first.splice(at === -1 ? first.length : at, 0, outline);
      if (first.length > limit) first.pop();
    }
    return first.map(({ id }) => id);
  }

  /** How many accounts each role has. */
  async countByRole(): Promise<ReadonlyMap<Role, number>> {
    await this.mirror.current();
    if (this.byRole !== null) return this.byRole;
    const counts = new Map<Role, number>();
    for (const { role } of this.outlines) counts.set(role, (counts.get(role) ?? 0) + 1);
    this.byRole = counts;
    return counts;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.mirror.stop();
  }

  private async load(): Promise<void> {
    const outlines: AccountOutline[] = [];
    for await (const outline of this.accounts.outlines()) {
      outlines.push(outline);
      this.tooMany = outlines.length > MAX_OUTLINES;
      if (this.tooMany) return;
    }
    this.outlines = outlines.sort(byAge);
    this.byRole = null;
  }

  private async reread(ids: readonly string[]): Promise<void> {
    if (this.tooMany) return;
    const found: AccountOutline[] = [];
    for await (const outline of this.accounts.outlines(ids)) found.push(outline);
    const changed = new Set(ids);
    const kept = this.outlines.filter(({ id }) => !changed.has(id));
    for (const outline of found.sort(byAge)) insert(kept, outline);
    this.outlines = kept;
    this.byRole = null;
  }
}

function matcher(filter: AccountFilter): (outline: AccountOutline) => boolean {
  const { role, statutCompte, typeDiabete } = filter;
  const text = filter.search === null ? null : fold(filter.search);
  return (outline) =>
    (role === null || outline.role === role) &&
    (statutCompte === null || outline.statutCompte === statutCompte) &&
    (typeDiabete === null || outline.typeDiabete === typeDiabete) &&
    (text === null || outline.searchText.includes(text));
}

function byAge(a: AccountOutline, b: AccountOutline): number {
  return a.createdAt - b.createdAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

function byText(a: AccountOutline, b: AccountOutline): number {
  return a.searchText < b.searchText ? -1 : a.searchText > b.searchText ? 1 : a.id < b.id ? -1 : 1;
}

/** Into its place by age; new accounts belong at the end. */
function insert(outlines: AccountOutline[], outline: AccountOutline): void {
  let [low, high] = [0, outlines.length];
  const last = outlines.at(-1);
  if (last !== undefined && byAge(last, outline) < 0) low = high;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = outlines[middle];
    if (other !== undefined && byAge(other, outline) < 0) low = middle + 1;
    else high = middle;
  }
  outlines.splice(low, 0, outline);
}
