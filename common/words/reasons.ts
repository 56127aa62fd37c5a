import { AppError, type ErrorCode } from '#common/contract/errors.ts';
import type { Reason, ReasonDetail } from '#common/contract/rules.ts';
import { formatCompared, formatDuration, formatSetting, isByteUnit, type Language } from '#common/format.ts';
import { codeTexts } from './codes.ts';
import { fillText, type HolesOf, type Params } from './fill.ts';

/** The sentences that explain an alert's state and history. Their codes are stable. */
export const reasonTexts = {
  // The condition
  threshold_holds: {
    en: '{aggregation} over {windowMs} is {value}, {operator} {threshold}.',
    ar: '{aggregation} خلال {windowMs} هو ⁦{value}⁩، {operator} ⁦{threshold}⁩.',
  },
  threshold_holds_for: {
    en: '{aggregation} over {windowMs} is {value}, {operator} {threshold} for {heldMs}.',
    ar: '{aggregation} خلال {windowMs} هو ⁦{value}⁩، {operator} ⁦{threshold}⁩ منذ {heldMs}.',
  },
  threshold_holds_for_needed: {
    en: '{aggregation} over {windowMs} is {value}, {operator} {threshold} for {heldMs} (needs {neededMs}).',
    ar: '{aggregation} خلال {windowMs} هو ⁦{value}⁩، {operator} ⁦{threshold}⁩ منذ {heldMs} (المطلوب {neededMs}).',
  },
  threshold_clear: {
    en: '{aggregation} over {windowMs} is {value}, not {operator} {threshold}.',
    ar: '{aggregation} خلال {windowMs} هو ⁦{value}⁩، ليس {operator} ⁦{threshold}⁩.',
  },
  threshold_clearing: {
    en: '{aggregation} over {windowMs} is {value}, no longer {operator} {threshold} for {heldMs} (resolves after {neededMs}).',
    ar: '{aggregation} خلال {windowMs} هو ⁦{value}⁩، لم يعد {operator} ⁦{threshold}⁩ منذ {heldMs} (ينتهي التنبيه بعد {neededMs}).',
  },
  window_end_missing: {
    en: 'The newest point is {ageMs} old, so the end of the window may still be missing.',
    ar: 'عمر أحدث نقطة {ageMs}، فقد تكون نهاية النافذة لم تصل بعد.',
  },
  points_lost: {
    en: 'The store was damaged: points are or may be missing for {lostMs} of the last {windowMs}.',
    ar: 'تلف المخزن: نقاط {lostMs} من آخر {windowMs} مفقودة أو قد تكون مفقودة.',
  },
  counting_restarted: {
    en: 'The rule wasn’t evaluated for {gapMs}, so counting started again.',
    ar: 'لم تُقيَّم القاعدة مدة {gapMs}، فبدأ العد من جديد.',
  },
  bad_for: { en: 'This has counted as bad for {heldMs}.', ar: 'يُحتسب هذا خللًا منذ {heldMs}.' },
  bad_for_needed: {
    en: 'This has counted as bad for {heldMs} (needs {neededMs}).',
    ar: 'يُحتسب هذا خللًا منذ {heldMs} (المطلوب {neededMs}).',
  },
  // No data
  no_points: {
    en: 'No points in the last {windowMs}; the last one came {ageMs} ago.',
    ar: 'لا نقاط في آخر {windowMs}؛ وصلت آخر نقطة قبل {ageMs}.',
  },
  no_points_until: {
    en: 'No points in the last {windowMs}; the newest is stamped {aheadMs} in the future.',
    ar: 'لا نقاط في آخر {windowMs}؛ أحدث نقطة مؤرخة بعد {aheadMs} من الآن.',
  },
  no_points_ever: { en: 'No points have been stored yet.', ar: 'لم تُخزَّن أي نقطة بعد.' },
  series_gone: { en: 'The series {series} no longer exists.', ar: 'لم تعد السلسلة ⁨{series}⁩ موجودة.' },
  series_excluded: { en: 'The rule no longer covers this series.', ar: 'لم تعد القاعدة تشمل هذه السلسلة.' },
  series_found: { en: 'The rule has series to evaluate again.', ar: 'عادت للقاعدة سلاسل لتقييمها.' },
  gone_unconfirmed: {
    en: 'The alert resolves if the next evaluation finds the same.',
    ar: 'ينتهي التنبيه إذا أكد التقييم التالي ذلك.',
  },
  // Errors
  chart_missing: {
    en: 'Not evaluated: the chart “{chart}” doesn’t exist or can’t be read.',
    ar: 'لم تُقيَّم القاعدة: الرسم «{chart}» غير موجود أو تتعذر قراءته.',
  },
  store_silent: {
    en: 'Not evaluated: the signal store didn’t answer within {limitMs}.',
    ar: 'لم تُقيَّم القاعدة: لم يرد مخزن الإشارات خلال {limitMs}.',
  },
  query_unanswered: {
    en: 'Not evaluated: the query of an earlier evaluation still hasn’t been answered.',
    ar: 'لم تُقيَّم القاعدة: لم يصل بعد رد على استعلام تقييم سابق.',
  },
  variable_without_value: {
    en: 'Not evaluated: the chart’s variable {variable} has no value.',
    ar: 'لم تُقيَّم القاعدة: متغير الرسم ⁦{variable}⁩ بلا قيمة.',
  },
  value_not_finite: {
    en: 'Not evaluated: the value of the window isn’t a finite number.',
    ar: 'لم تُقيَّم القاعدة: قيمة النافذة ليست عددًا منتهيًا.',
  },
  evaluation_failed: { en: 'Not evaluated. {errorCode} {message}', ar: 'لم تُقيَّم القاعدة. {errorCode} ⁨{message}⁩' },
  evaluation_crashed: {
    en: 'Not evaluated: something went wrong. The log of the alerting service has the details.',
    ar: 'لم تُقيَّم القاعدة: حدث خطأ ما. التفاصيل في سجل خدمة التنبيهات.',
  },
  // History
  suppression_passed: {
    en: 'The suppression window passed while the alert kept firing.',
    ar: 'انقضت مدة الكتم وما زال التنبيه نشطًا.',
  },
  severity_changed: { en: 'Severity changed from {from} to {to}.', ar: 'تغيّرت الخطورة من {from} إلى {to}.' },
  acknowledgement_expired: { en: 'The acknowledgement by {by} expired.', ar: 'انتهت مدة الإقرار الذي قدّمه {by}.' },
  snooze_expired: { en: 'The snooze by {by} expired.', ar: 'انتهت مدة التأجيل الذي طلبه {by}.' },
  acknowledged_by: { en: 'It was acknowledged by {by}.', ar: 'كان قد أقرّ به {by}.' },
  rule_disabled: { en: 'The rule was switched off.', ar: 'عُطّلت القاعدة.' },
  rule_moved: { en: 'The rule now evaluates another chart.', ar: 'أصبحت القاعدة تقيّم رسمًا آخر.' },
  rule_deleted: { en: 'The rule was deleted.', ar: 'حُذفت القاعدة.' },
} as const satisfies Record<string, Record<Language, string>>;
export type ReasonCode = keyof typeof reasonTexts;

type ParamsOf<C extends ReasonCode> = { [Hole in HolesOf<(typeof reasonTexts)[C]['en']>]: string | number } & Params;

/** Texts for the values of some parameters. */
export const reasonWords: Record<string, Record<string, Record<Language, string>>> = {
  errorCode: codeTexts,
  aggregation: {
    avg: { en: 'Average', ar: 'المتوسط' },
    sum: { en: 'Sum', ar: 'المجموع' },
    min: { en: 'Minimum', ar: 'الحد الأدنى' },
    max: { en: 'Maximum', ar: 'الحد الأعلى' },
  },
  operator: {
    '<': { en: 'below', ar: 'دون' },
    '<=': { en: 'at or below', ar: 'عند أو دون' },
    '>': { en: 'above', ar: 'فوق' },
    '>=': { en: 'at or above', ar: 'عند أو فوق' },
  },
  severity: {
    CRITICAL: { en: 'Critical', ar: 'حرج' },
    HIGH: { en: 'High', ar: 'مرتفع' },
    WARNING: { en: 'Warning', ar: 'تحذير' },
    INFO: { en: 'Info', ar: 'معلومة' },
  },
};
const wordsOf: Partial<Record<string, keyof typeof reasonWords>> = {
  aggregation: 'aggregation',
  operator: 'operator',
  errorCode: 'errorCode',
  from: 'severity',
  to: 'severity',
};

/** Parameters that are elapsed times, which are rounded down. Other durations were set by a person and are written exactly. */
const elapsed = new Set(['heldMs', 'ageMs', 'aheadMs', 'gapMs', 'lostMs']);

/** Creates a sentence of a reason. Parameters that are not in the text, such as `lastAt`, are for programs. */
export function detail<C extends ReasonCode>(code: C, params: ParamsOf<C>): ReasonDetail {
  return { code, params };
}

/** Creates the error that prevents a rule's evaluation, with what a screen needs to write it in another language. */
export function evaluationError<C extends ReasonCode>(errorCode: ErrorCode, code: C, params: ParamsOf<C>): AppError {
  return new AppError(errorCode, englishOf([detail(code, params)]), { reason: code, params });
}

/** Creates the sentence for a failed evaluation. */
export function failureDetail(error: unknown): ReasonDetail {
  if (!(error instanceof AppError)) return detail('evaluation_crashed', {});
  if (isReasonCode(error.reason)) return { code: error.reason, params: error.params ?? {} };
  const message = error.message.endsWith('.') ? error.message : `${error.message}.`;
  return detail('evaluation_failed', { message, errorCode: error.code });
}

/** Returns the sentences in English, for logs, mail and scripts. */
export function englishOf(details: readonly ReasonDetail[]): string {
  return details.map((one) => sentenceOf(one, 'en') ?? '').join(' ');
}

/** The sentences of a reason; only in English if an older backend wrote it. */
type ReasonText = Pick<Reason, 'text' | 'details'>;

/** Returns a reason in a language. A reason from an older backend, or with a code that only a newer one knows, stays in English. */
export function describeReason({ text, details = [] }: ReasonText, language: Language): string {
  const sentences = details.map((one) => sentenceOf(one, language));
  return sentences.length === 0 || sentences.includes(null) ? text : sentences.join(' ');
}

const isReasonCode = (code: string | undefined): code is ReasonCode => code !== undefined && Object.hasOwn(reasonTexts, code);

function sentenceOf({ code, params }: ReasonDetail, language: Language): string | null {
  if (!isReasonCode(code)) return null;
  return fillText(reasonTexts[code][language], { ...wordedParams(params, language), ...comparedParams(params) }, language);
}

function wordedParams(params: Params, language: Language): Params {
  const worded = Object.entries(params).map(([name, value]) => {
    const known = reasonWords[wordsOf[name] ?? ''];
    if (known) return [name, known[String(value)]?.[language] ?? value];
    return [name, typeof value === 'number' && elapsed.has(name) ? formatDuration(value, language) : value];
  });
  return Object.fromEntries(worded);
}

function comparedParams({ value, threshold, unit = '' }: Params): Params {
  if (typeof value !== 'number' || typeof threshold !== 'number') return {};
  return comparison(value, threshold, String(unit));
}

/** Formats a value next to its threshold, with enough digits to distinguish them: "0.6, below 0.6" would be useless. */
export function comparison(value: number, threshold: number, unit: string): { value: string; threshold: string } {
  const isScaled = isByteUnit(unit);
  return { value: formatCompared(value, threshold, unit), threshold: isScaled ? formatSetting(threshold, unit) : formatSetting(threshold) };
}
