import { describe, expect, it } from 'vitest';
import type { Logger } from '../logging';
import type { Metrics } from '../metrics';
import type { JobRepository } from './job.repository';
import { Scheduler } from './scheduler';

describe('a job that is run now', () => {
  const scheduler = () => new Scheduler({} as JobRepository, { now: () => new Date(0) }, {} as Logger, {} as Metrics);

  it('waits for the run that goes on, also where that one fails', async () => {
    const jobs = scheduler();
    const steps: string[] = [];
    let runs = 0;
    jobs.register({
      name: 'some',
      everySeconds: 60,
      run: async () => {
        runs += 1;
        const name = `run ${String(runs)}`;
        steps.push(`${name} begins`);
        await new Promise((resolve) => setTimeout(resolve, 5));
        steps.push(`${name} ends`);
        if (name === 'run 1') throw new Error('of the first run');
      },
    });
    const results = await Promise.allSettled([jobs.runNow('some'), jobs.runNow('some')]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(steps).toEqual(['run 1 begins', 'run 1 ends', 'run 2 begins', 'run 2 ends']);
  });

  it('is one that exists', async () => {
    await expect(scheduler().runNow('none')).rejects.toThrow('Unknown job none');
  });
});
