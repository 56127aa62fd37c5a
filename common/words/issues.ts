import type { z } from 'zod';
import { formatSetDuration, formatValue, type Language } from '../format.ts';
import type { TextMistake } from '../rules/alert-texts.ts';
import { fillText, type Params } from './fill.ts';

/**
 * What is wrong with a field, as screens say it. The contract's own sentence is for the API: it names durations in ms and shares as
 * fractions.
 */
export const issueTexts = {
  missing: { en: 'This is missing.', ar: 'هذا الحقل ناقص.' },
  empty: { en: 'This must not be empty.', ar: 'لا تترك هذا الحقل فارغًا.' },
  duration: { en: 'Enter a duration, such as 5 min.', ar: 'أدخل مدة، مثل 5 د.' },
  number: { en: 'Enter a number, such as 0.6.', ar: 'أدخل عددًا، مثل 0.6.' },
  whole: { en: 'Enter a whole number.', ar: 'أدخل عددًا صحيحًا.' },
  at_most: { en: 'Enter at most {limit}.', ar: 'أدخل ما لا يزيد على ⁦{limit}⁩.' },
  at_least: { en: 'Enter at least {limit}.', ar: 'أدخل ما لا يقل عن ⁦{limit}⁩.' },
  below: { en: 'Enter a value below {limit}.', ar: 'أدخل قيمة أقل من ⁦{limit}⁩.' },
  above: { en: 'Enter a value above {limit}.', ar: 'أدخل قيمة أكبر من ⁦{limit}⁩.' },
  too_long: { en: 'Use at most {limit} characters.', ar: 'استخدم ما لا يزيد على {limit} حرفًا.' },
  too_many: { en: 'Use at most {limit} of them.', ar: 'استخدم ما لا يزيد على {limit} منها.' },
  too_few: { en: 'Give at least {limit}.', ar: 'أعطِ ما لا يقل عن {limit}.' },
  choice: { en: 'Use one of {values}.', ar: 'استخدم إحدى القيم: ⁦{values}⁩.' },
  code: { en: 'Use letters, digits, “.”, “_” and “-”.', ar: 'استخدم حروفًا لاتينية وأرقامًا و«.» و«_» و«-».' },
  text_name: {
    en: 'Begin the name with a letter, and use letters, digits and “_”.',
    ar: 'ابدأ الاسم بحرف لاتيني، واستخدم حروفًا لاتينية وأرقامًا و«_».',
  },
  upper_missing: {
    en: 'Give the upper end of the range; it must be above {threshold}.',
    ar: 'أعطِ الطرف الأعلى للمدى؛ يجب أن يكون أكبر من ⁦{threshold}⁩.',
  },
  upper_unused: { en: 'Leave this out; only a range has an upper end.', ar: 'احذف هذا؛ فالطرف الأعلى للمدى فقط.' },
  not_ordered: {
    en: 'Leave this out, or compare with below, at most, above or at least.',
    ar: 'احذف هذا، أو قارن بأقل من أو أكبر من، مع المساواة أو دونها.',
  },
  clear_below: { en: 'This must be at or below the threshold, {threshold}.', ar: 'يجب ألا يزيد هذا على العتبة ⁦{threshold}⁩.' },
  clear_above: { en: 'This must be at or above the threshold, {threshold}.', ar: 'يجب ألا يقل هذا عن العتبة ⁦{threshold}⁩.' },
  level_below: {
    en: 'This must be below the threshold before it, {threshold}.',
    ar: 'يجب أن يكون هذا أقل من العتبة التي قبله ⁦{threshold}⁩.',
  },
  level_above: {
    en: 'This must be above the threshold before it, {threshold}.',
    ar: 'يجب أن يكون هذا أكبر من العتبة التي قبله ⁦{threshold}⁩.',
  },
  level_severity: { en: 'This must be more urgent than the severity before it.', ar: 'يجب أن تكون هذه أشد خطورة مما قبلها.' },
  sigmas_need_days: {
    en: 'A deviation in σ needs at least 3 times back, or a slot such as 1 h.',
    ar: 'يحتاج الانحراف بوحدة σ إلى 3 مرات سابقة على الأقل، أو إلى فترة مثل 1 س.',
  },
  time_zone: { en: 'Use an IANA time zone, such as UTC or Europe/Berlin.', ar: 'استخدم منطقة زمنية من IANA، مثل UTC أو Europe/Berlin.' },
  template_variable: {
    en: 'Line {line}: there is no variable {of}. Use labels.NAME, value, threshold, severity, startedAt, rule.name, rule.code, chart.title or chart.unit.',
    ar: 'السطر {line}: لا متغيّر باسم ⁦{of}⁩. استخدم ⁦labels.NAME, value, threshold, severity, startedAt, rule.name, rule.code, chart.title⁩ أو ⁦chart.unit⁩.',
  },
  template_filter: { en: 'Line {line}: there is no filter “{of}”. {hint}', ar: 'السطر {line}: لا مرشّح باسم «{of}». ⁦{hint}⁩' },
  template_tag: {
    en: 'Line {line}: the tag “{of}” can’t be used here. Use if, unless or case, with their else and end.',
    ar: 'السطر {line}: لا يمكن استخدام الأمر «{of}» هنا. استخدم if أو unless أو case مع else وend.',
  },
  template_syntax: {
    en: 'Line {line}: {detail} Write variables as {{ labels.host }}, and conditions as {% if value %}…{% endif %}.',
    ar: 'السطر {line}: تعذّرت قراءة النص. اكتب المتغيّرات هكذا ⁦{{ labels.host }}⁩ والشروط هكذا ⁦{% if value %}…{% endif %}⁩.',
  },
  taken_label: {
    en: 'Every series of this rule has a label “{name}” already. Choose another name.',
    ar: 'لكل سلسلة في هذه القاعدة تسمية «{name}» بالفعل. اختر اسمًا آخر.',
  },
  other: { en: 'This value isn’t acceptable.', ar: 'هذه القيمة غير مقبولة.' },
} as const satisfies Record<string, Record<Language, string>>;
type IssueReason = keyof typeof issueTexts;

/** The part of a validator's issue from which its text is written. */
type Issue = z.core.$ZodIssue;

/** Describes what is wrong with a field. */
export function describeIssue(issue: Issue, language: Language): string {
  const [reason, params] = textOf(issue, language);
  return fillText(issueTexts[reason][language], params, language);
}

/** Describes what is wrong with a text of a rule. */
export function describeTextMistake(mistake: TextMistake, language: Language): string {
  if ('takenLabel' in mistake) return fillText(issueTexts.taken_label[language], { name: mistake.takenLabel }, language);
  const { reason, of, line, message, hint } = mistake.template;
  return fillText(issueTexts[`template_${reason}`][language], { of, line, detail: message, hint }, language);
}

type TextAndParams = [IssueReason, Params];
const isReason = (reason: unknown): reason is IssueReason => typeof reason === 'string' && Object.hasOwn(issueTexts, reason);
const isDuration = ({ path }: Issue): boolean => String(path.at(-1)).endsWith('Ms');

function textOf(issue: Issue, language: Language): TextAndParams {
  switch (issue.code) {
    case 'invalid_type':
      if (isDuration(issue)) return ['duration', {}];
      if (issue.expected === 'number') return ['number', {}];
      return issue.expected === 'int' ? ['whole', {}] : ['missing', {}];
    case 'too_big':
    case 'too_small':
      return limitOf(issue, language);
    case 'invalid_value':
      return ['choice', { values: issue.values.map((value) => `“${String(value)}”`).join(', ') }];
    case 'invalid_format':
      return ['code', {}];
    // The name of a label or an annotation.
    case 'invalid_key':
      return ['text_name', {}];
    case 'custom': {
      const { reason, ...params } = issue.params ?? {};
      return isReason(reason) ? [reason, params as Params] : ['other', {}];
    }
    default:
      return ['other', {}];
  }
}

function limitOf(issue: z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall, language: Language): TextAndParams {
  const isMost = issue.code === 'too_big';
  const limit = Number(isMost ? issue.maximum : issue.minimum);
  if (issue.origin === 'string') return isMost ? ['too_long', { limit }] : ['empty', {}];
  if (issue.origin === 'array') return [isMost ? 'too_many' : 'too_few', { limit }];
  const written = isDuration(issue) ? formatSetDuration(limit, language) : isPercent(issue) ? formatValue(100 * limit, '%') : limit;
  if (issue.inclusive === false) return [isMost ? 'below' : 'above', { limit: written }];
  return [isMost ? 'at_most' : 'at_least', { limit: written }];
}

/** Shares are shown in percent. */
const isPercent = ({ path }: Issue): boolean => ['share', 'widen'].includes(String(path.at(-1))) || path.join('.') === 'match.threshold';
