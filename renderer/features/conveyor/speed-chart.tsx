import { useMemo } from 'react';
import type { Belt } from '#common/contract/conveyor.ts';
import { SeriesChart } from '#renderer/charts/index.ts';
import type { SeriesPicture } from '#renderer/domain/queries/index.ts';
import { formatSetting } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { seriesOf, type Watch } from './measures.ts';
import { words } from './words.ts';

interface SpeedChartProps {
  belt: Belt;
  picture: SeriesPicture | undefined;
  bucketMs: number;
  watches: readonly Watch[];
}

/** The most important measure, large, with its thresholds and a mark where the current fault began. */
export function SpeedChart({ belt, picture, bucketMs, watches }: SpeedChartProps) {
  const t = useText(words);
  const series = useMemo(() => {
    const line = seriesOf(picture?.series, belt.code);
    return line ? [{ id: belt.code, name: belt.name, place: 0, t: line.t, v: line.v }] : [];
  }, [picture, belt.code, belt.name]);
  const thresholds = useMemo(
    () =>
      watches
        .filter(({ rule }) => rule.chartCode === 'belt-speed' && rule.enabled)
        .flatMap(({ rule: { conditions, severity } }) =>
          conditions
            .filter((condition) => condition.kind === 'threshold')
            .map(({ operator, threshold }) => ({ value: threshold, label: `${operator} ${formatSetting(threshold, 'm/s')}`, severity })),
        ),
    [watches],
  );
  const kind = belt.fault?.kind;
  const since = belt.fault?.since;
  const marks = useMemo(
    () => (kind === undefined || since === undefined ? [] : [{ at: since, label: t('faultShort', { kind: t(kind) }) }]),
    [kind, since, t],
  );
  return (
    <div className="h-36 px-2 pt-2">
      {picture && (
        <SeriesChart
          mini
          label={`${belt.name}: ${t('speed')}`}
          series={series}
          interval={picture}
          bucketMs={bucketMs}
          unit="m/s"
          thresholds={thresholds}
          marks={marks}
          missing={picture.missing}
          damaged={picture.damaged}
        />
      )}
    </div>
  );
}
