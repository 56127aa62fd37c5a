import { useNavigate } from '@tanstack/react-router';
import { useCallback, useMemo, useRef, useState } from 'react';
import { bindSelector, resolveValues } from '#common/charts/variables.ts';
import type { Chart } from '#common/contract/charts.ts';
import type { Dashboard } from '#common/contract/dashboards.ts';
import { DefinitionSheet } from '#renderer/charts/definition-form/definition-sheet.tsx';
import { TemplateValues } from '#renderer/charts/definition-form/template-values.tsx';
import { ChartGroup, type ChartPicture, isolate, TimeChart, useZoom } from '#renderer/charts/index.ts';
import { RangeDialog } from '#renderer/charts/range-picker/range-form.tsx';
import { useAddress, useConnection, useRange } from '#renderer/domain/address.ts';
import { places } from '#renderer/domain/places.ts';
import { isFixed, rangeLength } from '#renderer/domain/queries/index.ts';
import { StatusSymbol } from '#renderer/domain/status.tsx';
import { cn } from '#renderer/ui/cn.ts';
import { useCopyLink } from '#renderer/ui/copy-link.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Empty, ErrorState, Loading, StaleNote } from '#renderer/ui/states.tsx';
import { Age } from '#renderer/ui/time.tsx';
import { toast, toastError } from '#renderer/ui/toast.tsx';
import { ActionBar } from './action-bar.tsx';
import { AddDialog } from './add-dialog.tsx';
import { Legend } from './legend.tsx';
import { known, legendOf } from './lines.ts';
import { type OpenPart, QueryLine } from './query-line.tsx';
import { type ExploreAddress, exploreAddress } from './question.ts';
import { Readings } from './readings.tsx';
import { Remedy } from './remedy.tsx';
import { RuleSheet } from './rule/rule-sheet.tsx';
import { useQuestion, useRefresh, useSubjects } from './use-explore.ts';
import { exportDenied, useExport } from './use-export.ts';
import { useExploreKeys } from './use-keys.ts';
import { ValuesTable } from './values-table.tsx';
import { words } from './words.ts';

type Opened = 'range' | 'save' | 'add' | 'alert' | null;
const noLines: ChartPicture['lines'] = [];

/** One question, drawn: what is asked on top, the chart, and the legend as a table. All of it is in the address. */
export function ExploreScreen() {
  const t = useText(words);
  const navigate = useNavigate();
  const { connection } = useConnection();
  const { span, setRange } = useRange();
  const [address, setAddress] = useAddress(exploreAddress);
  const set = useCallback((change: Partial<ExploreAddress>) => setAddress(change, true), [setAddress]);
  const { subjects, reading, error, retry } = useSubjects(connection?.id);
  const { what, subject, besides, drawing, apart } = useQuestion(subjects, address);
  const [picture, setPicture] = useState<ChartPicture | null>(null);
  const [hovered, setHovered] = useState<string | null>(null);
  const [open, setOpen] = useState<OpenPart>(null);
  const [exporting, setExporting] = useState(false);
  const [opened, setOpened] = useState<Opened>(null);
  const chart = useRef<HTMLDivElement>(null);
  const fields = {
    aggregation: useRef<HTMLSelectElement>(null),
    bucket: useRef<HTMLSelectElement>(null),
    shape: useRef<HTMLSelectElement>(null),
  };
  const paused = address.paused ?? false;
  useRefresh(connection, !paused && !isFixed(span));

  const lines = picture?.lines ?? noLines;
  const only = useMemo(() => known(address.only, lines), [address.only, lines]);
  const rows = useMemo(() => (picture ? legendOf(picture.lines, picture.overlays, only, picture.stretch) : []), [picture, only]);
  const { zoom, back, zoomed } = useZoom(span, setRange);

  const exportAs = useExport({ picture, drawing, what: subject?.what, chart });
  const share = useCopyLink();
  // A template that lacks a value draws nothing, and nothing of it can be judged.
  const openAlert = () => {
    try {
      if (drawing) bindSelector(drawing.selector, resolveValues(drawing.variables, address.vars ?? {}));
      setOpened('alert');
    } catch (problem) {
      toastError(t('makeAlertHint'), problem);
    }
  };
  useExploreKeys({
    address,
    set,
    fields,
    onOpen: setOpen,
    onRange: () => setOpened('range'),
    onSave: () => setOpened('save'),
    onAdd: () => setOpened('add'),
    onAlert: openAlert,
    onExport: () => setExporting(true),
    onShare: share,
  });

  if (error && subjects.length === 0) return <ErrorState title={t('readFailed')} error={error} retry={() => void retry()} />;
  if (reading) return <Loading />;
  if (subjects.length === 0) return <Empty className="h-full">{t('nothingToShow')}</Empty>;

  const saved = (chartSaved: Chart) => {
    setOpened(null);
    const go = () => void navigate(places.library({ connection: connection?.id, code: chartSaved.code }));
    toast({ message: t('saved'), action: { label: t('openLibrary'), run: go } });
  };
  const added = ({ code, title }: Dashboard) => {
    setOpened(null);
    const go = () => void navigate(places.dashboard(code, { connection: connection?.id }));
    toast({ message: t('added', { title }), action: { label: t('goOpen'), run: go } });
  };
  const lengthMs = rangeLength(span, Date.now());
  const age = <Age at={picture?.asOf ?? null} />;
  const freshness = paused ? (
    <StatusSymbol
      status="paused"
      label={
        <>
          {t('paused')} · {age}
        </>
      }
    />
  ) : connection?.state === 'live' ? (
    <>
      {t('updated')} {age}
    </>
  ) : (
    <StaleNote asOf={picture?.asOf ?? null} />
  );
  const values = address.vars ?? {};
  const leftOut = apart.length === 0 ? undefined : t('besideLeftOut', { count: apart.length });
  const common = {
    connectionId: connection?.id,
    range: span,
    values,
    compare: address.compare,
    paused,
    onStretch: zoom,
    onBack: back,
    legend: false,
  };
  // A chart exactly as the library has it: then it is that one that goes on a dashboard or under a rule.
  const asSaved =
    subject?.chart !== undefined &&
    drawing !== undefined &&
    besides.length === 0 &&
    JSON.stringify(drawing) === JSON.stringify(subject.drawing);
  return (
    <div className="flex h-full flex-col">
      <QueryLine
        subjects={subjects}
        subject={subject}
        besides={besides}
        drawing={drawing}
        lines={lines}
        only={only}
        address={address}
        bucketMs={address.bucket === undefined ? (picture?.bucketMs ?? 0) : 0}
        lengthMs={lengthMs}
        set={set}
        open={open}
        onOpen={setOpen}
        fields={fields}
        onBack={zoomed ? back : undefined}
      />
      {drawing && (
        <TemplateValues
          connectionId={connection?.id}
          definition={drawing}
          values={values}
          onChange={(vars) => set({ vars, only: undefined })}
        />
      )}
      <ActionBar
        connection={connection}
        freshness={freshness}
        paused={paused}
        onPause={(on) => set({ paused: on || undefined })}
        table={address.table ?? false}
        onTable={(on) => set({ table: on || undefined })}
        exportOpen={exporting}
        onExportOpen={setExporting}
        onExport={(kind) => void exportAs(kind)}
        exportDenied={(kind) => exportDenied(kind, picture, drawing, t)}
        onShare={share}
        onSave={() => setOpened('save')}
        onAdd={() => setOpened('add')}
        onAlert={openAlert}
      />
      <div className="flex min-h-0 flex-1 flex-col gap-2 px-4 py-2">
        <Remedy
          problem={picture?.problem}
          lengthMs={lengthMs}
          bucketMs={picture?.bucketMs ?? 0}
          onWiden={(bucket) => set({ bucket, agg: drawing?.aggregation === 'raw' ? 'avg' : address.agg })}
        />
        <Readings connectionId={connection?.id} />
        {!subject && <Empty className="h-full">{t('unknownWhat', { what: what ?? '' })}</Empty>}
        {drawing && (
          <div
            className={cn(
              'grid min-h-0 flex-1 gap-3',
              address.table && 'grid-cols-[minmax(0,1fr)_minmax(26rem,40%)] max-lg:grid-cols-1 max-lg:grid-rows-2',
            )}
          >
            <div className="flex min-h-0 min-w-0 flex-col gap-2">
              <ChartGroup>
                <div ref={chart} className="relative min-h-40 flex-1">
                  <TimeChart
                    {...common}
                    definition={drawing}
                    bucketMs={address.bucket}
                    only={only}
                    emphasis={hovered}
                    fit={address.fit ?? false}
                    onPicture={setPicture}
                  />
                </div>
                {apart.map((one) => (
                  <section key={one.what} aria-label={one.title} className="flex min-h-32 flex-1 flex-col">
                    <h2 className="text-muted text-sm">{one.title}</h2>
                    <TimeChart {...common} definition={one.drawing} bucketMs={address.bucket} wheel />
                  </section>
                ))}
              </ChartGroup>
            </div>
            {address.table && picture && <ValuesTable lines={picture.shown} stretch={picture.stretch} unit={drawing.unit} />}
          </div>
        )}
      </div>
      {lines.length > 0 && (
        <div className="max-h-[30%] shrink-0 overflow-auto border-t">
          <Legend
            rows={rows}
            unit={drawing?.unit ?? ''}
            compare={address.compare}
            onHover={setHovered}
            onPick={(name, add) => {
              const all = lines.map((line) => line.name);
              set({ only: isolate(only, name, all, add) });
            }}
          />
        </div>
      )}
      <RangeDialog open={opened === 'range'} onClose={() => setOpened(null)} onChoose={(next) => setRange(next)} />
      {opened === 'save' && connection && drawing && (
        <DefinitionSheet
          connectionId={connection.id}
          title={t('saveAs')}
          about={leftOut ?? t('saveAbout')}
          drawing={drawing}
          onClose={() => setOpened(null)}
          onSaved={saved}
        />
      )}
      {opened === 'add' && connection && drawing && (
        <AddDialog
          connectionId={connection.id}
          drawing={drawing}
          library={asSaved && subject.chart ? subject.chart : undefined}
          onClose={() => setOpened(null)}
          onAdded={added}
        />
      )}
      {opened === 'alert' && connection && drawing && (
        <RuleSheet
          connection={connection}
          drawing={drawing}
          chart={asSaved ? subject.chart : undefined}
          only={only}
          span={span}
          values={values}
          onClose={() => setOpened(null)}
        />
      )}
    </div>
  );
}
