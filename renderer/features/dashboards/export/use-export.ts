import { useRef, useState } from 'react';
import type { Chart } from '#common/contract/charts.ts';
import type { Connection } from '#common/contract/console/connections.ts';
import type { DocumentInput } from '#common/contract/console/dashboards.ts';
import type { DashboardBody } from '#common/contract/dashboards.ts';
import { everyValue, type VariableValues } from '#common/contract/variables.ts';
import type { Language } from '#common/format.ts';
import type { Interval } from '#common/time/intervals.ts';
import { resolveRange, useConsole, useSettings, type ViewRange } from '#renderer/domain/queries/index.ts';
import { fileTime, saveBlob } from '#renderer/ui/export.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { toast } from '#renderer/ui/toast.tsx';
import { fillMarkdown, shownTitle } from '../view/values.ts';
import { paint } from './paint.ts';
import { makePdf } from './pdf.ts';
import type { Staged } from './stage.tsx';
import { words } from './words.ts';

export type DashboardFileKind = 'pdf' | 'png';

export interface DashboardExport {
  kind: DashboardFileKind;
  body: DashboardBody;
  charts: readonly Chart[];
  connection: Connection;
  range: ViewRange;
  values: VariableValues;
  language: Language;
}

/** Device pixels per CSS pixel of an export. */
export const ratio = 2;
/** A live range ends this long ago, ms, because the newest points aren't stored everywhere yet. */
const notYetMs = 10_000;

/** Writes the file of a dashboard once it is drawn, and reports progress; `giveUp` cancels it at any time. */
export function useExport(options: DashboardExport, onSaved: () => void) {
  const { kind, body, range } = options;
  const t = useText(words);
  const { documents } = useConsole();
  const documentInput = useDocumentInput();
  const [drawn, setDrawn] = useState(0);
  const [setting, setSetting] = useState<number | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [interval] = useState(() => resolveRange(range, 1_000, Date.now() - notYetMs));
  const abort = useRef(new AbortController());
  const png = async ({ board }: Staged) => {
    const canvas = await paint(board, ratio);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    if (!blob) throw new Error(t('noPicture'));
    return blob;
  };
  const pdf = async ({ panels, asOf }: Staged) => {
    const { signal } = abort.current;
    const input = documentInput({ ...options, interval, asOf: asOf ?? null });
    const bytes = await makePdf({ documents, signal, onProgress: setSetting, panels, ratio, input });
    return new Blob([bytes], { type: 'application/pdf' });
  };
  const write = async (staged: Staged) => {
    const name = `${body.code}-${fileTime(interval.to)}.${kind}`;
    try {
      saveBlob(name, await (kind === 'png' ? png(staged) : pdf(staged)));
      if (abort.current.signal.aborted) return;
      toast({ message: t('exported', { name }), lastsMs: 4_000 });
      onSaved();
    } catch (error) {
      if (!abort.current.signal.aborted) setFailure(error);
    }
  };
  const count = body.panels.length;
  const share = setting === null ? (count === 0 ? 1 : drawn / count) * 0.6 : 0.6 + setting * 0.4;
  return {
    interval,
    failure,
    /** 0 to 1 */
    share,
    progress: setting === null ? t('exportWorking', { done: drawn, count }) : t('exportSetting'),
    setDrawn,
    write: (staged: Staged) => void write(staged),
    giveUp: () => abort.current.abort(),
  };
}

interface DocumentOptions extends DashboardExport {
  interval: Interval;
  /** Time up to which the content is confirmed, ms; null if unknown. */
  asOf: number | null;
}

/** Describes a dashboard as a document, from which the core creates a PDF: which parts are text, and which are pictures. */
function useDocumentInput(): (options: DocumentOptions) => DocumentInput {
  const t = useText(words);
  const settings = useSettings();
  return ({ body, charts, connection, values, language, interval, asOf }) => ({
    title: body.title,
    description: body.description,
    language,
    ...interval,
    timeZone: settings.clock === 'utc' ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone,
    variables: body.variables.map((one) => {
      const value = values[one.name] ?? everyValue;
      return { label: one.label || one.name, value: value === everyValue ? t('everyValue') : value };
    }),
    source: connection.name,
    asOf,
    panels: body.panels.map((panel) => {
      const common = { id: panel.id, title: shownTitle(panel, charts, values, t('everyValue')), place: panel.place };
      if (panel.kind === 'text')
        return { ...common, content: { kind: 'markdown', text: fillMarkdown(panel.markdown, values, t('everyValue')) } };
      if (panel.kind === 'logs') return { ...common, content: { kind: 'note', text: t('noLogsAny') } };
      return { ...common, content: { kind: 'picture' } };
    }),
  });
}
