import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Logger } from '../logging';
import { Scheduler } from './scheduler';

/** A stored counter that does not equal what it counts. */
export interface CounterDifference {
  readonly counter: string;
  /** Id of the document that holds it. */
  readonly owner: string;
  readonly stored: number;
  readonly counted: number;
}

/** Answers the counters that do not agree, after mending those that it mends. */
export type CounterCheck = () => Promise<CounterDifference[]>;

const DAY_SECONDS = 86_400;

/** Stored counters against a recomputation: daily in the log, and for the operator's `check-counters`. */
@Injectable()
export class CounterChecks implements OnModuleInit {
  private readonly checks: CounterCheck[] = [];

  constructor(
    private readonly scheduler: Scheduler,
    private readonly logger: Logger,
  ) {}

  /** Adds a check; modules that keep counters do so when they start. */
  register(check: CounterCheck): void {
    this.checks.push(check);
  }

  onModuleInit(): void {
    this.scheduler.register({
      name: 'counter-check',
      everySeconds: DAY_SECONDS,
      run: async () => {
        const differences = await this.run();
        if (differences.length > 0)
          this.logger.error('counters differ from a recomputation', { count: differences.length });
      },
    });
  }

  /** All differences, check by check. */
  async run(): Promise<CounterDifference[]> {
    const found: CounterDifference[] = [];
    for (const check of this.checks) found.push(...(await check()));
    return found;
  }
}

/**
 * For a check that reads what is counted and the counter one after the other: a write between the two looks like a
 * difference, so only what a second reading finds again, equally far apart, is one.
 */
export function foundTwice(check: CounterCheck): CounterCheck {
  return async () => {
    const first = await check();
    if (first.length === 0) return first;
    const before = new Set(first.map(identity));
    return (await check()).filter((difference) => before.has(identity(difference)));
  };
}

function identity({ counter, owner, stored, counted }: CounterDifference): string {
  return `${counter} ${owner} ${stored - counted}`;
}
