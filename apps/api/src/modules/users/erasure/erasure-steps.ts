import { Injectable } from '@nestjs/common';
import type { Role } from '../../../common/enums';

/** The account that a step works on; its document is a tombstone already. */
export interface ErasedAccount {
  readonly userId: string;
  readonly role: Role;
  readonly erasedAt: Date;
}

/** One part of an erasure. Run again after a crash at any point, it must finish what it began and double nothing. */
export interface ErasureStep {
  /** Stored when done: never renamed. */
  readonly name: string;
  readonly run: (account: ErasedAccount) => Promise<void>;
}

/** What erasure does in each module. Modules that hold data of accounts register a step when they start. */
@Injectable()
export class ErasureSteps {
  private readonly registered: ErasureStep[] = [];

  register(step: ErasureStep): void {
    this.registered.push(step);
  }

  /** In the order in which they run. */
  get all(): readonly ErasureStep[] {
    return this.registered;
  }
}
