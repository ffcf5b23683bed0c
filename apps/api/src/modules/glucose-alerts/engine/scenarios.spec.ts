import { describe, expect, it } from 'vitest';
import { ALERT_SCENARIOS } from '../../../../test/support/alert-scenarios';
import { AlertSimulation } from '../../../../test/support/alert-simulation';
import { completeSettings } from '../alert-settings.policy';

describe('the scenarios of glucose-alerts section 10', () => {
  describe.each([false, true])('scheduler before arrivals: %s', (timersFirst) => {
    it.each(ALERT_SCENARIOS)('$name', (scenario) => {
      const settings = completeSettings({ horizonMinutes: scenario.horizonMinutes }, scenario.population ?? 'standard');
      const simulation = new AlertSimulation(settings);
      simulation.play(scenario, timersFirst);
      expect([...simulation.told].sort()).toEqual([...scenario.expected].sort());
    });
  });
});
