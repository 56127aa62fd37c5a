import { useRef, useState } from 'react';
import type { Chart } from '#common/contract/charts.ts';
import type { Connection } from '#common/contract/console/connections.ts';
import type { DashboardBody } from '#common/contract/dashboards.ts';
import { everyValue, type VariableValues } from '#common/contract/variables.ts';
import type { Language } from '#common/format.ts';
import type { Stretch } from '#renderer/charts/index.ts';
import { resolveSpan, useConsole, useSettings, type ViewRange } from '#renderer/domain/queries/index.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Dialog } from '#renderer/ui/dialog.tsx';
import { fileTime, saveBlob } from '#renderer/ui/export.ts';
import { formatDateTime, formatZone } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Progress } from '#renderer/ui/parts.tsx';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { ErrorState } from '#renderer/ui/states.tsx';
import { toast } from '#renderer/ui/toast.tsx';
import { words as common } from '#renderer/ui/words.ts';
import { fillMarkdown, shownTitle } from '../view/values.ts';
import { paint } from './paint.ts';
import { makePdf } from './pdf.ts';
import { Stage, type Staged } from './stage.tsx';
import { words } from './words.ts';

export type DashboardFileKind = 'pdf' | 'png';

interface ExportProps {
  kind: DashboardFileKind;
  body: DashboardBody;
  charts: readonly Chart[];
  connection: Connection;
  span: ViewRange;
  values: VariableValues;
  language: Language;
  onClose: () => void;
}

/** Width at which a dashboard is drawn for paper and pictures, CSS pixels, and how sharp. */
const width = 1_440;
const ratio = 2;
/** A live range ends this long ago, ms: what is measured now is not stored everywhere yet. */
const notYetMs = 10_000;

/** Exports a dashboard: draws it out of sight, complete, then writes the file. It can be given up at any time. */
export function ExportDialog({ kind, body, charts, connection, span, values, language, onClose }: ExportProps) {
  const t = useText(words);
  const kit = useText(common);
  const { documents } = useConsole();
  const settings = useSettings();
  const [drawn, setDrawn] = useState(0);
  const [setting, setSetting] = useState<number | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [stretch] = useState(() => resolveSpan(span, 1_000, Date.now() - notYetMs));
  const giveUp = useRef(new AbortController());
  const name = `${body.code}-${fileTime(stretch.to)}.${kind}`;
  const saved = (file: string) => {
    toast({ message: t('exported', { name: file }), lastsMs: 4_000 });
    onClose();
  };
  const close = () => {
    giveUp.current.abort();
    onClose();
  };
  const png = async ({ board }: Staged) => {
    const canvas = await paint(board, ratio);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    if (!blob) throw new Error(t('noPicture'));
    saveBlob(name, blob);
  };
  const pdf = async ({ panels, asOf }: Staged) => {
    const bytes = await makePdf({
      documents,
      signal: giveUp.current.signal,
      onProgress: setSetting,
      panels,
      ratio,
      input: {
        title: body.title,
        description: body.description,
        language,
        ...stretch,
        timeZone: settings.clock === 'utc' ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone,
        variables: body.variables.map((one) => {
          const value = values[one.name] ?? everyValue;
          return { label: one.label || one.name, value: value === everyValue ? t('everyValue') : value };
        }),
        source: connection.name,
        asOf: asOf ?? null,
        panels: body.panels.map((panel) => {
          const common = { id: panel.id, title: shownTitle(panel, charts, values, t('everyValue')), place: panel.place };
          if (panel.kind === 'text')
            return { ...common, content: { kind: 'markdown', text: fillMarkdown(panel.markdown, values, t('everyValue')) } };
          if (panel.kind === 'logs') return { ...common, content: { kind: 'note', text: t('noLogsAny') } };
          return { ...common, content: { kind: 'picture' } };
        }),
      },
    });
    saveBlob(name, new Blob([bytes], { type: 'application/pdf' }));
  };
  const ready = async (staged: Staged) => {
    try {
      if (kind === 'png') await png(staged);
      else await pdf(staged);
      if (!giveUp.current.signal.aborted) saved(name);
    } catch (error) {
      if (!giveUp.current.signal.aborted) setFailure(error);
    }
  };
  const count = body.panels.length;
  const share = setting === null ? (count === 0 ? 1 : drawn / count) * 0.6 : 0.6 + setting * 0.4;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && close()}
      title={t('exportTitle', { title: body.title })}
      footer={<Button onClick={close}>{kit('cancel')}</Button>}
    >
      {failure ? (
        <ErrorState title={t('exportFailed')} error={failure} className="px-0" />
      ) : (
        <div className="flex flex-col gap-2 pt-1">
          <p role="status">{setting === null ? t('exportWorking', { done: drawn, count }) : t('exportSetting')}</p>
          <Progress value={share} label={t('exportTitle', { title: body.title })} />
        </div>
      )}
      {!failure && (
        <Stage
          body={body}
          charts={charts}
          connectionId={connection.id}
          span={stretch}
          values={values}
          // Paper is white.
          theme={kind === 'pdf' ? 'light' : (document.documentElement.dataset['theme'] ?? 'dark')}
          ratio={ratio}
          width={width}
          framed={kind === 'png'}
          heading={kind === 'png' && <Heading title={body.title} source={connection.name} stretch={stretch} />}
          onProgress={setDrawn}
          onReady={(staged) => void ready(staged)}
        />
      )}
    </Dialog>
  );
}

/** What a picture shows, where from and when. */
function Heading({ title, source, stretch }: { title: string; source: string; stretch: Stretch }) {
  const preferences = usePreferences();
  return (
    <header className="mb-3 flex items-baseline justify-between gap-4">
      <h1 className="text-xl">{title}</h1>
      <p className="text-muted">
        {source} · {formatDateTime(stretch.from, preferences)} – {formatDateTime(stretch.to, preferences)}{' '}
        {formatZone(stretch.to, preferences.clock)}
      </p>
    </header>
  );
}
