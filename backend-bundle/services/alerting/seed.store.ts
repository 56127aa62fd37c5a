import { type RuleInput, ruleInput } from '#common/contract/rules.ts';
import type { Tx } from '../../engines/database/port.ts';
import { shippedNote, shipper } from '../versions.store.ts';
import type { RuleVersions } from './rules.store.ts';

/** Rules that come with the product: each on real input that is there from the first minute. */
const shippedRules: readonly RuleInput[] = [
  {
    code: 'belt-speed-low',
    name: 'Belt speed low',
    chartCode: 'belt-speed',
    condition: { kind: 'threshold', aggregation: 'avg', windowMs: 20_000, operator: '<', threshold: 0.6 },
    forMs: 6_000,
    severity: 'CRITICAL',
    onNoData: 'alert',
    evaluateEveryMs: 2_000,
    runbook:
      'Look at the belt for a jam, then at its motor current: high means blocked, zero means no power. No data at all means the producer or its database stopped.',
  },
  {
    code: 'belt-rejects-high',
    name: 'Belt rejects high',
    chartCode: 'belt-rejects',
    condition: { kind: 'threshold', aggregation: 'avg', windowMs: 120_000, operator: '>', threshold: 15 },
    forMs: 20_000,
    keepFiringForMs: 30_000,
    severity: 'HIGH',
    onNoData: 'keep',
    evaluateEveryMs: 5_000,
    runbook: 'Check the camera and the feed of the belt; rejects that rise with speed point to spacing, at steady speed to the product.',
  },
  {
    code: 'host-cpu-high',
    name: 'Host CPU high',
    chartCode: 'host-cpu',
    condition: { kind: 'threshold', aggregation: 'avg', windowMs: 60_000, operator: '>', threshold: 90 },
    forMs: 30_000,
    keepFiringForMs: 30_000,
    severity: 'WARNING',
    onNoData: 'keep',
    evaluateEveryMs: 5_000,
    runbook: 'Find what takes the processor (top, Task Manager) and whether it is expected.',
  },
].map((rule) => ruleInput.parse(rule));

/**
 * Stores each shipped rule the first time it is met, and never again: what a person changed stays changed, what a person deleted
 * stays deleted, and a rule that a later version ships still arrives.
 */
export async function seedRules(tx: Tx<'alerting'>, versions: RuleVersions): Promise<void> {
  const known = new Set((await tx.selectFrom('rule_seeds').select('code').execute()).map(({ code }) => code));
  for (const rule of shippedRules.filter(({ code }) => !known.has(code))) {
    if ((await versions.find(tx, rule.code)) === null) await versions.create(tx, rule, shipper, shippedNote);
    await tx.insertInto('rule_seeds').values({ code: rule.code }).execute();
  }
}
