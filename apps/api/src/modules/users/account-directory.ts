import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { displayName } from '../../common/names';
import type { ChangeWatch } from '../../platform/database';
import { Logger } from '../../platform/logging';
import { AccountsRepository, type AccountSummary } from './accounts.repository';

const MAX_ACCOUNTS = 50_000;
const TTL_MS = 60_000;

/**
 * Names and other slow-changing facts of accounts, in memory, so that a list of appointments or conversations costs
 * no second query. Forgotten at once when the account changes: in this process by `forget`, in others by the change
 * stream. Never asked for a decision (status, consent): those read the database.
 */
@Injectable()
export class AccountDirectory implements BeforeApplicationShutdown {
  private readonly cache = new LRUCache<string, AccountSummary>({ max: MAX_ACCOUNTS, ttl: TTL_MS });
  private readonly stream: ChangeWatch;
  private epoch = 0;

  constructor(
    private readonly accounts: AccountsRepository,
    logger: Logger,
  ) {
    const forget = (id: string): void => {
      this.forget(id);
    };
    accounts.onChanged(forget);
    this.stream = accounts.watch(
      forget,
      () => {
        this.epoch += 1;
        this.cache.clear();
      },
      logger,
    );
  }

  /** Summaries by id; ids that nobody has are missing from the map. One query at most. */
  async find(ids: Iterable<string>): Promise<Map<string, AccountSummary>> {
    const found = new Map<string, AccountSummary>();
    const missing = new Set<string>();
    for (const id of ids) {
      const known = this.cache.get(id);
      if (known === undefined) missing.add(id);
      else found.set(id, known);
    }
    if (missing.size === 0) return found;
    const before = this.epoch;
    for (const summary of await this.accounts.summaries([...missing])) {
      found.set(summary.id, summary);
      // Something changed while this was read: what was read may be the old state.
      if (before === this.epoch) this.cache.set(summary.id, summary);
    }
    return found;
  }

  /** One summary, or null. */
  async findOne(id: string): Promise<AccountSummary | null> {
    return this.cache.get(id) ?? (await this.find([id])).get(id) ?? null;
  }

  /** The name to show for an id (contract 00 section 3). */
  async nameOf(id: string): Promise<string> {
    return displayName(await this.findOne(id));
  }

  /** Forgets an account that has just been changed. */
  private forget(id: string): void {
    this.epoch += 1;
    this.cache.delete(id);
  }

  /** Begins listening to changes made by other processes. */
  watch(): void {
    this.stream.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.stream.stop();
  }
}
