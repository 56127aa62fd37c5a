import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ChartUsage } from '#common/contract/charts.ts';
import { places } from '#renderer/domain/places.ts';
import { useChartUsage } from '#renderer/domain/queries/index.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Empty, ErrorState, Loading, StaleNote } from '#renderer/ui/states.tsx';
import { words } from './words.ts';

/** The dashboards and rules that use a chart. */
export function Usage({ connectionId, code, live }: { connectionId: string; code: string; live: boolean }) {
  const t = useText(words);
  const { data, error, refetch } = useChartUsage(connectionId);
  if (error) return <ErrorState title={t('usageFailed')} error={error} retry={() => void refetch()} />;
  if (!data) return <Loading rows={2} />;
  if (!data.value) return <StaleNote asOf={null} className="p-4" />;
  const usage = data.value[code];
  return (
    <div className="p-4">
      {!live && <StaleNote asOf={data.asOf} />}
      {usage ? <UsageList connectionId={connectionId} usage={usage} /> : <Empty>{t('unused')}</Empty>}
    </div>
  );
}

export function UsageList({ connectionId, usage }: { connectionId: string; usage: ChartUsage }) {
  const t = useText(words);
  return (
    <div className="flex flex-col gap-4">
      <Group title={t('dashboards')}>
        {usage.dashboards.map(({ code, title }) => (
          <li key={code}>
            <Link {...places.dashboard(code, { connection: connectionId })} className="text-accent hover:underline">
              {title}
            </Link>
          </li>
        ))}
      </Group>
      <Group title={t('rules')}>
        {usage.rules.map(({ code, name }) => (
          <li key={code}>
            <Link {...places.rules({ connection: connectionId, rule: code })} className="text-accent hover:underline">
              {name}
            </Link>{' '}
            <span className="font-mono text-faint text-xs">{code}</span>
          </li>
        ))}
      </Group>
    </div>
  );
}

function Group({ title, children }: { title: string; children: ReactNode[] }) {
  if (children.length === 0) return null;
  return (
    <section>
      <h3 className="mb-1 text-faint text-sm">{title}</h3>
      <ul className="flex flex-col gap-1">{children}</ul>
    </section>
  );
}
