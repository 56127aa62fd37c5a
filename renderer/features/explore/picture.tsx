import type { RefObject } from 'react';
import type { ChartDrawing } from '#common/contract/charts.ts';
import { ChartGroup, TimeChart } from '#renderer/charts/index.ts';
import { cn } from '#renderer/ui/cn.ts';
import type { Explorer } from './use-explorer.ts';
import { ValuesTable } from './values-table.tsx';

interface PictureProps {
  explorer: Explorer;
  drawing: ChartDrawing;
  /** Receives the element that contains the chart. */
  chart: RefObject<HTMLDivElement | null>;
}

/** The chart, further charts for measures of other units below it, and optionally a table of values next to it. */
export function Picture({ explorer, drawing, chart }: PictureProps) {
  const { connection, address, range, values, paused, zoom, back, question } = explorer;
  const { picture, setPicture, only, hovered } = explorer.shown;
  const common = {
    connectionId: connection?.id,
    range,
    values,
    compare: address.compare,
    paused,
    onIntervalChange: zoom,
    onBack: back,
    legend: false,
    bucketMs: address.bucket,
  };
  return (
    <div
      className={cn(
        'grid min-h-0 flex-1 gap-3',
        address.table && 'grid-cols-[minmax(0,1fr)_minmax(26rem,40%)] max-lg:grid-cols-1 max-lg:grid-rows-2',
      )}
    >
      <div className="flex min-h-0 min-w-0 flex-col gap-2">
        <ChartGroup>
          <div ref={chart} className="relative min-h-40 flex-1">
            <TimeChart {...common} definition={drawing} only={only} emphasis={hovered} fit={address.fit ?? false} onPicture={setPicture} />
          </div>
          {question.apart.map((one) => (
            <section key={one.what} aria-label={one.title} className="flex min-h-32 flex-1 flex-col">
              <h2 className="text-muted text-sm">{one.title}</h2>
              <TimeChart {...common} definition={one.drawing} wheel />
            </section>
          ))}
        </ChartGroup>
      </div>
      {address.table && picture && <ValuesTable lines={picture.shown} interval={picture.interval} unit={drawing.unit} />}
    </div>
  );
}
