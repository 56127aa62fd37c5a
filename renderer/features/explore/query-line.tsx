import { Copy, Download, FoldVertical, Link2, Pause, Play, Undo2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { type Aggregation, aggregations } from '#common/contract/signals.ts';
import type { ChartSeries } from '#renderer/charts/index.ts';
import { Button } from '#renderer/ui/button.tsx';
import { formatDuration } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Select } from '#renderer/ui/input.tsx';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { Segmented } from '#renderer/ui/toggles.tsx';
import { LinePicker, SubjectPicker } from './pickers.tsx';
import { bucketsFor, draw, type ExploreAddress, type Shape, type Subject, shapes } from './question.ts';
import { words } from './words.ts';

interface QueryLineProps {
  subjects: readonly Subject[];
  subject: Subject | undefined;
  lines: readonly ChartSeries[];
  /** Names of the lines shown; undefined shows all. */
  only: readonly string[] | undefined;
  address: ExploreAddress;
  agg: Aggregation;
  shape: Shape;
  /** What automatic comes to now, ms. */
  bucketMs: number;
  lengthMs: number;
  set: (change: Partial<ExploreAddress>) => void;
  onBack: (() => void) | undefined;
  onCopyLink: () => void;
  onCopy: () => void;
  onSave: () => void;
  /** When the picture was last brought up to date. */
  freshness: ReactNode;
}

/** What · which lines · how aggregated · bucket · drawn as; then what can be done with the picture. */
export function QueryLine(props: QueryLineProps) {
  const { subject, address, agg, bucketMs, set } = props;
  const t = useText(words);
  const { language } = usePreferences();
  const paused = address.paused ?? false;
  return (
    <div className="flex flex-wrap items-center gap-2 border-b px-4 py-2">
      <SubjectPicker subjects={props.subjects} chosen={subject} onChoose={(what) => set(draw(what))} />
      {props.lines.length > 1 && <LinePicker lines={props.lines} only={props.only} onChange={(only) => set({ only })} />}
      <Select
        className="w-auto"
        aria-label={t('aggregation')}
        value={agg}
        onChange={(event) => set({ agg: event.target.value === subject?.aggregation ? undefined : (event.target.value as Aggregation) })}
      >
        {aggregations.map((one) => (
          <option key={one} value={one}>
            {t(one)}
          </option>
        ))}
      </Select>
      {agg !== 'raw' && (
        <Select
          className="w-auto"
          aria-label={t('bucket')}
          value={address.bucket ?? ''}
          onChange={(event) => set({ bucket: event.target.value === '' ? undefined : Number(event.target.value) })}
        >
          <option value="">
            {t('autoBucket', { bucket: address.bucket === undefined ? formatDuration(bucketMs, language) : '' }).replace(' ()', '')}
          </option>
          {bucketsFor(props.lengthMs).map((ms) => (
            <option key={ms} value={ms}>
              {formatDuration(ms, language)}
            </option>
          ))}
        </Select>
      )}
      <Segmented
        label={t('shape')}
        value={props.shape}
        onChange={(as) => set({ as: as === subject?.shape ? undefined : as })}
        options={shapes.map((value) => ({ value, label: t(value) }))}
      />
      {(subject?.min !== undefined || subject?.max !== undefined) && (
        <Button
          variant={address.fit ? 'default' : 'ghost'}
          size="icon"
          aria-pressed={address.fit ?? false}
          aria-label={t('fit')}
          tooltip={t('fit')}
          onClick={() => set({ fit: address.fit ? undefined : true })}
        >
          <FoldVertical className="size-4" />
        </Button>
      )}
      {props.onBack && (
        <Button variant="ghost" size="icon" tooltip={t('back')} onClick={props.onBack}>
          <Undo2 className="size-4" />
        </Button>
      )}
      <div className="ms-auto flex items-center gap-1">
        <span className="px-2 text-muted text-sm">{props.freshness}</span>
        <Button
          variant="ghost"
          size="icon"
          aria-pressed={!paused}
          aria-label={t('live')}
          tooltip={t(paused ? 'refreshOff' : 'refreshOn')}
          onClick={() => set({ paused: paused ? undefined : true })}
        >
          {paused ? <Play className="size-4" /> : <Pause className="size-4" />}
        </Button>
        <Button variant="ghost" size="icon" tooltip={t('copyLink')} aria-label={t('copyLink')} onClick={props.onCopyLink}>
          <Link2 className="size-4" />
        </Button>
        <Button variant="ghost" size="icon" tooltip={t('copyTable')} aria-label={t('copyTable')} onClick={props.onCopy}>
          <Copy className="size-4" />
        </Button>
        <Button variant="ghost" size="icon" tooltip={t('csv')} aria-label={t('csv')} onClick={props.onSave}>
          <Download className="size-4" />
        </Button>
      </div>
    </div>
  );
}
