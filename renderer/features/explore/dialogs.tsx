import { useNavigate } from '@tanstack/react-router';
import type { Chart } from '#common/contract/charts.ts';
import type { Dashboard } from '#common/contract/dashboards.ts';
import { DefinitionSheet } from '#renderer/charts/definition-form/definition-sheet.tsx';
import { RangeDialog } from '#renderer/charts/range-picker/range-form.tsx';
import { places } from '#renderer/domain/places.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { toast } from '#renderer/ui/toast.tsx';
import { AddDialog } from './add-dialog.tsx';
import { ReadyRules } from './rule/ready-rules.tsx';
import { RuleSheet } from './rule/rule-sheet.tsx';
import type { ExploreActions } from './use-actions.ts';
import type { Explorer } from './use-explorer.ts';
import { words } from './words.ts';

interface DialogsProps {
  explorer: Explorer;
  open: ExploreActions['dialog'];
  onOpen: ExploreActions['openDialog'];
  onClose: () => void;
}

/** Dialogs that set a typed range, and that turn the picture into a chart of the library, a panel of a dashboard, or a rule. */
export function Dialogs({ explorer, open, onOpen, onClose }: DialogsProps) {
  const t = useText(words);
  const navigate = useNavigate();
  const { connection, range, setRange, values, shown, question } = explorer;
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
        <ReadyRules {...{ connection, drawing, values, onClose }} chart={library} onOwn={() => onOpen('alert')} />
      )}
      {open === 'alert' && connection && drawing && (
        <RuleSheet
          connection={connection}
          drawing={drawing}
          chart={library}
          only={shown.only}
          range={range}
          values={values}
          onClose={onClose}
        />
      )}
    </>
  );
}

/** Returns the library's chart if the picture is exactly that one: a panel or rule then refers to it. */
function chartAsSaved({ subject, added, drawing }: Explorer['question']): Chart | undefined {
  const isAsSaved = added.length === 0 && JSON.stringify(drawing) === JSON.stringify(subject?.drawing);
  return isAsSaved ? subject?.chart : undefined;
}
