/** The texts that an exported document adds to a dashboard. */
export const words = {
  en: {
    range: 'Range',
    local: 'Local time',
    variables: 'Chosen',
    source: 'From',
    asOf: 'Last confirmed',
    page: (page: number, of: number) => `Page ${page} of ${of}`,
    made: 'Made',
    more: (lines: number) => `… ${lines} more lines, to be read in the console`,
    lacking: 'No picture of this panel was made.',
  },
  ar: {
    range: 'المدى',
    local: 'التوقيت المحلي',
    variables: 'المختار',
    source: 'من',
    asOf: 'آخر تأكيد',
    page: (page: number, of: number) => `صفحة ${page} من ${of}`,
    made: 'أُنشئ',
    more: (lines: number) => `… ${lines} أسطر أخرى تُقرأ في وحدة المراقبة`,
    lacking: 'لم تُصنع صورة لهذه اللوحة.',
  },
} as const;

/** `2026-11-21 15:04:05 UTC`, or in a zone `2026-11-21 18:04:05 +03:00`. */
export function stamp(at: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'longOffset',
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((one) => one.type === type)?.value ?? '';
  const zone = timeZone === 'UTC' ? 'UTC' : part('timeZoneName').replace('GMT', '') || '+00:00';
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}:${part('second')} ${zone}`;
}
