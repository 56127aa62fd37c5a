import { Link } from '@tanstack/react-router';
import { memo, type ReactNode, useMemo } from 'react';
import { urgencyOf } from '#common/alerts/urgency.ts';
import { useConnection } from '#renderer/domain/address.ts';
import { useAlerts, useBackend, useConveyor, useLoaders, useMetrics, useRules } from '#renderer/domain/queries/index.ts';
import { SeveritySymbol } from '#renderer/domain/severity.tsx';
import { StatusSymbol, statusWord } from '#renderer/domain/status.tsx';
import { words } from '#renderer/domain/words.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Age, useNow } from '#renderer/ui/time.tsx';
import { Tooltip } from '#renderer/ui/tooltip.tsx';
import { beltCells, type HealthCell, hostCells, loaderCells, ruleCells, serviceCells } from './health-cells.ts';
import { messages } from './messages.ts';
import { Section } from './section.tsx';

/** Maximum number of cells in a row. If there are more, those with problems come first. */
const maxCells = 40;

function Square({ cell }: { cell: HealthCell }) {
  const t = useText(words);
  const label = cell.severity ? t(cell.severity) : statusWord(t, cell.status);
  return (
    <Tooltip content={`${cell.name} · ${label}`}>
      <Link {...cell.place} className="grid size-4 place-content-center rounded-sm hover:bg-selected">
        {cell.severity ? (
          <SeveritySymbol severity={cell.severity} bare hollow={cell.owned ?? false} size={13} />
        ) : cell.status === 'ok' ? (
          <span className="size-2 rounded-[1px] bg-border-strong" />
        ) : (
          <StatusSymbol status={cell.status} bare size={13} />
        )}
        <span className="sr-only">{cell.status === 'ok' ? `${cell.name}: ${label}` : cell.name}</span>
      </Link>
    </Tooltip>
  );
}

/** Sorts firing rules first, the most urgent at the start, so that a cut leaves out the least urgent. */
const byCellUrgency = (a: HealthCell, b: HealthCell): number => urgencyOf(b.severity) - urgencyOf(a.severity);

/** One row of cells; `failed` if they could not be loaded, which differs from having none. */
const Line = memo(function Line({ name, cells, failed }: { name: string; cells: readonly HealthCell[]; failed: boolean }): ReactNode {
  const t = useText(messages);
  if (failed)
    return (
      <>
        <dt className="text-muted">{name}</dt>
        <dd className="col-span-2">
          <StatusSymbol status="stale" size={13} label={t('notLoaded')} className="text-muted text-sm" />
        </dd>
      </>
    );
  if (cells.length === 0) return null;
  const wrong = cells.filter((cell) => cell.status !== 'ok').sort(byCellUrgency);
  const shown = cells.length <= maxCells ? cells : [...wrong, ...cells.filter((cell) => cell.status === 'ok')].slice(0, maxCells);
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="flex flex-wrap gap-0.5 py-0.5">
        {shown.map((cell) => (
          <Square key={cell.key} cell={cell} />
        ))}
      </dd>
      <dd dir="ltr" className="text-right rtl:text-left">
        {wrong.length > 0 && <span className="font-medium">{wrong.length}</span>}
        <span className="text-faint">
          {wrong.length > 0 && ' / '}
          {cells.length}
        </span>
      </dd>
    </>
  );
});

const isUnknown = ({ data, error }: { data: unknown; error: Error | null }) => error !== null && data === undefined;

/** Everything that is monitored, one cell each, grey while it is healthy. */
export function Health() {
  const t = useText(messages);
  const now = useNow();
  const { connection } = useConnection();
  const allAlerts = useAlerts().data;
  const rules = useRules(connection?.id);
  const ofRules = useMemo(() => {
    const alerts = allAlerts?.filter((alert) => alert.connectionId === connection?.id) ?? [];
    return ruleCells(rules.data?.rules ?? [], alerts, t);
  }, [rules.data, allAlerts, connection?.id, t]);
  const loaders = useLoaders(connection?.id);
  const metrics = useMetrics(connection?.id);
  const conveyor = useConveyor(connection?.id);
  const backend = useBackend().data;
  if (!connection) return null;
  const stale = connection.state !== 'live';
  return (
    <Section
      title={t('health')}
      aside={stale && <StatusSymbol status="stale" label={<Age at={connection.lastExchangeAt} />} className="text-sm" />}
    >
      <div className={stale ? 'hatched-edge ps-4' : undefined}>
        <dl className="grid grid-cols-[auto_1fr_auto] items-center gap-x-4 gap-y-1">
          <Line name={t('rules')} cells={ofRules} failed={isUnknown(rules)} />
          <Line name={t('loaders')} cells={loaderCells(loaders.data?.value ?? [], now)} failed={isUnknown(loaders)} />
          <Line name={t('services')} cells={serviceCells(connection, backend, t)} failed={false} />
          <Line name={t('hosts')} cells={hostCells(metrics.data?.metrics ?? [], now)} failed={isUnknown(metrics)} />
          <Line name={t('belts')} cells={beltCells(conveyor.data?.value ?? null, t)} failed={isUnknown(conveyor)} />
        </dl>
      </div>
    </Section>
  );
}
