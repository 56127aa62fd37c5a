import type { Interval } from '#common/time/intervals.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Dialog } from '#renderer/ui/dialog.tsx';
import { formatDateTime, formatZone } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Progress } from '#renderer/ui/parts.tsx';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { ErrorState } from '#renderer/ui/states.tsx';
import { words as common } from '#renderer/ui/words.ts';
import { Stage } from './stage.tsx';
import { type DashboardExport, ratio, useExport } from './use-export.ts';
import { words } from './words.ts';

/** Width at which a dashboard is drawn for an export, CSS pixels. */
const width = 1_440;

/** Exports a dashboard: draws it off screen, completely, then writes the file. It can be cancelled at any time. */
export function ExportDialog({ onClose, ...ask }: DashboardExport & { onClose: () => void }) {
  const t = useText(words);
  const kit = useText(common);
  const { kind, body, charts, connection, values } = ask;
  const { interval, failure, share, progress, setDrawn, write, giveUp } = useExport(ask, onClose);
  const title = t('exportTitle', { title: body.title });
  const close = () => {
    giveUp();
    onClose();
  };
  return (
    <Dialog open onOpenChange={(open) => !open && close()} title={title} footer={<Button onClick={close}>{kit('cancel')}</Button>}>
      {failure ? (
        <ErrorState title={t('exportFailed')} error={failure} className="px-0" />
      ) : (
        <div className="flex flex-col gap-2 pt-1">
          <p role="status">{progress}</p>
          <Progress value={share} label={title} />
        </div>
      )}
      {!failure && (
        <Stage
          body={body}
          charts={charts}
          connectionId={connection.id}
          range={interval}
          values={values}
          // Paper is white.
          theme={kind === 'pdf' ? 'light' : (document.documentElement.dataset['theme'] ?? 'dark')}
          ratio={ratio}
          width={width}
          framed={kind === 'png'}
          heading={kind === 'png' && <Heading title={body.title} source={connection.name} interval={interval} />}
          onProgress={setDrawn}
          onReady={write}
        />
      )}
    </Dialog>
  );
}

/** The title, source and time of an exported picture. */
function Heading({ title, source, interval }: { title: string; source: string; interval: Interval }) {
  const preferences = usePreferences();
  return (
    <header className="mb-3 flex items-baseline justify-between gap-4">
      <h1 className="text-xl">{title}</h1>
      <p className="text-muted">
        {source} · {formatDateTime(interval.from, preferences)} – {formatDateTime(interval.to, preferences)}{' '}
        {formatZone(interval.to, preferences.clock)}
      </p>
    </header>
  );
}
