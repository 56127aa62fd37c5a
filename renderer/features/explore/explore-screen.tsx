import { useCallback, useMemo, useRef, useState } from 'react';
import { isAllMissing, type Stretch, TimeChart } from '#renderer/charts/index.ts';
import type { Span } from '#renderer/link/index.ts';
import { useAddress, useConnection, useRange } from '#renderer/ui/address.ts';
import { Button } from '#renderer/ui/button.tsx';
import { cn } from '#renderer/ui/cn.ts';
import { fileTime, saveFile, toCsv } from '#renderer/ui/export.ts';
import { formatTime } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { useKeys } from '#renderer/ui/keys.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { Empty, ErrorState, Loading, ProblemNote, StaleNote } from '#renderer/ui/states.tsx';
import { StatusSymbol } from '#renderer/ui/status.tsx';
import { Age } from '#renderer/ui/time.tsx';
import { toast } from '#renderer/ui/toast.tsx';
import { Legend } from './legend.tsx';
import { csvColumns, known, legendOf, linesOf, wideRows } from './lines.ts';
import { QueryLine } from './query-line.tsx';
import { exploreAddress, isolate, whatOf } from './question.ts';
import { RangeDialog } from './range-dialog.tsx';
import { spanLength, usePicture, useSubjects, useWidth } from './use-explore.ts';
import { words } from './words.ts';

/** One series, live: the question on top, the chart, and the legend as a table. All of it is in the address. */
export function ExploreScreen() {
  const t = useText(words);
  const preferences = usePreferences();
  const { connection } = useConnection();
  const { span, setRange } = useRange();
  const [address, set] = useAddress(exploreAddress);
  const plot = useRef<HTMLDivElement>(null);
  const width = useWidth(plot);
  const { subjects, reading, error, retry } = useSubjects(connection?.id);
  const what = whatOf(address);
  const subject = what === undefined ? subjects[0] : subjects.find((one) => one.what === what);
  const { agg, bucketMs, answer, picture, stretch, missing, paused } = usePicture(connection, subject, address, span, width);
  const [hovered, setHovered] = useState<string | null>(null);
  const [typing, setTyping] = useState(false);
  const [zooms, setZooms] = useState<Span[]>([]);

  const title = subject?.title ?? t('title');
  const unit = subject?.unit ?? '';
  const lines = useMemo(() => linesOf(picture?.series ?? [], title), [picture, title]);
  const only = useMemo(() => known(address.only, lines), [address.only, lines]);
  const shown = useMemo(() => lines.filter((line) => only === undefined || only.includes(line.name)), [lines, only]);
  const rows = useMemo(() => legendOf(lines, only, stretch), [lines, only, stretch]);

  const zoom = useCallback(
    (next: Stretch) => {
      setZooms((before) => [...before, span]);
      setRange(next, zooms.length > 0);
    },
    [span, setRange, zooms.length],
  );
  const back = useCallback(() => {
    const before = zooms.at(-1);
    if (!before) return;
    setZooms((all) => all.slice(0, -1));
    setRange(before, true);
  }, [zooms, setRange]);

  useKeys('screen', [
    { keys: 't', title: t('typeRange'), run: () => setTyping(true) },
    { keys: 'v', title: t('fit'), run: () => set({ fit: address.fit ? undefined : true }, true) },
    { keys: 'p', title: t('live'), run: () => set({ paused: paused ? undefined : true }, true) },
  ]);

  const csv = () => toCsv(csvColumns(shown, t('fileTime'), unit), wideRows(shown));
  const save = () => saveFile(`${subject?.what.replace(':', '-') ?? 'series'}-${fileTime(stretch.from)}.csv`, csv());
  const copy = async () => {
    await navigator.clipboard.writeText(csv());
    toast({ message: t('tableCopied', { count: shown.reduce((sum, line) => sum + line.t.length, 0) }), lastsMs: 3_000 });
  };
  const copyLink = async () => {
    await navigator.clipboard.writeText(location.href);
    toast({ message: t('linkCopied'), lastsMs: 2_000 });
  };

  if (error && subjects.length === 0) return <ErrorState title={t('readFailed')} error={error} retry={() => void retry()} />;
  if (reading) return <Loading />;
  if (subjects.length === 0) return <Empty className="h-full">{t('nothingToShow')}</Empty>;

  const live = connection?.state === 'live';
  const nothingKnown = isAllMissing(missing, stretch);
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
  ) : live ? (
    <>
      {t('updated')} {age}
    </>
  ) : (
    <StaleNote asOf={picture?.asOf ?? null} />
  );
  const label = t('chartLabel', {
    title,
    count: shown.length,
    from: formatTime(stretch.from, preferences),
    to: formatTime(stretch.to, preferences),
  });
  return (
    <div className="flex h-full flex-col">
      <QueryLine
        subjects={subjects}
        subject={subject}
        lines={lines}
        only={only}
        address={address}
        agg={agg}
        shape={address.as ?? subject?.shape ?? 'line'}
        bucketMs={bucketMs}
        lengthMs={spanLength(span)}
        set={(change) => set(change, true)}
        onBack={zooms.length > 0 ? back : undefined}
        onCopyLink={() => void copyLink()}
        onCopy={() => void copy()}
        onSave={save}
        freshness={freshness}
      />
      <div className="flex min-h-0 flex-1 flex-col gap-2 px-4 pt-3 pb-2">
        {live && picture?.problem && <ProblemNote problem={picture.problem} />}
        {missing.length > 0 && <StatusSymbol status="stale" label={t('missing', { count: missing.length })} className="text-sm" />}
        <div ref={plot} className={cn('relative min-h-40 flex-1', answer.isPlaceholderData && 'opacity-60')}>
          {answer.error && !picture && <ErrorState title={t('readFailed')} error={answer.error} retry={() => void answer.refetch()} />}
          {!subject && <Empty className="h-full">{t('unknownWhat', { what: what ?? '' })}</Empty>}
          {subject && !(answer.error && !picture) && (
            <TimeChart
              label={label}
              series={shown}
              stretch={stretch}
              bucketMs={bucketMs}
              unit={unit}
              type={address.as ?? subject.shape}
              min={address.fit ? undefined : subject.min}
              max={address.fit ? undefined : subject.max}
              missing={missing}
              emphasis={hovered}
              onStretch={zoom}
              onBack={back}
            />
          )}
          {subject && answer.isFetching && lines.length === 0 && (
            <div role="status" className="absolute inset-0 grid place-content-center text-muted">
              {t('reading', { title })}
            </div>
          )}
          {subject && picture && !answer.isFetching && lines.length === 0 && !(live && nothingKnown) && (
            <Empty
              className="absolute inset-0"
              action={<Button onClick={() => setRange({ lastMs: 86_400_000 })}>{t('emptyAction')}</Button>}
            >
              {t(nothingKnown ? 'emptyMissing' : 'empty')}
            </Empty>
          )}
        </div>
      </div>
      {lines.length > 0 && (
        <div className="max-h-[34%] shrink-0 overflow-auto border-t">
          <Legend
            rows={rows}
            unit={unit}
            onHover={setHovered}
            onPick={(name, add) =>
              set(
                {
                  only: isolate(
                    only,
                    name,
                    lines.map((line) => line.name),
                    add,
                  ),
                },
                true,
              )
            }
          />
        </div>
      )}
      <RangeDialog open={typing} onClose={() => setTyping(false)} onChoose={(next) => setRange(next)} />
    </div>
  );
}
