import { severities } from '#common/contract/primitives.ts';
import { ChartLibrary } from '../chart-library.ts';
import type { MakeService } from '../service.ts';
import { ruleVersions } from '../versions.store.ts';
import { countFiring, lastEvaluation } from './alerting.store.ts';
import { alertRoutes } from './alerts.routes.ts';
import { chartCopies, dropUnusedPins, pinnedCopies } from './chart-copies.store.ts';
import { Evaluator } from './evaluator.ts';
import { LoaderDelays } from './loader-delays.ts';
import { LogRetention } from './log-retention.ts';
import { policyRoutes } from './policies.routes.ts';
import { RuleCharts } from './rule-charts.ts';
import { ruleRoutes } from './rules.routes.ts';
import { shippedOn, shipRules } from './ship-rules.ts';
import { shippedRules } from './shipped.ts';

/**
 * Evaluates alert rules, and stores alerts and what people do with them.
 * @param evaluationDays how long the log of evaluations is kept; 0 keeps everything
 */
export const makeAlerting =
  ({ evaluationDays }: { evaluationDays: number }): MakeService<'alerting'> =>
  (engines, peers) => {
    const library = new ChartLibrary(engines, peers, 'alerting', chartCopies(engines.database));
    const versions = ruleVersions(engines);
    const charts = new RuleCharts(library, engines.log, pinnedCopies(engines.database));
    const evaluator = new Evaluator(engines, charts, versions, new LoaderDelays(engines, peers));
    const retention = new LogRetention(engines, evaluationDays);
    return {
      name: 'alerting',
      // Alerts last, so that `/alerts/rules` is not read as an alert with the id "rules".
      routes: [...ruleRoutes(engines, { evaluator, library, charts, versions }), ...policyRoutes(engines), ...alertRoutes(engines)],
      start: async () => {
        const known = await shippedOn(peers, engines.log);
        await engines.database.transaction(async (tx) => {
          await shipRules(engines, tx, versions, shippedRules, known);
          await dropUnusedPins(
            tx,
            (await versions.list(tx)).map(({ body }) => body),
          );
        });
        evaluator.start();
        retention.start();
      },
      stop: async () => {
        await retention.stop();
        await evaluator.stop();
      },
      health: async () => {
        const unreadable = await engines.database.unreadable.describe('alerting');
        const problems = [evaluator.problem(engines.now()), library.problem, unreadable].filter((problem) => problem !== null);
        const known = { name: 'alerting', rulesEvaluatedAt: await lastEvaluation(engines.database.query) };
        return problems.length === 0 ? { ...known, status: 'up' } : { ...known, status: 'degraded', detail: problems.join(' ') };
      },
      figures: async () => {
        const counts = await countFiring(engines.database.query);
        return severities.map((severity) => ({ name: 'alerts_firing', unit: '', value: counts.get(severity) ?? 0, labels: { severity } }));
      },
    };
  };
