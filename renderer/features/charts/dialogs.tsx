import type { ChartDrawing } from '#common/contract/charts.ts';
import { DefinitionSheet } from '#renderer/charts/definition-form/definition-sheet.tsx';
import { definitionOf } from '#renderer/charts/definition-form/values.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { toast } from '#renderer/ui/toast.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { ImportDialog } from './import-dialog.tsx';
import type { Library, LibraryDialog } from './use-library.ts';
import { words } from './words.ts';

/** The initial drawing of a chart that is defined by hand. */
const blank: ChartDrawing = {
  title: '',
  description: '',
  selector: { from: 'signal', loaderCode: '' },
  aggregation: 'avg',
  beside: [],
  unit: '',
  type: 'line',
  scale: 'linear',
  stacked: false,
  thresholds: [],
  variables: [],
};

interface DialogsProps {
  open: LibraryDialog['open'];
  connectionId: string;
  library: Library;
  onClose: () => void;
}

/** Dialogs that create, duplicate, change, delete and import charts. */
export function Dialogs({ open, connectionId, library, onClose }: DialogsProps) {
  const t = useText(words);
  const { chart, select } = library;
  const common = { connectionId, onClose };
  const selectSaved = ({ code }: { code: string }) => {
    onClose();
    select(code);
  };
  const sayAndClose = (message: string, lastsMs: number) => {
    onClose();
    toast({ message, lastsMs });
  };
  return (
    <>
      {open === 'new' && <DefinitionSheet {...common} title={t('newChart')} drawing={blank} onSaved={selectSaved} />}
      {open === 'edit' && chart && (
        <DefinitionSheet
          {...common}
          title={t('editChart', { title: chart.title })}
          drawing={chart}
          chart={chart}
          onSaved={() => sayAndClose(t('saved'), 3_000)}
        />
      )}
      {open === 'duplicate' && chart && (
        <DefinitionSheet
          {...common}
          title={t('duplicateTitle', { title: chart.title })}
          drawing={{ ...definitionOf(chart), title: t('copyOf', { title: chart.title }) }}
          onSaved={selectSaved}
        />
      )}
      {open === 'delete' && chart && (
        <DeleteDialog
          {...common}
          chart={chart}
          onDeleted={() => {
            select(undefined);
            sayAndClose(t('deleted', { title: chart.title }), 4_000);
          }}
        />
      )}
      {open === 'import' && <ImportDialog {...common} charts={library.all} />}
    </>
  );
}
