import type { Language } from '../format.ts';

/** Texts of e-mails about alerts. */
export const mailTexts = {
  triggered_subject: { en: '[{severity}] {rule} triggered', ar: '[{severity}] {rule}: تنبيه نشط' },
  resolved_subject: { en: '[{severity}] {rule} resolved', ar: '[{severity}] {rule}: انتهى التنبيه' },
  test_subject: { en: 'Test e-mail from Watchfloor', ar: 'رسالة تجربة من Watchfloor' },
  test_body: {
    en: 'The mail server accepts e-mails from Watchfloor. Nothing else happened: no alert is firing because of this.',
    ar: 'يقبل خادم البريد رسائل Watchfloor. لم يحدث شيء آخر: لا يعني هذا أن تنبيهًا نشط.',
  },
  triggered: { en: 'Firing', ar: 'نشط' },
  resolved: { en: 'Resolved', ar: 'انتهى' },
  severity: { en: 'Severity', ar: 'الخطورة' },
  value: { en: 'Value', ar: 'القيمة' },
  threshold: { en: 'Threshold', ar: 'العتبة' },
  started_at: { en: 'Began', ar: 'بدأ' },
  fired_at: { en: 'Fired', ar: 'أُطلق' },
  resolved_at: { en: 'Resolved', ar: 'انتهى' },
  fired_for: { en: 'Was firing for', ar: 'ظل نشطًا مدة' },
  labels: { en: 'Labels', ar: 'التسميات' },
  runbook: { en: 'Runbook', ar: 'دليل المعالجة' },
  chart: {
    en: 'The hour until {to}: lowest {low}, highest {high}. Dashed: threshold. Upright: when it fired.',
    ar: 'الساعة المنتهية عند ⁦{to}⁩: الأدنى ⁦{low}⁩، والأعلى ⁦{high}⁩. المتقطع: العتبة. العمودي: وقت بدء التنبيه.',
  },
  chart_without_threshold: {
    en: 'The hour until {to}: lowest {low}, highest {high}. Upright: when it fired.',
    ar: 'الساعة المنتهية عند ⁦{to}⁩: الأدنى ⁦{low}⁩، والأعلى ⁦{high}⁩. العمودي: وقت بدء التنبيه.',
  },
  open: { en: 'Open the alert', ar: 'فتح التنبيه' },
} as const satisfies Record<string, Record<Language, string>>;
export type MailText = keyof typeof mailTexts;
