import { formatValue, isByteUnit, sharedDecimals } from '#common/format.ts';
import type { ReadAnswer } from '#renderer/charts/engine/index.ts';
import { StatusSymbol } from '#renderer/domain/status.tsx';
import { formatDateTime, formatZone } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { edgeIds } from './extremes.ts';
import { seriesVariable } from './theme.ts';
import type { ChartSeries } from './types.ts';
import { words } from './words.ts';

export interface ReadoutRow {
  id: string;
  name: string;
  place: number;
  at: number;
  value: number;
  /** Minimum and maximum of the bucket, if the value is an average. */
  least?: number;
  greatest?: number;
}

/** Returns the values of the lines with their names, largest first. Values that are no number are left out. */
export function rowsOf(series: readonly ChartSeries[], read: readonly ReadAnswer[]): ReadoutRow[] {
  const known = new Map(series.map((one) => [one.id, one]));
  const found = new Map(read.map((one) => [one.id, one]));
  return read
    .flatMap(({ id, at, value }): ReadoutRow[] => {
      const line = known.get(id);
      if (!line || Number.isNaN(value)) return [];
      const [least, greatest] = edgeIds(id).map((edge) => found.get(edge));
      const isRange = least?.at === at && greatest?.at === at && least.value < greatest.value;
      return [{ id, name: line.name, place: line.place, at, value, ...(isRange ? { least: least.value, greatest: greatest.value } : {}) }];
    })
    .sort((a, b) => b.value - a.value);
}

const most = 10;

interface ReadoutProps {
  at: number;
  rows: readonly ReadoutRow[];
  unit: string;
  /** Number of decimals; absent follows the values. */
  decimals: number | undefined;
  /** The axis is logarithmic, so values of zero or less aren't on it; the readout says so. */
  log: boolean;
  /** The lines are stacked: also shows their sum. */
  total: boolean;
  /** Points at this time are lost or may be, because the backend's store was damaged. */
  isDamaged: boolean;
  /** Next to the crosshair, on the side with more room. */
  style: { left: number; top: number } | { right: number; top: number };
}

/** Values under the crosshair with their units, and the time on both clocks. */
export function Readout({ at, rows, unit, decimals: fixed, log, total, isDamaged, style }: ReadoutProps) {
  const t = useText(words);
  const { language } = usePreferences();
  const time = rows[0]?.at ?? at;
  // The same decimals in every row, so that values can be compared.
  const decimals =
    fixed ??
    sharedDecimals(
      rows.flatMap(({ value, least = value, greatest = value }) => [value, least, greatest]),
      unit,
    );
  const ownUnit = isByteUnit(unit) ? unit : '';
  return (
    <div
      role="status"
      className="pointer-events-none absolute z-10 w-max max-w-96 whitespace-nowrap rounded-md border border-border-strong bg-raised px-2.5 py-2 text-sm"
      style={style}
    >
      <div className="mb-1 grid grid-cols-[auto_auto] gap-x-3 text-muted">
        <span>{formatDateTime(time, { language, clock: 'local' })}</span>
        <span className="text-faint">{formatZone(time, 'local') === 'UTC' ? t('local') : formatZone(time, 'local')}</span>
        <span>{formatDateTime(time, { language, clock: 'utc' })}</span>
        <span className="text-faint">UTC</span>
      </div>
      {isDamaged && <StatusSymbol status="damaged" label={t('damagedHere')} className="whitespace-normal" />}
      {rows.length === 0 && !isDamaged && <p>{t('nothingHere')}</p>}
      <ul>
        {rows.slice(0, most).map((row) => (
          <li key={row.id} className="flex items-center gap-2">
            <span className="h-0.5 w-3 shrink-0 rounded-full" style={{ background: seriesVariable(row.place) }} />
            <span className="min-w-0 flex-1 truncate text-muted">{row.name}</span>
            <span dir="ltr" className="ps-3 font-medium">
              {formatValue(row.value, unit, decimals)}
            </span>
            {row.least !== undefined && row.greatest !== undefined && (
              <span dir="ltr" className="text-faint">
                {formatValue(row.least, ownUnit, decimals)} – {formatValue(row.greatest, ownUnit, decimals)}
              </span>
            )}
            {log && row.value <= 0 && <span className="text-faint">{t('notOnLog')}</span>}
          </li>
        ))}
      </ul>
      {total && rows.length > 1 && (
        <p className="mt-1 flex items-center gap-2 border-t pt-1">
          <span className="flex-1">{t('total')}</span>
          <span dir="ltr" className="ps-3 font-medium">
            {formatValue(
              rows.reduce((sum, row) => sum + row.value, 0),
              unit,
              decimals,
            )}
          </span>
        </p>
      )}
      {rows.length > most && <p className="text-faint">{t('more', { count: rows.length - most })}</p>}
    </div>
  );
}
