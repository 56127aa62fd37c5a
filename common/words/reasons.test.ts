import { describe, expect, it } from 'vitest';
import { operators, thresholdCondition } from '#common/contract/conditions.ts';
import { AppError } from '#common/contract/errors.ts';
import { severities } from '#common/contract/primitives.ts';
import type { ReasonDetail } from '#common/contract/rules.ts';
import { comparison, describeReason, detail, englishOf, evaluationError, failureDetail, reasonWords } from './reasons.ts';

const slow = { aggregation: 'avg', windowMs: 300_000, value: 0.62, unit: 'm/s', operator: '<', threshold: 0.8 };
const inArabic = (...details: ReasonDetail[]) => describeReason({ text: 'English', details }, 'ar');

describe('a reason', () => {
  it('gives value, unit, threshold and time in both languages', () => {
    const held = detail('threshold_holds_for_needed', { ...slow, heldMs: 360_789, neededMs: 300_500 });
    expect(englishOf([held])).toBe('Average over 5 min is 0.62 m/s, below 0.8 for 6 min (needs 5 min 500 ms).');
    expect(inArabic(held)).toBe('المتوسط خلال 5 د هو ⁦0.62 m/s⁩، دون ⁦0.8⁩ منذ 6 د (المطلوب 5 د 500 م.ث).');
  });

  it('joins its sentences', () => {
    const details = [detail('no_points', { windowMs: 20_000, lastAt: 955_000, ageMs: 45_000 }), detail('bad_for', { heldMs: 8_000 })];
    expect(englishOf(details)).toBe('No points in the last 20 s; the last one came 45 s ago. This has counted as bad for 8 s.');
    expect(inArabic(...details)).toBe('لا نقاط في آخر 20 ث؛ وصلت آخر نقطة قبل 45 ث. يُحتسب هذا خللًا منذ 8 ث.');
  });

  it('names severities in the reader’s language', () => {
    expect(inArabic(detail('severity_changed', { from: 'CRITICAL', to: 'HIGH' }))).toBe('تغيّرت الخطورة من حرج إلى مرتفع.');
  });

  it('of an older backend, or with a code of a newer one, stays in English', () => {
    expect(describeReason({ text: 'avg over 20 s is 0.52 m/s.' }, 'ar')).toBe('avg over 20 s is 0.52 m/s.');
    expect(inArabic(detail('rule_deleted', {}), { code: 'from_the_future', params: {} })).toBe('English');
  });

  it('has words for every value that the contract allows', () => {
    const allowed = {
      aggregation: thresholdCondition.shape.aggregation.options,
      operator: operators,
      notOperator: operators,
      severity: severities,
    };
    for (const [name, values] of Object.entries(allowed))
      expect(Object.keys(reasonWords[name] ?? {}).sort(), name).toEqual([...values].sort());
  });
});

describe('an evaluation that failed', () => {
  it('is described by the error’s sentences if it has any', () => {
    expect(inArabic(failureDetail(evaluationError('timeout', 'store_silent', { limitMs: 2_000 })))).toBe(
      'لم تُقيَّم القاعدة: لم يرد مخزن الإشارات خلال 2 ث.',
    );
  });

  it('with another error says what kind it is, and its message', () => {
    const failure = failureDetail(new AppError('unavailable', 'The charts service does not answer'));
    expect(englishOf([failure])).toBe('Not evaluated. This isn’t available right now. The charts service does not answer.');
    expect(inArabic(failure)).toBe('لم تُقيَّم القاعدة. هذا غير متاح الآن. ⁨The charts service does not answer.⁩');
  });

  it('hides the message of an unexpected error', () => {
    expect(englishOf([failureDetail(new TypeError('x is undefined'))])).toContain('The log of the alerting service has the details.');
  });
});

describe('comparison', () => {
  it.each([
    [0.598, 0.6, 'm/s', '0.598 m/s', '0.6'],
    [0.5999, 0.6, 'm/s', '0.5999 m/s', '0.6'],
    [0.6, 0.6, 'm/s', '0.6 m/s', '0.6'],
    [0.7, 0.625, 'm/s', '0.7 m/s', '0.625'],
    [96, 90, '%', '96 %', '90'],
    [2_400_000_000, 2_000_000_000, 'B', '2.4 GB', '2 GB'],
  ])('distinguishes %d from %d', (value, threshold, unit, valueText, thresholdText) => {
    expect(comparison(value, threshold, unit)).toEqual({ value: valueText, threshold: thresholdText });
  });
});
