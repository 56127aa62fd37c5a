import { AppError, type ErrorCode } from '#common/contract/errors.ts';
import type { Reason, ReasonDetail } from '#common/contract/rules.ts';
import { formatCompared, formatSetting, formatValue, isByteUnit, type Language } from '#common/format.ts';
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
    en: '{aggregation} over {windowMs} is {value}, {notOperator} {threshold}.',
    ar: '{aggregation} خلال {windowMs} هو ⁦{value}⁩، {notOperator} ⁦{threshold}⁩.',
  },
  threshold_clearing: {
    en: '{aggregation} over {windowMs} is {value}, no longer {operator} {threshold} for {heldMs} (resolves after {neededMs}).',
    ar: '{aggregation} خلال {windowMs} هو ⁦{value}⁩، لم يعد {operator} ⁦{threshold}⁩ منذ {heldMs} (ينتهي التنبيه بعد {neededMs}).',
  },
  compared_with: {
    en: '{aggregation} over {windowMs} is {value}; {usual} {reference}.',
    ar: '{aggregation} خلال {windowMs} هو ⁦{value}⁩؛ {usual} ⁦{reference}⁩.',
  },
  changed_from: {
    en: '{aggregation} over {windowMs} is {value}; {agoMs} earlier it was {reference}.',
    ar: '{aggregation} خلال {windowMs} هو ⁦{value}⁩؛ وكان قبل {agoMs} ⁦{reference}⁩.',
  },
  measure_holds: { en: '{as} is {value}, {operator} {threshold}.', ar: '{as} هو ⁦{value}⁩، {operator} ⁦{threshold}⁩.' },
  measure_clear: { en: '{as} is {value}, {notOperator} {threshold}.', ar: '{as} هو ⁦{value}⁩، {notOperator} ⁦{threshold}⁩.' },
  range_outside: {
    en: '{aggregation} over {windowMs} is {value}, outside the usual range of the last {daysMs}: {low} to {high}.',
    ar: '{aggregation} خلال {windowMs} هو ⁦{value}⁩، خارج المدى المعتاد لآخر {daysMs}: من ⁦{low}⁩ إلى ⁦{high}⁩.',
  },
  range_inside: {
    en: '{aggregation} over {windowMs} is {value}, within the usual range of the last {daysMs}: {low} to {high}.',
    ar: '{aggregation} خلال {windowMs} هو ⁦{value}⁩، ضمن المدى المعتاد لآخر {daysMs}: من ⁦{low}⁩ إلى ⁦{high}⁩.',
  },
  unchanged_holds: { en: 'The value has been {value} for {windowMs}.', ar: 'القيمة ⁦{value}⁩ منذ {windowMs} دون تغيّر.' },
  unchanged_by: { en: 'The value has changed by {spread} in {windowMs}.', ar: 'تغيّرت القيمة بمقدار ⁦{spread}⁩ خلال {windowMs}.' },
  unchanged_unknown: {
    en: 'There is only one point in the last {windowMs}, too few to see whether the value changes.',
    ar: 'لا توجد سوى نقطة واحدة في آخر {windowMs}، وهذا لا يكفي لمعرفة هل تتغيّر القيمة.',
  },
  absent_clear: { en: 'Number of points in the last {windowMs}: {points}.', ar: 'عدد النقاط في آخر {windowMs}: {points}.' },
  window_value: { en: '{aggregation} over {windowMs} is {value}.', ar: '{aggregation} خلال {windowMs} هو ⁦{value}⁩.' },
  no_reference: {
    en: 'There are too few earlier points to compare it with: {samples} windows have points, {needed} are needed.',
    ar: 'النقاط السابقة أقل من أن تُقارن بها: عدد النوافذ التي فيها نقاط {samples}، والمطلوب {needed}.',
  },
  score: {
    en: 'The conditions that hold have {scorePercent} % of the weight; {neededPercent} % are needed.',
    ar: 'وزن الشروط المتحققة ⁦{scorePercent} %⁩، والمطلوب ⁦{neededPercent} %⁩.',
  },
  held_for: { en: 'This has lasted for {heldMs}.', ar: 'هذا مستمر منذ {heldMs}.' },
  held_for_needed: { en: 'This has lasted for {heldMs} (needs {neededMs}).', ar: 'هذا مستمر منذ {heldMs} (المطلوب {neededMs}).' },
  clear_for_needed: {
    en: 'This has lasted for {heldMs} (resolves after {neededMs}).',
    ar: 'هذا مستمر منذ {heldMs} (ينتهي التنبيه بعد {neededMs}).',
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
  no_points_earlier: { en: 'There are no points of {agoMs} earlier to compare with.', ar: 'لا نقاط قبل {agoMs} للمقارنة بها.' },
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
  chart_version_missing: {
    en: 'Not evaluated: version {version} of the chart “{chart}” no longer exists. Accept its newest version.',
    ar: 'لم تُقيَّم القاعدة: لم يعد الإصدار {version} من الرسم «{chart}» موجودًا. اقبل أحدث إصدار منه.',
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

type ParamsOf<C extends ReasonCode> = {
  // Written from the operator.
  [Hole in Exclude<HolesOf<(typeof reasonTexts)[C]['en']>, 'notOperator'>]: string | number;
} & Params;

/** Texts for the values of some parameters. */
export const reasonWords: Record<string, Record<string, Record<Language, string>>> = {
  errorCode: codeTexts,
  aggregation: {
    avg: { en: 'Average', ar: 'المتوسط' },
    sum: { en: 'Sum', ar: 'المجموع' },
    min: { en: 'Minimum', ar: 'الحد الأدنى' },
    max: { en: 'Maximum', ar: 'الحد الأعلى' },
    count: { en: 'Number of records', ar: 'عدد السجلات' },
    last: { en: 'Last value', ar: 'آخر قيمة' },
    p50: { en: 'Median', ar: 'الوسيط' },
    p95: { en: '95th percentile', ar: 'المئين 95' },
    p99: { en: '99th percentile', ar: 'المئين 99' },
  },
  operator: {
    '<': { en: 'below', ar: 'دون' },
    '<=': { en: 'at or below', ar: 'عند أو دون' },
    '>': { en: 'above', ar: 'فوق' },
    '>=': { en: 'at or above', ar: 'عند أو فوق' },
    '=': { en: 'equal to', ar: 'يساوي' },
    '!=': { en: 'not equal to', ar: 'لا يساوي' },
    between: { en: 'within', ar: 'ضمن' },
    outside: { en: 'outside', ar: 'خارج' },
  },
  notOperator: {
    '<': { en: 'not below', ar: 'ليس دون' },
    '<=': { en: 'not at or below', ar: 'ليس عند أو دون' },
    '>': { en: 'not above', ar: 'ليس فوق' },
    '>=': { en: 'not at or above', ar: 'ليس عند أو فوق' },
    '=': { en: 'not equal to', ar: 'لا يساوي' },
    '!=': { en: 'equal to', ar: 'يساوي' },
    between: { en: 'not within', ar: 'ليس ضمن' },
    outside: { en: 'not outside', ar: 'ليس خارج' },
  },
  usual: {
    day_before: { en: 'yesterday at this time it was', ar: 'وكان أمس في هذا الوقت' },
    week_before: { en: 'a week ago at this time it was', ar: 'وكان قبل أسبوع في هذا الوقت' },
    month_before: { en: 'a month ago at this time it was', ar: 'وكان قبل شهر في هذا الوقت' },
    day_usual: { en: 'at this time of day it is usually', ar: 'ومعتاده في هذا الوقت من اليوم' },
    week_usual: { en: 'at this time of the week it is usually', ar: 'ومعتاده في هذا الوقت من الأسبوع' },
    month_usual: { en: 'at this time of the month it is usually', ar: 'ومعتاده في هذا الوقت من الشهر' },
  },
  as: {
    difference: { en: 'The difference', ar: 'الفرق' },
    percent: { en: 'The change', ar: 'التغيّر' },
    perSecond: { en: 'The rate of change', ar: 'معدل التغيّر' },
    ratio: { en: 'The ratio', ar: 'النسبة' },
    sigmas: { en: 'The deviation', ar: 'الانحراف' },
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
  notOperator: 'notOperator',
  usual: 'usual',
  as: 'as',
  errorCode: 'errorCode',
  from: 'severity',
  to: 'severity',
};

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
  const { operator, notOperator = operator } = params;
  const worded = wordedParams(notOperator === undefined ? params : { ...params, notOperator }, language);
  return fillText(reasonTexts[code][language], { ...worded, ...measuredParams(params), ...comparedParams(params, language) }, language);
}

function wordedParams(params: Params, language: Language): Params {
  const worded = Object.entries(params).map(([name, value]) => {
    const known = reasonWords[wordsOf[name] ?? ''];
    return [name, known?.[String(value)]?.[language] ?? value];
  });
  return Object.fromEntries(worded);
}

/** Formats the values that are in the reason's unit. */
function measuredParams({ unit = '', ...params }: Params): Params {
  const measured = ['value', 'reference', 'low', 'high', 'spread'].flatMap((name) => {
    const value = params[name];
    return typeof value === 'number' ? [[name, formatValue(value, String(unit))] as const] : [];
  });
  return Object.fromEntries(measured);
}

function comparedParams({ value, threshold, upper, unit = '' }: Params, language: Language): Params {
  if (typeof threshold !== 'number') return {};
  // In Arabic the numbers of a range stay in one left-to-right run.
  const range =
    typeof upper === 'number' ? { threshold: `${formatSetting(threshold)} ${language === 'ar' ? '–' : 'to'} ${formatSetting(upper)}` } : {};
  return { ...(typeof value === 'number' && comparison(value, threshold, String(unit))), ...range };
}

/** Formats a value next to its threshold, with enough digits to distinguish them: "0.6, below 0.6" would be useless. */
export function comparison(value: number, threshold: number, unit: string): { value: string; threshold: string } {
  const isScaled = isByteUnit(unit);
  return { value: formatCompared(value, threshold, unit), threshold: isScaled ? formatSetting(threshold, unit) : formatSetting(threshold) };
}
