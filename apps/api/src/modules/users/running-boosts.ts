import { Injectable } from '@nestjs/common';

/** A boost that runs now. */
export interface RunningBoost {
  readonly boostType: string;
  readonly expiresAt: Date;
  readonly radiusKm: number;
}

/** Finds the running boosts of pharmacies by their ids; those without one are missing. */
export type BoostSource = (pharmacyIds: readonly string[]) => Promise<ReadonlyMap<string, RunningBoost>>;

/** The boosts that views of pharmacies show; `modules/boosts` registers where they come from when it starts. */
@Injectable()
export class RunningBoosts {
  private source: BoostSource = () => Promise.resolve(new Map());

  register(source: BoostSource): void {
    this.source = source;
  }

  /** Running boosts by pharmacy. At most one database read. */
  async of(pharmacyIds: readonly string[]): Promise<ReadonlyMap<string, RunningBoost>> {
    return pharmacyIds.length === 0 ? new Map() : this.source(pharmacyIds);
  }
}
