import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Alert, alert as alertSchema } from '#common/contract/alerts.ts';
import { minuteMs } from '#common/time/durations.ts';
import { detail } from '#common/words/reasons.ts';
import { composeAlertMail, composeTestMail, type MailContent } from './compose.ts';

const firedAt = Date.UTC(2026, 10, 27, 20, 23, 35);
const slow = { aggregation: 'avg', windowMs: 20_000, value: 0.52, unit: 'm/s', operator: '<', threshold: 0.6 };
const reasons = [
  {
    kind: 'threshold' as const,
    holds: true,
    text: 'Average over 20 s is 0.52 m/s, below 0.6.',
    details: [detail('threshold_holds', slow)],
    value: 0.52,
    threshold: 0.6,
    windowFrom: firedAt - 20_000,
    windowTo: firedAt,
    points: 10,
  },
];
const make = (changes: Partial<Alert> = {}): Alert => ({
  ...alertSchema.parse({
    id: '0198c0de-0000-7000-8000-000000000001',
    ruleCode: 'belt-speed-low',
    ruleName: 'Belt speed low',
    chartCode: 'belt-speed',
    seriesKey: '[["segment","belt-1"]]',
    labels: { segment: 'belt-1' },
    severity: 'CRITICAL',
    state: 'FIRING',
    cause: 'condition',
    value: 0.52,
    threshold: 0.6,
    operator: '<',
    unit: 'm/s',
    reasons,
    startedAt: firedAt - minuteMs,
    firedAt,
    resolvedAt: null,
    suppressed: false,
    acknowledgement: null,
    snooze: null,
    runbook: '',
    version: 1,
  }),
  ...changes,
});
const compose = (changes: Partial<Alert> = {}, more: Partial<MailContent> = {}) =>
  composeAlertMail({ kind: 'triggered', alert: make(changes), event: { note: '' }, language: 'en', alertUrl: null, chart: null, ...more });

describe('an e-mail about an alert', () => {
  it('that fired says why, with the value, the threshold, times in UTC, labels, runbook and a link', () => {
    const { subject, text } = compose(
      { runbook: 'https://wiki.example/belts', annotations: { summary: 'Belt 1 is slow' } },
      { alertUrl: 'https://noc.example/alerts/plant/{id}' },
    );
    expect(subject).toBe('[Critical] Belt speed low triggered');
    expect(text).toBe(`Firing: Belt speed low

Belt 1 is slow

Average over 20 s is 0.52 m/s, below 0.6.

Severity: Critical
Value: 0.52 m/s
Threshold: below 0.6 m/s
Began: 2026-11-27 20:22:35 UTC
Fired: 2026-11-27 20:23:35 UTC
Labels:
  segment = belt-1
Runbook: https://wiki.example/belts
Open the alert: https://noc.example/alerts/plant/0198c0de-0000-7000-8000-000000000001
`);
  });

  it('that resolved says why and how long it was firing', () => {
    const cleared = [detail('threshold_clear', { ...slow, value: 2 })];
    const { subject, text } = compose(
      { state: 'RESOLVED', resolvedAt: firedAt + 12 * minuteMs },
      { kind: 'resolved', event: { note: 'Clear.', details: cleared } },
    );
    expect(subject).toBe('[Critical] Belt speed low resolved');
    expect(text).toContain('Average over 20 s is 2 m/s, not below 0.6.');
    expect(text).toContain('Resolved: 2026-11-27 20:35:35 UTC\nWas firing for: 12 min\n');
  });

  it('about missing data contains no value and no text that the rule wrote about its condition', () => {
    const { text } = compose({ cause: 'no-data', value: null, threshold: null, annotations: { summary: 'Belt 1 is slow' } });
    expect(text).not.toMatch(/Value|Threshold|Belt 1 is slow/);
  });

  it('in Arabic is written from right to left, with the names of the field as they are', () => {
    const { subject, text, html } = compose({ ruleName: 'سرعة السير' }, { language: 'ar' });
    expect(subject).toBe('[حرج] سرعة السير: تنبيه نشط');
    expect(text).toContain('المتوسط خلال 20 ث هو');
    expect(text).toContain('العتبة: دون \u20660.6 m/s\u2069');
    expect(html).toContain('<html lang="ar" dir="rtl">');
    expect(html).toContain('<bdi>segment = belt-1</bdi>');
    expect(composeTestMail('ar').subject).toBe('رسالة تجربة من Watchfloor');
  });

  it('shows what people and programs wrote as text: no markup, no link that isn’t one of the web', () => {
    const { html } = compose({
      ruleName: '<script>alert(1)</script>',
      labels: { host: '"><img src=x onerror=alert(1)>' },
      annotations: { summary: 'a\nb & c' },
      runbook: 'javascript:alert(1)',
    });
    expect(html).not.toMatch(/<script|<img|href/);
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(html).toContain('a<br>b &amp; c');
    expect(compose({ runbook: 'https://wiki.example/?a="b' }).html).toContain('href="https://wiki.example/?a=&quot;b"');
  });

  it('with a chart shows it as an image of its own, and says what it shows', () => {
    const chart = { png: Buffer.from('png'), interval: { from: firedAt - 60 * minuteMs, to: firedAt }, low: 0.52, high: 2 };
    const { html, attachments } = compose({}, { chart });
    expect(attachments).toEqual([{ filename: 'chart.png', cid: 'chart@watchfloor', contentType: 'image/png', content: chart.png }]);
    expect(html).toContain('<img src="cid:chart@watchfloor" width="600" height="160"');
    expect(html).toContain('The hour until 2026-11-27 20:23:35 UTC: lowest 0.52 m/s, highest 2 m/s. Dashed: threshold.');
    expect(compose({ threshold: null }, { chart }).html).not.toContain('Dashed');
    expect(compose()).not.toHaveProperty('attachments');
  });

  it('has a subject of one row, whatever its rule is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (ruleName) => {
        const { subject } = compose({ ruleName });
        expect(subject).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        expect(Array.from(subject).length).toBeLessThanOrEqual(200);
      }),
    );
    expect(compose({ ruleName: 'Belt\r\nBcc: eve@example.com' }).subject).toBe('[Critical] Belt Bcc: eve@example.com triggered');
  });
});
