import type { RefObject } from 'react';
import { type ChartType, chartTypes } from '#common/contract/charts.ts';
import { type Aggregation, aggregations } from '#common/contract/signals.ts';
import { dayMs } from '#common/time/durations.ts';
import { kinds } from '#renderer/charts/definition-form/kinds.ts';
import type { Comparison } from '#renderer/charts/index.ts';
import { comparisons } from '#renderer/charts/panel/compare.ts';
import { formatSetDuration } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Select } from '#renderer/ui/input.tsx';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { bucketsFor } from './question.ts';
import type { Explorer } from './use-explorer.ts';
import { words } from './words.ts';

type SelectProps = Pick<Explorer, 'address' | 'set' | 'question'> & { ref: RefObject<HTMLSelectElement | null> };

/** Chooses the aggregation of a bucket. The subject's default isn't written to the address. */
export function AggregationSelect({ question, set, ref }: SelectProps) {
  const t = useText(words);
  const kind = useText(kinds);
  const { drawing, subject } = question;
  return (
    <Select
      ref={ref}
      className="w-auto"
      aria-label={t('aggregation')}
      value={drawing?.aggregation ?? 'avg'}
      onChange={(event) =>
        set({ agg: event.target.value === subject?.drawing.aggregation ? undefined : (event.target.value as Aggregation) })
      }
    >
      {aggregations.map((one) => (
        <option key={one} value={one}>
          {kind(one)}
        </option>
      ))}
    </Select>
  );
}

/** Chooses the width of the buckets: automatic, with the current width, or one that suits the range. */
export function BucketSelect({ address, set, shown, lengthMs, ref }: SelectProps & Pick<Explorer, 'shown' | 'lengthMs'>) {
  const t = useText(words);
  const { language, clock } = usePreferences();
  const autoMs = address.bucket === undefined ? (shown.picture?.bucketMs ?? 0) : 0;
  return (
    <Select
      ref={ref}
      className="w-auto"
      aria-label={t('bucket')}
      value={address.bucket ?? ''}
      onChange={(event) => set({ bucket: event.target.value === '' ? undefined : Number(event.target.value) })}
    >
      <option value="">{autoMs > 0 ? t('autoBucket', { bucket: formatSetDuration(autoMs, language) }) : t('auto')}</option>
      {[...new Set([...bucketsFor(lengthMs), ...(address.bucket === undefined ? [] : [address.bucket])])].map((ms) => (
        <option key={ms} value={ms}>
          {ms === dayMs && clock === 'local' ? t('calendarDay') : formatSetDuration(ms, language)}
        </option>
      ))}
    </Select>
  );
}

/** Chooses the chart type. The subject's default isn't written to the address. */
export function ShapeSelect({ question, set, ref }: SelectProps) {
  const t = useText(words);
  const kind = useText(kinds);
  const { drawing, subject } = question;
  return (
    <Select
      ref={ref}
      className="w-auto"
      aria-label={t('shape')}
      value={drawing?.type ?? 'line'}
      onChange={(event) => set({ as: event.target.value === subject?.drawing.type ? undefined : (event.target.value as ChartType) })}
    >
      {chartTypes.map((one) => (
        <option key={one} value={one}>
          {kind(one)}
        </option>
      ))}
    </Select>
  );
}

/** Chooses the earlier time to compare with. */
export function ComparisonSelect({ address, set }: Omit<SelectProps, 'ref'>) {
  const t = useText(words);
  return (
    <Select
      className="w-auto"
      aria-label={t('compare')}
      value={address.compare ?? ''}
      onChange={(event) => set({ compare: event.target.value === '' ? undefined : (event.target.value as Comparison) })}
    >
      <option value="">{t('compareNone')}</option>
      {comparisons.map((one) => (
        <option key={one} value={one}>
          {t('against', { when: t(one) })}
        </option>
      ))}
    </Select>
  );
}
