import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ALERT_SCENARIOS } from '../support/alert-scenarios';
import { AlertStage } from '../support/alert-stage';
import { startTestApp, type TestApp } from '../support/app';

describe('the scenarios of glucose-alerts section 10, over HTTP', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await startTestApp();
  });

  afterEach(() => {
    t.clock.release();
  });

  afterAll(async () => {
    await t.close();
  });

  it.each(ALERT_SCENARIOS)(
    '$name',
    async (scenario) => {
      const stage = await AlertStage.open(t, scenario.events[0]?.at ?? '10:00');
      const { patient } = stage;
      if (scenario.population !== undefined)
        await patient.patch(`/patients/${patient.id}`, { glycemicPopulation: scenario.population });
      if (scenario.horizonMinutes !== undefined)
        await patient.put('/glucose/alert-settings', { horizonMinutes: scenario.horizonMinutes });
      await stage.play(scenario);
      expect((await stage.told()).sort()).toEqual([...scenario.expected].sort());
    },
    180_000,
  );
});
