import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Activity, BellPlus, Copy, CopyPlus, Download, MoreHorizontal, Pencil, Pin, PinOff, Trash2, X } from 'lucide-react';
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
import { ReadyRulesSheet } from '#renderer/domain/ready-rules/ready-rules-sheet.tsx';
import { words as readyWords } from '#renderer/domain/ready-rules/words.ts';
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

/** One chart: its live picture, its JSON, where it is used, and its versions. */
export function ChartDetail(props: ChartDetailProps) {
  const { connection, chart, tab, onTab } = props;
  const t = useText(words);
  const { range, setRange } = useRange();
  const [values, setValues] = useState<VariableValues>({});
  const definition = definitionOf(chart);
  return (
    <section aria-label={chart.title} className="flex h-full min-h-0 flex-col">
      <Head {...props} values={values} />
      <Tabs
        value={tab}
        onValueChange={(next) => onTab(tabs.find((one) => one === next) ?? 'chart')}
        className="flex min-h-0 flex-1 flex-col"
      >
        <TabsList className="px-4">
          {tabs.map((one) => (
            <TabsTrigger key={one} value={one}>
              {t(tabWords[one])}
            </TabsTrigger>
          ))}
        </TabsList>
        <TabsContent value="chart" className="flex min-h-0 flex-1 flex-col">
          <TemplateValues connectionId={connection.id} definition={definition} values={values} onChange={setValues} />
          <div className="min-h-0 flex-1 p-4">
            <TimeChart definition={definition} connectionId={connection.id} range={range} values={values} onIntervalChange={setRange} />
          </div>
        </TabsContent>
        <TabsContent value="json" className="relative min-h-0 flex-1 overflow-auto">
          <Json text={printDefinition(definition)} />
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

interface HeadProps extends ChartDetailProps {
  /** Values chosen for the variables of a template. */
  values: VariableValues;
}

/** The chart's title and its actions. */
function Head({ connection, chart, charts, values, onEdit, onDuplicate, onDelete, onClose }: HeadProps) {
  const t = useText(words);
  const kind = useText(kinds);
  const r = useText(readyWords);
  const [addingRule, setAddingRule] = useState(false);
  const navigate = useNavigate();
  const { text: range } = useRange();
  const denied = usePermission(connection, 'OPERATOR', true);
  const vars = Object.keys(values).length > 0 ? values : undefined;
  const explore = () => void navigate(places.explore({ connection: connection.id, chart: chart.code, range, vars }));
  return (
    <header className="flex items-start gap-2 px-4 pt-3 pb-2">
      <div className="min-w-0 flex-1">
        <h2 className="truncate text-lg">{chart.title}</h2>
        <p className="truncate text-faint text-sm">
          <span className="font-mono">{chart.code}</span> · {kind(chart.type)} · <bdi>{measureOf(chart.selector)}</bdi> ·{' '}
          {t('versionOf', { version: chart.version })}, <Age at={chart.updatedAt} /> {t('by', { name: chart.updatedBy })}
        </p>
        {chart.description !== '' && <p className="mt-1 text-muted">{chart.description}</p>}
      </div>
      <Button variant="ghost" disabledReason={denied} onClick={() => setAddingRule(true)}>
        <BellPlus className="size-4" />
        {r('addRule')}
      </Button>
      {addingRule && (
        <ReadyRulesSheet
          connection={connection}
          chart={{ drawing: definitionOf(chart), code: chart.code, save: null }}
          onOwn={() => void navigate(places.ruleEditor({ connection: connection.id, chart: chart.code }))}
          onClose={() => setAddingRule(false)}
        />
      )}
      <Button variant="ghost" onClick={explore}>
        <Activity className="size-4" />
        {t('openExplore')}
      </Button>
      <Button disabledReason={denied} onClick={onEdit}>
        <Pencil className="size-4" />
        {t('edit')}
      </Button>
      <MoreMenu
        connectionId={connection.id}
        chart={chart}
        charts={charts}
        isDenied={denied !== undefined}
        onDuplicate={onDuplicate}
        onDelete={onDelete}
      />
      <Button variant="ghost" size="icon" aria-label={t('close')} tooltip={t('close')} onClick={onClose}>
        <X className="size-4" />
      </Button>
    </header>
  );
}

interface MoreMenuProps extends Pick<ChartDetailProps, 'chart' | 'charts' | 'onDuplicate' | 'onDelete'> {
  connectionId: string;
  /** True if charts can't be changed now. */
  isDenied: boolean;
}

function MoreMenu({ connectionId, chart, charts, isDenied, onDuplicate, onDelete }: MoreMenuProps) {
  const t = useText(words);
  const { charts: service } = useConsole();
  const definition = definitionOf(chart);
  const isPinned = chart.pinned !== undefined;
  const pin = useMutation({
    mutationFn: () => {
      const { pinned, ...rest } = definition;
      const next = pinned === undefined ? { ...rest, pinned: nextPin(charts) } : rest;
      return saveChart(service, connectionId, { chart: next, version: chart.version });
    },
    onError: (error) => toastError(t('pinFailed'), error),
  });
  const saveJson = () => saveFile(`${chart.code}.chart.json`, printDefinition(definition), 'application/json');
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="ghost" size="icon" aria-label={t('more')} tooltip={t('more')}>
          <MoreHorizontal className="size-4" />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        <DropdownMenuItem disabled={isDenied} onSelect={() => pin.mutate()}>
          {isPinned ? <PinOff className="size-4" /> : <Pin className="size-4" />}
          {t(isPinned ? 'unpin' : 'pin')}
        </DropdownMenuItem>
        <DropdownMenuItem disabled={isDenied} onSelect={onDuplicate}>
          <CopyPlus className="size-4" />
          {t('duplicate')}
        </DropdownMenuItem>
        <DropdownMenuItem onSelect={saveJson}>
          <Download className="size-4" />
          {t('exportJson')}
        </DropdownMenuItem>
        <DropdownMenuItem disabled={isDenied} onSelect={onDelete}>
          <Trash2 className="size-4" />
          {t('delete')}
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

function Json({ text }: { text: string }) {
  const t = useText(words);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    toast({ message: t('copied'), lastsMs: 2_000 });
  };
  return (
    <>
      <Button size="sm" className="absolute end-4 top-3" onClick={() => void copy()}>
        <Copy className="size-3.5" />
        {t('copy')}
      </Button>
      <pre dir="ltr" className="p-4 font-mono text-sm">
        {text}
      </pre>
    </>
  );
}
