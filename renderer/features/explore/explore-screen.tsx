import { TemplateValues } from '#renderer/charts/definition-form/template-values.tsx';
import { isolate } from '#renderer/charts/index.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Empty, ErrorState, Loading } from '#renderer/ui/states.tsx';
import { ActionBar } from './action-bar.tsx';
import { Dialogs } from './dialogs.tsx';
import { Legend } from './legend.tsx';
import { Picture } from './picture.tsx';
import { QueryLine } from './query-line.tsx';
import { Readings } from './readings.tsx';
import { Remedy } from './remedy.tsx';
import { useExploreActions } from './use-actions.ts';
import { useExplorer } from './use-explorer.ts';
import { useExploreKeys } from './use-keys.ts';
import { words } from './words.ts';

/** Explores one query: its fields on top, the chart, and the legend as a table. The address holds all of it. */
export function ExploreScreen() {
  const t = useText(words);
  const explorer = useExplorer();
  const actions = useExploreActions(explorer);
  useExploreKeys(explorer, actions);

  const { connection, address, set, values, list } = explorer;
  const { what, subject, drawing } = explorer.question;
  const { picture, lines, only, legend, setHovered } = explorer.shown;
  if (list.error && list.subjects.length === 0) {
    return <ErrorState title={t('readFailed')} error={list.error} retry={() => void list.retry()} />;
  }
  if (list.reading) return <Loading />;
  if (list.subjects.length === 0) return <Empty className="h-full">{t('nothingToShow')}</Empty>;

  const pick = (name: string, add: boolean) => {
    const all = lines.map((line) => line.name);
    set({ only: isolate(only, name, all, add) });
  };
  return (
    <div className="flex h-full flex-col">
      <QueryLine explorer={explorer} open={actions.picker} onOpen={actions.openPicker} fields={actions.fields} />
      {drawing && (
        <TemplateValues
          connectionId={connection?.id}
          definition={drawing}
          values={values}
          onChange={(vars) => set({ vars, only: undefined })}
        />
      )}
      <ActionBar explorer={explorer} actions={actions} />
      <div className="flex min-h-0 flex-1 flex-col gap-2 px-4 py-2">
        <Remedy
          problem={picture?.problem}
          lengthMs={explorer.lengthMs}
          bucketMs={picture?.bucketMs ?? 0}
          onWiden={(bucket) => set({ bucket, agg: drawing?.aggregation === 'raw' ? 'avg' : address.agg })}
        />
        <Readings connectionId={connection?.id} />
        {!subject && <Empty className="h-full">{t('unknownWhat', { what: what ?? '' })}</Empty>}
        {drawing && <Picture explorer={explorer} drawing={drawing} chart={actions.chart} />}
      </div>
      {lines.length > 0 && (
        <div className="max-h-[30%] shrink-0 overflow-auto border-t">
          <Legend rows={legend} unit={drawing?.unit ?? ''} compare={address.compare} onHover={setHovered} onPick={pick} />
        </div>
      )}
      <Dialogs
        explorer={explorer}
        open={actions.dialog}
        onOwnRule={() => actions.openAlert('alert')}
        onClose={() => actions.openDialog(null)}
      />
    </div>
  );
}
