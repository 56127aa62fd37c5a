import { ChartSpline, FileText, LayoutList, ScrollText } from 'lucide-react';
import { useState } from 'react';
import { type Chart, chartDrawing } from '#common/contract/charts.ts';
import type { DashboardBody, Panel } from '#common/contract/dashboards.ts';
import { Command, CommandEmpty, CommandGroup, CommandInput, CommandItem, CommandList } from '#renderer/ui/command.tsx';
import { Dialog } from '#renderer/ui/dialog.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { freePlace, newId } from './layout.ts';
import { words } from './words.ts';

interface AddProps {
  body: DashboardBody;
  charts: readonly Chart[];
  /** @param settings true if the panel shows nothing until it is configured */
  onAdd: (panel: Panel, settings: boolean) => void;
  onClose: () => void;
}

const small = { w: 6, h: 5 };
const usual = { w: 12, h: 8 };

/** Adds a panel: a chart of the library, a new chart, text, or logs. */
export function AddPanel({ body, charts, onAdd, onClose }: AddProps) {
  const t = useText(words);
  const [typed, setTyped] = useState('');
  const fields = (size = usual) => ({ id: newId(body.panels), place: freePlace(body.panels, size) });
  const add = (panel: Panel, settings = false) => {
    onClose();
    onAdd(panel, settings);
  };
  const chart = () => {
    const drawing = chartDrawing.parse({ title: t('addOwn'), selector: { from: 'metric', name: 'host_cpu_percent' }, unit: '%' });
    add({ ...fields(), kind: 'chart', drawing }, true);
  };
  const text = () => add({ ...fields({ w: 8, h: 6 }), kind: 'text', title: '', markdown: '' }, true);
  const logs = () => add({ ...fields(), kind: 'logs', title: t('addLogs'), query: '' }, true);
  const library = ({ code, type }: Chart) =>
    add({ ...fields(type === 'stat' || type === 'gauge' ? small : usual), kind: 'library', chart: code, values: {} });
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t('addPanel')} bare className="w-[min(40rem,calc(100vw-2rem))]">
      <Command label={t('addPanel')} loop>
        <CommandInput placeholder={t('searchCharts')} value={typed} onValueChange={setTyped} autoFocus />
        <CommandList>
          <CommandEmpty>{t('noCharts')}</CommandEmpty>
          <CommandGroup heading={t('addPanel')}>
            <CommandItem value="new own chart" keywords={[t('addOwn')]} onSelect={chart}>
              <ChartSpline size="0.875rem" className="text-faint" />
              {t('addOwn')}
            </CommandItem>
            <CommandItem value="new text" keywords={[t('addText')]} onSelect={text}>
              <FileText size="0.875rem" className="text-faint" />
              {t('addText')}
            </CommandItem>
            <CommandItem value="new logs" keywords={[t('addLogs')]} onSelect={logs}>
              <ScrollText size="0.875rem" className="text-faint" />
              {t('addLogs')}
            </CommandItem>
          </CommandGroup>
          <CommandGroup heading={t('addChart')}>
            {charts.map((one) => (
              <CommandItem key={one.code} value={one.code} keywords={[one.title, one.description]} onSelect={() => library(one)}>
                <LayoutList size="0.875rem" className="text-faint" />
                <span className="min-w-0 flex-1 truncate">{one.title}</span>
                <span dir="ltr" className="text-faint text-sm">
                  {one.code}
                </span>
              </CommandItem>
            ))}
          </CommandGroup>
        </CommandList>
      </Command>
    </Dialog>
  );
}
