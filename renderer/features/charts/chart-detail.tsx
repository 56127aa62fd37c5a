import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Activity, Copy, CopyPlus, Download, MoreHorizontal, Pencil, Pin, PinOff, Trash2, X } from 'lucide-react';
import { useState } from 'react';
import type { Chart } from '#common/contract/charts.ts';
import type { Connection } from '#common/contract/console/connections.ts';
import type { VariableValues } from '#common/contract/variables.ts';
import { kinds } from '#renderer/charts/definition-form/kinds.ts';
import { TemplateValues } from '#renderer/charts/definition-form/template-values.tsx';
import { definitionOf } from '#renderer/charts/definition-form/values.ts';
import { TimeChart } from '#renderer/charts/index.ts';
import { useRange } from '#renderer/domain/address.ts';
import { usePermission } from '#renderer/domain/permission.ts';
import { places } from '#renderer/domain/places.ts';
import { saveChart, useConsole } from '#renderer/domain/queries/index.ts';
import { Button } from '#renderer/ui/button.tsx';
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuTrigger } from '#renderer/ui/dropdown-menu.tsx';
import { saveFile } from '#renderer/ui/export.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '#renderer/ui/tabs.tsx';
import { Age } from '#renderer/ui/time.tsx';
import { toast, toastError } from '#renderer/ui/toast.tsx';
import { measureOf, nextPin, printDefinition, type Tab, tabs } from './library.ts';
import { Usage } from './usage.tsx';
import { Versions } from './versions.tsx';
import { words } from './words.ts';

const tabWords = { chart: 'tabChart', json: 'tabJson', usage: 'tabUsage', versions: 'tabVersions' } as const;

interface ChartDetailProps {
  connection: Connection;
  chart: Chart;
  charts: readonly Chart[];
  tab: Tab;
  version: number | undefined;
  onTab: (tab: Tab) => void;
  onVersion: (version: number | undefined) => void;
  onEdit: () => void;
  onDuplicate: () => void;
  onDelete: () => void;
  onClose: () => void;
}

/** One definition: drawn live, as JSON, who uses it, and how it came to be. */
export function ChartDetail({ connection, chart, charts, ...props }: ChartDetailProps) {
  const t = useText(words);
  const kind = useText(kinds);
  const navigate = useNavigate();
  const console_ = useConsole();
  const { span, text: range, setRange } = useRange();
  const denied = usePermission(connection, 'OPERATOR', true);
  const [values, setValues] = useState<VariableValues>({});
  const definition = definitionOf(chart);
  const json = printDefinition(definition);
  const pin = useMutation({
    mutationFn: () => {
      const { pinned, ...rest } = definition;
      const next = pinned === undefined ? { ...rest, pinned: nextPin(charts) } : rest;
      return saveChart(console_.charts, connection.id, { chart: next, version: chart.version });
    },
    onError: (error) => toastError(t('pinFailed'), error),
  });
  const copy = async () => {
    await navigator.clipboard.writeText(json);
    toast({ message: t('copied'), lastsMs: 2_000 });
  };
  const explore = () =>
    void navigate(
      places.explore({ connection: connection.id, chart: chart.code, range, vars: Object.keys(values).length > 0 ? values : undefined }),
    );
  return (
    <section aria-label={chart.title} className="flex h-full min-h-0 flex-col">
      <header className="flex items-start gap-2 px-4 pt-3 pb-2">
        <div className="min-w-0 flex-1">
          <h2 className="truncate text-lg">{chart.title}</h2>
          <p className="truncate text-faint text-sm">
            <span className="font-mono">{chart.code}</span> · {kind(chart.type)} · <bdi>{measureOf(chart.selector)}</bdi> ·{' '}
            {t('versionOf', { version: chart.version })}, <Age at={chart.updatedAt} /> {t('by', { name: chart.updatedBy })}
          </p>
          {chart.description !== '' && <p className="mt-1 text-muted">{chart.description}</p>}
        </div>
        <Button variant="ghost" onClick={explore}>
          <Activity className="size-4" />
          {t('openExplore')}
        </Button>
        <Button disabledReason={denied} onClick={props.onEdit}>
          <Pencil className="size-4" />
          {t('edit')}
        </Button>
        <DropdownMenu>
          <DropdownMenuTrigger asChild>
            <Button variant="ghost" size="icon" aria-label={t('more')} tooltip={t('more')}>
              <MoreHorizontal className="size-4" />
            </Button>
          </DropdownMenuTrigger>
          <DropdownMenuContent align="end">
            <DropdownMenuItem disabled={denied !== undefined} onSelect={() => pin.mutate()}>
              {chart.pinned === undefined ? <Pin className="size-4" /> : <PinOff className="size-4" />}
              {t(chart.pinned === undefined ? 'pin' : 'unpin')}
            </DropdownMenuItem>
            <DropdownMenuItem disabled={denied !== undefined} onSelect={props.onDuplicate}>
              <CopyPlus className="size-4" />
              {t('duplicate')}
            </DropdownMenuItem>
            <DropdownMenuItem onSelect={() => saveFile(`${chart.code}.chart.json`, json, 'application/json')}>
              <Download className="size-4" />
              {t('exportJson')}
            </DropdownMenuItem>
            <DropdownMenuItem disabled={denied !== undefined} onSelect={props.onDelete}>
              <Trash2 className="size-4" />
              {t('delete')}
            </DropdownMenuItem>
          </DropdownMenuContent>
        </DropdownMenu>
        <Button variant="ghost" size="icon" aria-label={t('close')} tooltip={t('close')} onClick={props.onClose}>
          <X className="size-4" />
        </Button>
      </header>
      <Tabs
        value={props.tab}
        onValueChange={(tab) => props.onTab(tabs.find((one) => one === tab) ?? 'chart')}
        className="flex min-h-0 flex-1 flex-col"
      >
        <TabsList className="px-4">
          {tabs.map((tab) => (
            <TabsTrigger key={tab} value={tab}>
              {t(tabWords[tab])}
            </TabsTrigger>
          ))}
        </TabsList>
        <TabsContent value="chart" className="flex min-h-0 flex-1 flex-col">
          <TemplateValues connectionId={connection.id} definition={definition} values={values} onChange={setValues} />
          <div className="min-h-0 flex-1 p-4">
            <TimeChart definition={definition} connectionId={connection.id} range={span} values={values} onStretch={setRange} />
          </div>
        </TabsContent>
        <TabsContent value="json" className="relative min-h-0 flex-1 overflow-auto">
          <Button size="sm" className="absolute end-4 top-3" onClick={() => void copy()}>
            <Copy className="size-3.5" />
            {t('copy')}
          </Button>
          <pre dir="ltr" className="p-4 font-mono text-sm">
            {json}
          </pre>
        </TabsContent>
        <TabsContent value="usage" className="min-h-0 flex-1 overflow-auto">
          <Usage connectionId={connection.id} code={chart.code} live={connection.state === 'live'} />
        </TabsContent>
        <TabsContent value="versions" className="min-h-0 flex-1">
          <Versions connection={connection} chart={chart} version={props.version} onVersion={props.onVersion} />
        </TabsContent>
      </Tabs>
    </section>
  );
}
