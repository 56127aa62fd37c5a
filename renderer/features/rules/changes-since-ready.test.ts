import { expect, it } from 'vitest';
import { chartDefinition } from '#common/contract/charts.ts';
import { type Rule, rule } from '#common/contract/rules.ts';
import { getReadyRule, ruleFromReady } from '#common/rules/ready/index.ts';
import { changesSinceReady } from './changes-since-ready.ts';

const chart = chartDefinition.parse({
  code: 'host-disk',
  title: 'Disk used',
  unit: '%',
  selector: { from: 'metric', name: 'host_disk_percent', labels: {} },
});
const made = (language: 'en' | 'ar', more: Partial<Rule> = {}): Rule => ({
  ...rule.parse({
    ...ruleFromReady(getReadyRule('host-disk-full'), chart, { language, taken: [] }),
    version: 1,
    createdAt: 0,
    createdBy: 'sara',
    updatedAt: 0,
    updatedBy: 'sara',
    statuses: [],
    evaluatedAt: null,
  }),
  ...more,
});

it('finds what was changed since a rule was made from a ready one, whatever its language', () => {
  const people = { code: 'disk-of-db', owner: 'sara', enabled: false, chartVersion: 3 };
  for (const language of ['en', 'ar'] as const) {
    expect(changesSinceReady(made(language, people), chart)).toEqual([]);
    const changed = changesSinceReady(made(language, { severity: 'CRITICAL', matchLabels: { host: 'db' } }), chart);
    expect(changed?.map(({ path, after }) => [path, after])).toEqual([
      [['matchLabels'], { host: 'db' }],
      [['severity'], 'CRITICAL'],
    ]);
  }
});

it('finds nothing to compare with where the product has no such ready rule', () => {
  expect(changesSinceReady(made('en', { templateCode: 'of-a-later-version' }), chart)).toBeNull();
});
