import { describe, expect, it } from 'vitest';
import type { FeedAlert } from '#common/contract/console/alerts.ts';
import type { Rule, RuleStateName } from '#common/contract/rules.ts';
import { ruleState } from '#renderer/domain/rules/rule-states.ts';
import { hostCells, quietSince, ruleCells } from './health-cells.ts';

const day = 86_400_000;
const now = 100 * day;
const rule = (code: string, states: RuleStateName[], more: Partial<Rule> = {}): Rule =>
  ({
    code,
    name: code.toUpperCase(),
    enabled: true,
    severity: 'HIGH',
    statuses: states.map((state, n) => ({ seriesKey: `s${n}`, labels: { segment: `belt-${n}` }, state, since: now - day })),
    ...more,
  }) as Rule;
const word = (key: string, params: Record<string, number>) => `${key} ${params['count']}/${params['all']}`;

describe('the health of rules', () => {
  it('counts rules, not their series, as the sentence about quiet rules does', () => {
    const rules = [
      rule('a', ['OK', 'OK', 'OK']),
      rule('b', ['OK', 'OK', 'OK']),
      rule('c', ['OK']),
      rule('off', ['OK'], { enabled: false }),
    ];
    const cells = ruleCells(rules, [], word);
    expect(cells).toHaveLength(3);
    expect(cells.filter(({ status }) => status === 'ok')).toHaveLength(
      rules.filter((one) => one.enabled && ruleState(one).state === 'OK').length,
    );
  });

  it('shows the worst of a rule, and of how many series', () => {
    const cells = ruleCells(
      [rule('a', ['OK', 'FIRING', 'NO_DATA']), rule('b', ['FIRING', 'FIRING', 'OK']), rule('c', ['NO_DATA'])],
      [],
      word,
    );
    expect(cells).toMatchObject([
      { name: 'A · belt-1', status: 'firing', severity: 'HIGH', owned: false },
      { name: 'B · ofSeries 2/3', status: 'firing' },
      { name: 'C', status: 'no-data' },
    ]);
  });

  it('is someone’s only when all that fires of it is', () => {
    const owned = (n: number) =>
      ({
        ruleCode: 'b',
        seriesKey: `s${n}`,
        state: 'FIRING',
        severity: 'HIGH',
        acknowledgement: { by: 'sara' },
        snooze: null,
      }) as FeedAlert;
    const both = rule('b', ['FIRING', 'FIRING']);
    expect(ruleCells([both], [owned(0)], word)[0]?.owned).toBe(false);
    expect(ruleCells([both], [owned(0), owned(1)], word)[0]?.owned).toBe(true);
  });
});

describe('squares', () => {
  const search = { connection: 'c2', range: '6h', tab: 'x' };
  it('lead to what they stand for, and keep connection and range', () => {
    const [cell] = ruleCells([rule('a', ['FIRING'])], [], word);
    expect(cell?.place.search(search)).toEqual({ connection: 'c2', range: '6h', rule: 'a' });
    const [host] = hostCells([{ name: 'host_cpu_percent', unit: '%', labels: { host: 'web-1' }, lastAt: now }], now);
    expect(host?.place.search(search)).toEqual({ connection: 'c2', range: '6h', chart: 'host-cpu', series: { host: 'web-1' } });
  });
});

describe('since when it is quiet', () => {
  const since = (at: number) => rule('a', ['OK'], { statuses: [{ ...rule('a', ['OK']).statuses[0], since: at }] as Rule['statuses'] });
  it('is since the rules were first evaluated, a minute after an installation', () => {
    expect(quietSince([since(now - 60_000), since(now - 40_000)], now)).toBe(now - 60_000);
  });
  it('is no longer than alerts are known for', () => expect(quietSince([since(now - 30 * day)], now)).toBe(now - 7 * day));
  it('is not known before a rule was evaluated', () => expect(quietSince([rule('a', [])], now)).toBeNull());
});
