import { describe, expect, it } from 'vitest';
import { draftOf, ruleFrom } from './rule-draft.ts';

describe('editing a rule', () => {
  const rule = {
    code: 'r',
    name: 'R',
    chartCode: 'c',
    matchLabels: {},
    match: { kind: 'all' as const },
    timeZone: 'UTC',
    conditions: [{ kind: 'threshold' as const, aggregation: 'avg' as const, windowMs: 20_000, operator: '<' as const, threshold: 0.6 }],
    forMs: 6_000,
    keepFiringForMs: 0,
    severity: 'CRITICAL' as const,
    onNoData: 'alert' as const,
    onError: 'keep' as const,
    evaluateEveryMs: 2_000,
    suppressMs: 0,
    labels: {},
    annotations: {},
    runbook: '',
    owner: '',
    enabled: true,
    version: 3,
    createdAt: 0,
    createdBy: 'sara',
    updatedAt: 0,
    updatedBy: 'x',
    statuses: [],
    evaluatedAt: null,
    firedLastWeek: 0,
    lastFiredAt: null,
    newChartVersion: null,
    chartUnit: null,
  };
  it('changes only what was edited and carries the version that was read', () => {
    const read = ruleFrom(rule, { threshold: '0,75', forSeconds: '12', owner: ' Line team ', enabled: false });
    expect(read).toEqual({
      ok: true,
      rule: {
        ...ruleFields(rule),
        conditions: [{ ...rule.conditions[0], threshold: 0.75 }],
        forMs: 12_000,
        owner: 'Line team',
        enabled: false,
        version: 3,
      },
    });
    expect(ruleFrom(rule, draftOf(rule))).toEqual({ ok: true, rule: ruleFields(rule) });
  });
  it.each([
    [{ threshold: '' }, 'threshold'],
    [{ threshold: 'high' }, 'threshold'],
    [{ threshold: '1e999' }, 'threshold'],
    [{ forSeconds: '-1' }, 'forSeconds'],
    [{ forSeconds: '86401' }, 'forSeconds'],
    [{ forSeconds: '1.5' }, 'forSeconds'],
    [{ forSeconds: '' }, 'forSeconds'],
  ])('refuses %j and names the field', (change, field) => {
    expect(ruleFrom(rule, { ...draftOf(rule), ...change })).toEqual({ ok: false, wrong: [field] });
  });

  function ruleFields({
    createdAt: _e,
    createdBy: _f,
    updatedAt: _a,
    updatedBy: _b,
    statuses: _c,
    evaluatedAt: _d,
    firedLastWeek: _g,
    lastFiredAt: _h,
    newChartVersion: _i,
    chartUnit: _j,
    ...fields
  }: typeof rule) {
    return fields;
  }
});
