import type { Chart } from '#common/contract/charts.ts';
import type { RuleInput } from '#common/contract/rules.ts';
import type { Tx } from '../../engines/database/port.ts';
import type { Engines } from '../../engines/port.ts';
import { type Peers, serviceCaller } from '../peers.ts';
import { shipper } from '../shipped.store.ts';
import { applyChange, type RuleVersions } from './rules.store.ts';
import type { AlertEngines } from './transitions.store.ts';

/** The newest version of each chart, and who made it. */
export type ChartRecords = ReadonlyMap<string, Pick<Chart, 'version' | 'updatedBy'>>;

/** Reads the charts that shipped rules are pinned to; none if the charts service does not answer, and the next start catches up. */
export async function shippedOn(peers: Peers, log: Engines['log']): Promise<ChartRecords> {
  try {
    const { items } = await peers.as(serviceCaller('alerting')).charts.list();
    return new Map(items.map((chart) => [chart.code, chart]));
  } catch (error) {
    log.warn({ err: error }, 'the charts of shipped rules cannot be read; these rules keep their versions of them until the next start');
    return new Map();
  }
}

/**
 * Stores the rules that the product ships, each change with all that follows from it. A rule that nobody edited moves along to the version
 * of its chart that a release shipped. A version that a person made waits for acceptance like that of any other chart.
 */
export async function shipRules(
  engines: AlertEngines & Pick<Engines, 'now'>,
  tx: Tx<'alerting'>,
  versions: RuleVersions,
  rules: readonly RuleInput[],
  charts: ChartRecords = new Map(),
): Promise<void> {
  const stored = new Map((await versions.list(tx)).map(({ body }) => [body.code, body]));
  const pinned = rules.map((rule) => pinShipped(rule, stored.get(rule.code), charts));
  await versions.ship(tx, pinned, (before, after) => applyChange(tx, engines, { before, after, by: shipper, at: engines.now() }));
}

function pinShipped(rule: RuleInput, stored: RuleInput | undefined, charts: ChartRecords): RuleInput {
  const chart = charts.get(rule.chartCode);
  const pin = stored?.chartCode === rule.chartCode ? stored.chartVersion : undefined;
  const chartVersion = chart !== undefined && (pin === undefined || chart.updatedBy === shipper) ? chart.version : pin;
  return chartVersion === undefined ? rule : { ...rule, chartVersion };
}
