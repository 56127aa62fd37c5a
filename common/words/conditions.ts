import { type Condition, isOrdered } from '../contract/conditions.ts';
import type { RuleInput } from '../contract/rules.ts';
import { formatSetDuration, formatSetting, formatValue, type Language } from '../format.ts';
import { dayMs } from '../time/durations.ts';
import { fillText } from './fill.ts';
import { reasonWords } from './reasons.ts';

/** What a condition compares, as a phrase: `Average over 5 min below 0.8 m/s`. */
const conditionTexts = {
  threshold: { en: '{aggregation} over {windowMs} {operator} {threshold}', ar: '{aggregation} خلال {windowMs} {operator} ⁦{threshold}⁩' },
  change: {
    en: '{aggregation} over {windowMs}: {as} {agoMs} earlier {operator} {threshold}',
    ar: '{aggregation} خلال {windowMs}: {as} ما كان قبل {agoMs} {operator} ⁦{threshold}⁩',
  },
  absent: { en: 'No points for {windowMs}', ar: 'لا نقاط منذ {windowMs}' },
  unchanged: { en: 'Value unchanged for {windowMs}', ar: 'القيمة دون تغيّر منذ {windowMs}' },
  almost_unchanged: { en: 'Value changes by at most {tolerance} in {windowMs}', ar: 'تغيّر القيمة لا يتجاوز ⁦{tolerance}⁩ خلال {windowMs}' },
  baseline: {
    en: '{aggregation} over {windowMs}: {as} {usual} {operator} {threshold}',
    ar: '{aggregation} خلال {windowMs}: {as} {usual} {operator} ⁦{threshold}⁩',
  },
  range: {
    en: '{aggregation} over {windowMs} {side} the range of the last {daysMs}',
    ar: '{aggregation} خلال {windowMs} {side} مدى آخر {daysMs}',
  },
  all: { en: '{one} and {other}', ar: '{one} و{other}' },
  any: { en: '{one} or {other}', ar: '{one} أو {other}' },
  score: { en: 'At least {sharePercent} % of the weight of: {list}', ar: 'ما لا يقل عن ⁦{sharePercent} %⁩ من وزن: {list}' },
  score_item: { en: '{one}; {other}', ar: '{one}؛ {other}' },
} as const satisfies Record<string, Record<Language, string>>;

const conditionWords = {
  as: {
    difference: { en: 'difference from', ar: 'الفرق عن' },
    percent: { en: 'change from', ar: 'التغيّر عن' },
    perSecond: { en: 'rate of change from', ar: 'معدل التغيّر عن' },
    ratio: { en: 'ratio to', ar: 'النسبة إلى' },
    sigmas: { en: 'deviation from', ar: 'الانحراف عن' },
  },
  usual: {
    day_before: { en: 'yesterday', ar: 'أمس' },
    week_before: { en: 'a week ago', ar: 'ما كان قبل أسبوع' },
    month_before: { en: 'a month ago', ar: 'ما كان قبل شهر' },
    day_usual: { en: 'the usual value at that time of day', ar: 'المعتاد في ذلك الوقت من اليوم' },
    week_usual: { en: 'the usual value at that time of the week', ar: 'المعتاد في ذلك الوقت من الأسبوع' },
    month_usual: { en: 'the usual value at that time of the month', ar: 'المعتاد في ذلك الوقت من الشهر' },
  },
  side: {
    above: { en: 'above', ar: 'فوق' },
    below: { en: 'below', ar: 'دون' },
    either: { en: 'outside', ar: 'خارج' },
  },
} as const;

/** Writes a rule's conditions as one phrase. @param unit of the chart */
export function describeConditions(
  { conditions, match }: Pick<RuleInput, 'conditions' | 'match'>,
  unit: string,
  language: Language,
): string {
  const phrases = conditions.map((condition) => describeCondition(condition, unit, language));
  const join = (kind: 'all' | 'any' | 'score_item') =>
    phrases.reduce((one, other) =>
      fillText(
        conditionTexts[kind][language],
        { one, other: language === 'en' && kind !== 'score_item' ? lowerFirst(other) : other },
        language,
      ),
    );
  // A share of all weights means that all of them hold.
  if (match.kind !== 'score' || match.threshold >= 1 || phrases.length === 1) return join(match.kind === 'any' ? 'any' : 'all');
  return fillText(conditionTexts.score[language], { sharePercent: Math.round(100 * match.threshold), list: join('score_item') }, language);
}

function describeCondition(condition: Condition, unit: string, language: Language): string {
  const duration = (ms: number) => formatSetDuration(ms, language);
  const word = (group: Record<string, Record<Language, string>> | undefined, name: string) => group?.[name]?.[language] ?? name;
  const window = {
    windowMs: duration(condition.windowMs),
    aggregation: 'aggregation' in condition ? word(reasonWords['aggregation'], condition.aggregation) : '',
  };
  const fill = (kind: keyof typeof conditionTexts, params: Record<string, string> = {}) =>
    fillText(conditionTexts[kind][language], { ...window, ...params }, language);
  if (condition.kind === 'absent') return fill('absent');
  if (condition.kind === 'unchanged') {
    const { tolerance = 0 } = condition;
    return tolerance === 0 ? fill('unchanged') : fill('almost_unchanged', { tolerance: formatValue(tolerance, unit) });
  }
  if (condition.kind === 'range')
    return fill('range', { side: word(conditionWords.side, condition.side), daysMs: duration(condition.days * dayMs) });
  const { operator, threshold, upper } = condition;
  const measured = condition.kind === 'threshold' ? unit : comparedUnit(condition.as, unit);
  const ends = isOrdered(operator) || upper === undefined ? '' : `${formatSetting(threshold)} ${language === 'ar' ? '–' : 'to'} `;
  const compared = {
    operator: word(reasonWords['operator'], operator),
    threshold: `${ends}${formatSetting(upper ?? threshold, measured)}`,
  };
  if (condition.kind === 'threshold') return fill('threshold', compared);
  const as = word(conditionWords.as, condition.as);
  if (condition.kind === 'change') return fill('change', { ...compared, as, agoMs: duration(condition.agoMs) });
  const usual = word(conditionWords.usual, `${condition.every}_${condition.count === 1 ? 'before' : 'usual'}`);
  return fill('baseline', { ...compared, as, usual });
}

type ComparedAs = Extract<Condition, { as: string }>['as'];

/** Returns the unit of a difference, ratio or deviation. @param unit of the chart */
export const comparedUnit = (as: ComparedAs, unit: string): string =>
  ({ difference: unit, percent: '%', perSecond: `${unit}/s`, ratio: '', sigmas: 'σ' })[as];

const lowerFirst = (text: string): string => (/^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text);
