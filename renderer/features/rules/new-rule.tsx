import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Chart } from '#common/contract/charts.ts';
import type { Connection } from '#common/contract/console/connections.ts';
import { usePermission } from '#renderer/domain/permission.ts';
import { places } from '#renderer/domain/places.ts';
import { useCharts } from '#renderer/domain/queries/index.ts';
import { ReadyRulesSheet } from '#renderer/domain/ready-rules/ready-rules-sheet.tsx';
import { words } from '#renderer/domain/ready-rules/words.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Command, CommandEmpty, CommandInput, CommandItem, CommandList } from '#renderer/ui/command.tsx';
import { Dialog } from '#renderer/ui/dialog.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Empty, ErrorState, Loading } from '#renderer/ui/states.tsx';

interface NewRuleProps {
  connection: Connection;
  /** Opens a rule beside the list; undefined closes it. */
  onOpen: (code: string | undefined) => void;
  onClose: () => void;
}

/** The button that begins a new rule, the dialog in which it is made, and `begin` for a key. */
export function useNewRule(connection: Connection, onOpen: NewRuleProps['onOpen']) {
  const t = useText(words);
  const denied = usePermission(connection, 'OPERATOR', true);
  const [isOpen, setOpen] = useState(false);
  const begin = () => setOpen(true);
  return {
    begin,
    button: (
      <Button variant="primary" className="ms-auto" disabledReason={denied} onClick={begin}>
        {t('newRule')}
      </Button>
    ),
    dialog: isOpen && <NewRule connection={connection} onOpen={onOpen} onClose={() => setOpen(false)} />,
  };
}

/** Makes a rule in two steps: its chart, then a ready rule for it or the empty editor. */
function NewRule({ connection, onOpen, onClose }: NewRuleProps) {
  const navigate = useNavigate();
  const [chart, setChart] = useState<Chart | null>(null);
  if (chart === null) return <ChooseChart connectionId={connection.id} onChoose={setChart} onClose={onClose} />;
  return (
    <ReadyRulesSheet
      connection={connection}
      chart={{ drawing: chart, code: chart.code, save: null }}
      onOwn={() => void navigate(places.ruleEditor({ connection: connection.id, chart: chart.code }))}
      onAdded={onOpen}
      onUndone={() => onOpen(undefined)}
      onClose={onClose}
    />
  );
}

interface ChooseChartProps {
  connectionId: string;
  onChoose: (chart: Chart) => void;
  onClose: () => void;
}

function ChooseChart({ connectionId, onChoose, onClose }: ChooseChartProps) {
  const t = useText(words);
  const navigate = useNavigate();
  const { data, error, refetch } = useCharts(connectionId);
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t('newRule')} description={t('chooseChart')}>
      {error && !data && <ErrorState title={t('chartsFailed')} error={error} retry={() => void refetch()} />}
      {!error && !data && <Loading rows={4} />}
      {data && data.charts.length === 0 && (
        <Empty action={<Button onClick={() => void navigate(places.explore())}>{t('openExplore')}</Button>}>{t('noCharts')}</Empty>
      )}
      {data && data.charts.length > 0 && (
        <Command className="rounded-md border">
          <CommandInput placeholder={t('searchCharts')} />
          <CommandList>
            <CommandEmpty>{t('noChartMatches')}</CommandEmpty>
            {data.charts.map((chart) => (
              <CommandItem key={chart.code} value={chart.code} keywords={[chart.title]} onSelect={() => onChoose(chart)}>
                <bdi className="flex-1 truncate">{chart.title}</bdi>
                <bdi className="text-faint text-sm">{chart.code}</bdi>
              </CommandItem>
            ))}
          </CommandList>
        </Command>
      )}
    </Dialog>
  );
}
