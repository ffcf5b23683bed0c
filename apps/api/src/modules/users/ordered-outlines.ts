import type { Logger } from '../../platform/logging';
import { AccountMirror } from './account-mirror';
import type { AccountsRepository } from './accounts.repository';

/** What outlines are held of, and in which order. */
export interface OutlineSource<Outline extends { readonly id: string }, Held extends { readonly id: string }> {
  /** Reads all outlines, or those of these accounts only. */
  read(ids?: readonly string[]): AsyncIterable<Outline>;
  /** What is held for an outline. */
  hold(outline: Outline): Held;
  /** An element is held no longer. */
  release?(held: Held): void;
  /** Nothing is held any longer; elements are not released one by one. */
  released?(): void;
  readonly order: (a: Held, b: Held) => number;
}

/**
 * Outlines of the accounts of one role in memory, in the order of their lists (decisions 15 and 19). A list with its
 * exact total is one pass over them; what is shown is read from the database by the ids found here.
 */
export class OrderedOutlines<Outline extends { readonly id: string }, Held extends { readonly id: string } = Outline> {
  private readonly held = new Map<string, Held>();
  private ordered: Held[] | null = null;
  private readonly mirror: AccountMirror;

  constructor(
    accounts: AccountsRepository,
    logger: Logger,
    private readonly source: OutlineSource<Outline, Held>,
  ) {
    this.mirror = new AccountMirror(accounts, logger, {
      load: () => this.load(),
      reread: (ids) => this.reread(ids),
      clear: () => {
        this.clear();
      },
    });
  }

  /** All of them as they are stored now. Whoever asks only reads. */
  async all(): Promise<readonly Held[]> {
    await this.mirror.current();
    this.ordered ??= [...this.held.values()].sort(this.source.order);
    return this.ordered;
  }

  /** Ends listening to changes. */
  async stop(): Promise<void> {
    await this.mirror.stop();
  }

  private async load(): Promise<void> {
    this.clear();
    for await (const outline of this.source.read()) this.put(outline);
  }

  private async reread(ids: readonly string[]): Promise<void> {
    const found: Outline[] = [];
    for await (const outline of this.source.read(ids)) found.push(outline);
    for (const id of ids) this.drop(id);
    for (const outline of found) this.put(outline);
  }

  private put(outline: Outline): void {
    this.drop(outline.id);
    this.held.set(outline.id, this.source.hold(outline));
    this.ordered = null;
  }

  private drop(id: string): void {
    const known = this.held.get(id);
    // Most accounts that change are of another role: the order stays.
    if (known === undefined) return;
    this.source.release?.(known);
    this.held.delete(id);
    this.ordered = null;
  }

  private clear(): void {
    this.held.clear();
    this.source.released?.();
    this.ordered = null;
  }
}
