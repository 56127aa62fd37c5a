import type { MakeService } from '../service.ts';
import { alertRoutes } from './alerts.ts';
import { Evaluator } from './evaluator.ts';
import { ruleRoutes } from './rules.ts';
import { seedRules } from './seed.ts';

/** Evaluates alert rules, and keeps what they raise and what people do about it. */
export const makeAlerting: MakeService = (engines) => {
  const evaluator = new Evaluator(engines);
  return {
    name: 'alerting',
    // Rules first: `/alerts/rules` is not an alert called "rules".
    routes: [...ruleRoutes(engines, evaluator), ...alertRoutes(engines)],
    start: async () => {
      await seedRules(engines.database, engines.now());
      evaluator.start();
    },
    stop: () => evaluator.stop(),
    health: () => {
      const detail = evaluator.trouble(engines.now());
      return detail === null ? { name: 'alerting', status: 'up' } : { name: 'alerting', status: 'degraded', detail };
    },
  };
};
