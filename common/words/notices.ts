import type { ChangeKind } from '#common/contract/console/alerts.ts';
import type { NoticeContent } from '#common/contract/console/settings.ts';
import type { Params } from '#common/contract/errors.ts';
import type { Language } from '../format.ts';
import { fillText } from './fill.ts';
import { describeProblem } from './problems.ts';
import { describeReason } from './reasons.ts';

type Texts = Record<Language, { title: string; body: string }>;

/** Texts of the console's notices. `{change}` and `{problem}` are written in the language of the notice. */
export const noticeTexts = {
  fired: { en: { title: '{alert}', body: '{reason}' }, ar: { title: '{alert}', body: '{reason}' } },
  fired_no_data: {
    en: { title: '{alert}', body: 'No data is arriving.' },
    ar: { title: '{alert}', body: 'لا تصل أي بيانات.' },
  },
  fired_error: {
    en: { title: '{alert}', body: 'The rule can’t be evaluated.' },
    ar: { title: '{alert}', body: 'يتعذر تقييم القاعدة.' },
  },
  resolved: {
    en: { title: 'Resolved: {alert}', body: 'It was firing for {firedForMs}.' },
    ar: { title: 'انتهى: {alert}', body: 'ظل نشطًا مدة {firedForMs}.' },
  },
  storm: {
    en: { title: '{count} alerts fired', body: 'More than {limit} within {windowMs}: {alerts}' },
    ar: { title: 'تنبيهات جديدة: {count}', body: 'أكثر من {limit} خلال {windowMs}: {alerts}' },
  },
  not_needed: {
    en: { title: 'Not needed: {change}', body: 'The alert had already resolved.' },
    ar: { title: 'لم يعد لازمًا: {change}', body: 'كان التنبيه قد انتهى.' },
  },
  not_needed_resolved: {
    en: { title: 'Not needed: {change}', body: 'The alert had resolved {agoMs} before.' },
    ar: { title: 'لم يعد لازمًا: {change}', body: 'كان التنبيه قد انتهى قبل {agoMs}.' },
  },
  not_needed_over: {
    en: { title: 'Not needed: {change}', body: 'The snooze ran out before the backend could be reached.' },
    ar: { title: 'لم يعد لازمًا: {change}', body: 'انتهى وقت التأجيل قبل أن يمكن الوصول إلى الخادم.' },
  },
  refused: {
    en: { title: 'Refused: {change}', body: '{problem}' },
    ar: { title: 'رُفض: {change}', body: '{problem}' },
  },
} as const satisfies Record<NoticeContent['code'], Texts>;
/** Texts of pending changes to an alert. */
export const changeTexts = {
  acknowledge: { en: 'Acknowledge “{alert}”', ar: 'الإقرار بالتنبيه «{alert}»' },
  unacknowledge: { en: 'Release “{alert}”', ar: 'إلغاء الإقرار بالتنبيه «{alert}»' },
  snooze: { en: 'Snooze “{alert}”', ar: 'تأجيل «{alert}»' },
  unsnooze: { en: 'End the snooze of “{alert}”', ar: 'إنهاء تأجيل «{alert}»' },
} as const satisfies Record<ChangeKind, Record<Language, string>>;

/** Introduces the note of a change that was no longer needed. */
const ownWords = { en: 'Your note: “{note}”', ar: 'ملاحظتك: «{note}»' } as const;

export function describeChange(kind: ChangeKind, alert: string, language: Language): string {
  return fillText(changeTexts[kind][language], { alert }, language);
}

export interface NoticeWords {
  title: string;
  body: string;
}

/** Returns the text of a notice. One without content was stored by an older console, in English. */
export function describeNotice(notice: NoticeWords & { content: NoticeContent | null }, language: Language): NoticeWords {
  const { content } = notice;
  return content === null ? { title: notice.title, body: notice.body } : describeContent(content, language);
}

export function describeContent({ code, params, change, problem, reasons }: NoticeContent, language: Language): NoticeWords {
  const texts = noticeTexts[code][language];
  const filled: Params = {
    ...params,
    ...(change === undefined ? {} : { change: describeChange(change.kind, change.alert, language) }),
    ...(reasons === undefined ? {} : { reason: reasons.map((reason) => describeReason(reason, language)).join(' ') }),
    ...(problem === undefined ? {} : { problem: describeProblem(problem, language).message }),
  };
  const note = change?.note ? ` ${fillText(ownWords[language], { note: change.note }, language)}` : '';
  return { title: fillText(texts.title, filled, language), body: fillText(texts.body, filled, language) + note };
}
