import { useNavigate } from '@tanstack/react-router';
import type { Chart } from '#common/contract/charts.ts';
import type { Dashboard } from '#common/contract/dashboards.ts';
import { DefinitionSheet } from '#renderer/charts/definition-form/definition-sheet.tsx';
import { RangeDialog } from '#renderer/charts/range-picker/range-form.tsx';
import { places } from '#renderer/domain/places.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { toast } from '#renderer/ui/toast.tsx';
import { AddDialog } from './add-dialog.tsx';
import { chartAsSaved, measuredDrawing, onlySeries } from './alert-chart.ts';
import { NameDialog } from './name-dialog.tsx';
import { ReadyRules } from './rule/ready-rules.tsx';
import type { ExploreActions } from './use-actions.ts';
import type { Explorer } from './use-explorer.ts';
import { words } from './words.ts';

interface DialogsProps {
  explorer: Explorer;
  open: ExploreActions['dialog'];
  /** Opens the editor for a rule with conditions of one's own. */
  onOwnRule: () => void;
  onClose: () => void;
}

/** Dialogs that set a typed range, and that turn the picture into a chart of the library, a panel of a dashboard, or the chart of a rule. */
export function Dialogs({ explorer, open, onOwnRule, onClose }: DialogsProps) {
  const t = useText(words);
  const navigate = useNavigate();
  const { connection, setRange, values, shown, question } = explorer;
  const { drawing, apart } = question;
  const library = chartAsSaved(question);
  const saved = (chart: Chart) => {
    onClose();
    const go = () => void navigate(places.library({ connection: connection?.id, code: chart.code }));
    toast({ message: t('saved'), action: { label: t('openLibrary'), run: go } });
  };
  const added = ({ code, title }: Dashboard) => {
    onClose();
    const go = () => void navigate(places.dashboard(code, { connection: connection?.id }));
    toast({ message: t('added', { title }), action: { label: t('goOpen'), run: go } });
  };
  return (
    <>
      <RangeDialog open={open === 'range'} onClose={onClose} onChoose={(next) => setRange(next)} />
      {open === 'save' && connection && drawing && (
        <DefinitionSheet
          connectionId={connection.id}
          title={t('saveAs')}
          about={apart.length === 0 ? t('saveAbout') : t('besideLeftOut', { count: apart.length })}
          drawing={drawing}
          onClose={onClose}
          onSaved={saved}
        />
      )}
      {open === 'add' && connection && drawing && (
        <AddDialog connectionId={connection.id} drawing={drawing} library={library} onClose={onClose} onAdded={added} />
      )}
      {open === 'ready' && connection && drawing && (
        <ReadyRules {...{ connection, drawing, values, onClose }} chart={library} onOwn={onOwnRule} />
      )}
      {open === 'alert' && connection && drawing && (
        <NameDialog
          connectionId={connection.id}
          drawing={measuredDrawing(drawing, values)}
          onClose={onClose}
          onSaved={({ code }) => void navigate(places.ruleEditor({ connection: connection.id, chart: code, series: onlySeries(shown) }))}
        />
      )}
    </>
  );
}
