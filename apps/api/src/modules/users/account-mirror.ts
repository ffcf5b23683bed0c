import type { ChangeWatch } from '../../platform/database';
import type { Logger } from '../../platform/logging';
import type { AccountsRepository } from './accounts.repository';

/** What a mirror holds and how it is filled. */
export interface MirrorContent {
  /** Reads everything anew, replacing what is held. */
  load(): Promise<void>;
  /** Reads these accounts again; those that are not found are dropped. */
  reread(ids: readonly string[]): Promise<void>;
  /** Drops everything. */
  clear(): void;
}

/**
 * Keeps a copy of facts about accounts in step with what is stored: read when it is first asked for, accounts that this
 * process changes are read again before its next answer, those that others change are named by the change stream
 * (decision 15). When the stream breaks everything is read again.
 */
export class AccountMirror {
  private loading: Promise<void> | null = null;
  private readonly stale = new Set<string>();
  private refreshing: Promise<void> = Promise.resolve();
  private readonly stream: ChangeWatch;

  constructor(
    accounts: AccountsRepository,
    logger: Logger,
    private readonly content: MirrorContent,
  ) {
    accounts.onChanged((id) => {
      if (this.loading !== null) this.stale.add(id);
    });
    this.stream = accounts.watch(
      (id) => this.stale.add(id),
      () => {
        this.forgetAll();
      },
      logger,
    );
  }

  /** Resolves when what is held is what is stored. */
  async current(): Promise<void> {
    this.loading ??= this.load();
    await this.loading;
    if (this.stale.size === 0) return;
    // One after the other: an older read must not be applied after a newer one.
    this.refreshing = this.refreshing.then(() => this.refresh());
    await this.refreshing;
  }

  /** Ends listening. */
  async stop(): Promise<void> {
    await this.stream.stop();
  }

  private async load(): Promise<void> {
    // Listening begins before reading: what changes in between is read again.
    this.stream.start();
    try {
      await this.content.load();
    } catch (error) {
      this.forgetAll();
      throw error;
    }
  }

  private async refresh(): Promise<void> {
    const ids = [...this.stale];
    for (const id of ids) this.stale.delete(id);
    if (ids.length === 0) return;
    try {
      await this.content.reread(ids);
    } catch (error) {
      for (const id of ids) this.stale.add(id);
      throw error;
    }
  }

  private forgetAll(): void {
    this.loading = null;
    this.content.clear();
  }
}
