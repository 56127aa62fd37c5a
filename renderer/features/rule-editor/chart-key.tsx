import { type Interval, intersect } from '#common/time/intervals.ts';
import type { FiringInterval } from '#renderer/charts/index.ts';
import { severityVariable } from '#renderer/domain/severity.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { words } from './words.ts';

interface ChartKeyProps {
  firing: readonly FiringInterval[];
  incidents: readonly Interval[];
  /** The visible interval. */
  interval: Interval;
}

/** Names the shaded times of the chart: firings in the colours of their severities, and incidents. Those that aren't drawn are left out. */
export function ChartKey({ firing, incidents, interval }: ChartKeyProps) {
  const t = useText(words);
  const severities = [...new Set(firing.map(({ severity }) => severity))];
  return (
    <ul aria-label={t('chartKey')} className="ms-auto flex flex-wrap gap-x-4 text-muted text-sm">
      {severities.length > 0 && (
        <li className="flex items-center gap-1.5">
          {severities.map((severity) => (
            <span
              key={severity}
              className="h-3 w-4 border-x"
              style={{
                borderColor: `var(${severityVariable(severity)})`,
                background: `color-mix(in srgb, var(${severityVariable(severity)}) 14%, transparent)`,
              }}
            />
          ))}
          {t('keyFirings')}
        </li>
      )}
      {intersect(incidents, [interval]).length > 0 && (
        <li className="flex items-center gap-1.5">
          <span className="h-3 w-4 border-accent border-t-4 bg-accent/16" />
          {t('keyIncidents')}
        </li>
      )}
    </ul>
  );
}
