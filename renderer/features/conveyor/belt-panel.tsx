import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { SeriesLine } from '#common/contract/console/series.ts';
import { type Belt, type FaultKind, faultKinds } from '#common/contract/conveyor.ts';
import { formatNumber } from '#common/format.ts';
import { DamageNote } from '#renderer/charts/index.ts';
import { seriesVariable } from '#renderer/charts/plot/theme.ts';
import { places } from '#renderer/domain/places.ts';
import type { SeriesPicture } from '#renderer/domain/queries/index.ts';
import { StatusSymbol } from '#renderer/domain/status.tsx';
import { Button } from '#renderer/ui/button.tsx';
import { cn } from '#renderer/ui/cn.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Badge } from '#renderer/ui/parts.tsx';
import { Sparkline } from '#renderer/ui/sparkline.tsx';
import { Age } from '#renderer/ui/time.tsx';
import { type Measure, measures, seriesOf, type Watch } from './measures.ts';
import { SpeedChart } from './speed-chart.tsx';
import { Watches } from './watches.tsx';
import { words } from './words.ts';

interface BeltPanelProps {
  belt: Belt;
  pictures: Readonly<Record<Measure['id'], SeriesPicture | undefined>>;
  bucketMs: number;
  watches: readonly Watch[];
  connectionId: string;
  disabledReason: string | undefined;
  faultReason: string | undefined;
  onInject: (kind: FaultKind) => void;
  onClear: () => void;
}

/** One belt: its current state, trends, the rules that watch it, and buttons that inject faults. */
export function BeltPanel(props: BeltPanelProps) {
  const { belt, pictures, bucketMs, watches } = props;
  const t = useText(words);
  return (
    <section aria-label={belt.name} className="flex min-w-0 flex-col rounded-lg border bg-surface">
      <header className="flex h-11 items-center gap-3 border-b px-4">
        <h2 className="text-lg">{belt.name}</h2>
        <span className="text-faint">{belt.code}</span>
        {belt.fault && <Badge tone="attention">{t('faultShort', { kind: t(belt.fault.kind) })}</Badge>}
        <span className="ms-auto text-faint text-sm">
          {belt.reading ? (
            <Age at={belt.reading.at} />
          ) : (
            <StatusSymbol status="no-data" label={t(belt.fault?.kind === 'bad_data' ? 'unreadable' : 'noReading')} />
          )}
        </span>
      </header>
      <ul className="flex flex-col px-4 py-2">
        {measures.map((measure) => (
          <MeasureRow key={measure.id} measure={measure} belt={belt}>
            {measure.id === 'speed' ? null : (
              <Trend
                measure={measure}
                picture={pictures[measure.id]}
                line={seriesOf(pictures[measure.id]?.series, belt.code)}
                bucketMs={bucketMs}
              />
            )}
          </MeasureRow>
        ))}
      </ul>
      <DamageNote damaged={Object.values(pictures).flatMap((picture) => picture?.damaged ?? [])} isCrossed className="px-4" />
      <SpeedChart belt={belt} picture={pictures.speed} bucketMs={bucketMs} watches={watches} />
      <div className="mt-auto flex flex-col gap-3 border-t px-4 py-3">
        <Watches watches={watches} belt={belt.code} connectionId={props.connectionId} />
        <Faults {...props} />
      </div>
    </section>
  );
}

interface MeasureRowProps {
  measure: Measure;
  belt: Belt;
  /** The trend. Speed has its own chart below. */
  children: ReactNode;
}

function MeasureRow({ measure, belt, children }: MeasureRowProps) {
  const t = useText(words);
  const unit = measure.unit === '' ? t('perMinute') : measure.unit;
  const value = belt.reading?.[measure.field];
  return (
    <li className={cn(children === null && 'order-last')}>
      <Link
        {...places.explore({ chart: measure.chart, series: { segment: belt.code } })}
        className="grid h-11 grid-cols-[8rem_7rem_1fr] items-center gap-3 rounded-md hover:bg-hover"
      >
        <span className="flex min-w-0 items-center gap-2 text-muted">
          <span className="h-0.5 w-3 shrink-0 rounded-full" style={{ background: seriesVariable(measure.series - 1) }} />
          <span className="truncate">{t(measure.id)}</span>
        </span>
        <span className="text-end">
          <span dir={measure.unit === '' ? 'auto' : 'ltr'} className="inline-block">
            <span className="font-semibold text-lg">{value === undefined ? '–' : formatNumber(value, measure.decimals)}</span>{' '}
            <span className="text-faint text-sm">{unit}</span>
          </span>
        </span>
        <span>{children}</span>
        <span className="sr-only">{t('explore', { measure: t(measure.id), belt: belt.name })}</span>
      </Link>
    </li>
  );
}

interface TrendProps {
  measure: Measure;
  picture: SeriesPicture | undefined;
  line: SeriesLine | undefined;
  bucketMs: number;
}

function Trend({ measure, picture, line, bucketMs }: TrendProps) {
  if (!picture || !line || line.t.length === 0) return null;
  return (
    <Sparkline t={line.t} v={line.v} from={picture.from} to={picture.to} gapMs={2.5 * bucketMs} series={measure.series} className="h-8" />
  );
}

function Faults({ belt, disabledReason, faultReason, onInject, onClear }: BeltPanelProps) {
  const t = useText(words);
  if (belt.fault) {
    return (
      <div className="flex min-h-14 items-end gap-3">
        <p className="min-w-0 flex-1 text-muted text-sm">
          {t('fault', { kind: t(belt.fault.kind), by: belt.fault.by })} · <Age at={belt.fault.since} />
        </p>
        <Button variant="primary" disabledReason={disabledReason} onClick={onClear}>
          {t('clear')}
        </Button>
      </div>
    );
  }
  return (
    <div className="min-h-14">
      <p className="mb-1.5 text-faint text-sm">{t('faults')}</p>
      <div className="grid grid-cols-4 gap-2">
        {faultKinds.map((kind) => (
          <Button
            key={kind}
            size="sm"
            className="h-control px-1"
            disabledReason={disabledReason ?? faultReason}
            tooltip={t(`${kind}Hint`)}
            aria-label={`${t(kind)}: ${belt.name}`}
            onClick={() => onInject(kind)}
          >
            {t(kind)}
          </Button>
        ))}
      </div>
    </div>
  );
}
