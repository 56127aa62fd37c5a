import { useMemo } from 'react';
import { intervalAt, type ViewRange } from '#renderer/domain/queries/index.ts';
import { formatDateTime, formatSetDuration } from '#renderer/ui/format.ts';
import { type Translate, useText } from '#renderer/ui/i18n.ts';
import { type Preferences, usePreferences } from '#renderer/ui/preferences.tsx';
import { rangeWords } from './range-words.ts';

type Word = keyof typeof rangeWords.en;

const named: Readonly<Record<string, Word>> = {
  'now/d~now': 'today',
  'now/d~now/d': 'wholeToday',
  'now-1d/d~now-1d/d': 'yesterday',
  'now/w~now': 'thisWeek',
  'now-1w/w~now-1w/w': 'lastWeek',
  'now/M~now': 'thisMonth',
  'now-1M/M~now-1M/M': 'lastMonth',
  'now/Q~now': 'thisQuarter',
  'now-1Q/Q~now-1Q/Q': 'lastQuarter',
  'now/y~now': 'thisYear',
  'now-1y/y~now-1y/y': 'lastYear',
};
const calendarUnits: Readonly<Record<string, { unit: string; factor: number }>> = {
  M: { unit: 'month', factor: 1 },
  Q: { unit: 'month', factor: 3 },
  y: { unit: 'year', factor: 1 },
};

/** Isolates figures and Latin letters, so that they keep their order inside Arabic. */
const isolated = (text: string) => `\u2066${text}\u2069`;

interface RangeLabels {
  /** Names the range: `Last 6 h`, `Today so far`, or its two times. */
  name: (range: ViewRange) => string;
  /** Formats its two current times. */
  times: (range: ViewRange) => string;
}

function rangeLabels(t: Translate<Word>, preferences: Preferences): RangeLabels {
  const times = (range: ViewRange) => {
    const { from, to } = intervalAt(range, Date.now());
    return `${formatDateTime(from, preferences)} – ${formatDateTime(to, preferences)}`;
  };
  const name = (range: ViewRange) => {
    if ('lastMs' in range) return t('last', { length: formatSetDuration(range.lastMs, preferences.language) });
    if (!('timeZone' in range)) return times(range);
    const word = named[`${range.from}~${range.to}`];
    if (word) return t(word);
    const [, count, unit = ''] = /^now-(\d+)([MQy])$/.exec(range.from) ?? [];
    const calendar = calendarUnits[unit];
    if (calendar && range.to === 'now') {
      const locale = preferences.language === 'ar' ? 'ar-u-nu-latn' : 'en-GB';
      const format = new Intl.NumberFormat(locale, { style: 'unit', unit: calendar.unit, unitDisplay: 'long' });
      return t('last', { length: format.format(Number(count) * calendar.factor) });
    }
    return isolated(`${range.from} to ${range.to}`);
  };
  return { name, times };
}

/** Returns functions that name ranges on screen. */
export function useRangeLabels(): RangeLabels {
  const t = useText(rangeWords);
  const preferences = usePreferences();
  return useMemo(() => rangeLabels(t, preferences), [t, preferences]);
}
