import { memo } from 'react';
import type { Chart } from '#common/contract/charts.ts';
import type { Panel } from '#common/contract/dashboards.ts';
import type { VariableValues } from '#common/contract/variables.ts';
import type { Interval } from '#common/time/intervals.ts';
import { type ChartPicture, TimeChart } from '#renderer/charts/index.ts';
import type { ViewRange } from '#renderer/domain/queries/index.ts';
import { StatusSymbol } from '#renderer/domain/status.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Empty } from '#renderer/ui/states.tsx';
import { Markdown } from './markdown.tsx';
import { drawingOf, fillMarkdown, panelValues } from './values.ts';
import { words } from './words.ts';

interface BodyProps {
  panel: Panel;
  charts: readonly Chart[];
  connectionId: string;
  range: ViewRange;
  values: VariableValues;
  onIntervalChange?: ((interval: Interval) => void) | undefined;
  onBack?: (() => void) | undefined;
  onPicture?: ((picture: ChartPicture) => void) | undefined;
  /** Zooms with the wheel, which otherwise scrolls the page. */
  wheel?: boolean;
}

/** The content of a panel, without its frame. */
export const PanelBody = memo(function PanelBody({ panel, charts, connectionId, range, values, wheel = false, ...gestures }: BodyProps) {
  const t = useText(words);
  if (panel.kind === 'text') {
    return (
      <div className="h-full overflow-auto">
        <Markdown text={fillMarkdown(panel.markdown, values, t('everyValue'))} />
      </div>
    );
  }
  if (panel.kind === 'logs') {
    return (
      <Empty className="h-full p-2">
        <StatusSymbol status="no-data" bare className="me-2 align-[-0.1em]" />
        {panel.query.trim() === '' ? t('noLogsAny') : t('noLogs', { query: panel.query })}
      </Empty>
    );
  }
  const drawing = drawingOf(panel, charts);
  if (!drawing) return <Empty className="h-full p-2">{t('noChart', { code: panel.kind === 'library' ? panel.chart : '' })}</Empty>;
  return (
    <TimeChart
      definition={drawing}
      connectionId={connectionId}
      range={range}
      values={panelValues(panel, values)}
      wheel={wheel}
      {...gestures}
    />
  );
});
