import { FoldVertical, Layers, Undo2, X } from 'lucide-react';
import type { ReactNode, RefObject } from 'react';
import type { ChartDrawing, ChartType } from '#common/contract/charts.ts';
import { chartTypes } from '#common/contract/charts.ts';
import { type Aggregation, aggregations } from '#common/contract/signals.ts';
import { dayMs } from '#common/time/durations.ts';
import { kinds } from '#renderer/charts/definition-form/kinds.ts';
import type { ChartSeries, Comparison } from '#renderer/charts/index.ts';
import { comparisons } from '#renderer/charts/panel/compare.ts';
import { seriesName } from '#renderer/domain/alerts.ts';
import { Button } from '#renderer/ui/button.tsx';
import { formatSetDuration } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Select } from '#renderer/ui/input.tsx';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { BesidePicker, LinePicker, SubjectPicker } from './pickers.tsx';
import { bucketsFor, draw, type ExploreAddress, type ExploreSubject } from './question.ts';
import { words } from './words.ts';

/** The part of the line that a key has opened. */
export type OpenPart = 'what' | 'lines' | 'beside' | null;
/** The parts a key puts the focus on. */
export type QueryFields = Record<'aggregation' | 'bucket' | 'shape', RefObject<HTMLSelectElement | null>>;

interface QueryLineProps {
  subjects: readonly ExploreSubject[];
  subject: ExploreSubject | undefined;
  besides: readonly ExploreSubject[];
  drawing: ChartDrawing | undefined;
  lines: readonly ChartSeries[];
  /** Names of the lines shown; undefined shows all. */
  only: readonly string[] | undefined;
  address: ExploreAddress;
  /** What automatic comes to now, ms. */
  bucketMs: number;
  lengthMs: number;
  set: (change: Partial<ExploreAddress>) => void;
  open: OpenPart;
  onOpen: (part: OpenPart) => void;
  fields: QueryFields;
  onBack: (() => void) | undefined;
}

/** Drawn on an axis of values that can be logarithmic, or stand on one another. */
const scaled: readonly ChartType[] = ['line', 'area', 'step', 'bar', 'band', 'scatter'];
const stackable: readonly ChartType[] = ['area', 'bar'];

/** What · which lines · how aggregated · bucket · drawn as · compared with · what beside it. */
export function QueryLine(props: QueryLineProps) {
  const { subject, drawing, address, bucketMs, set, fields } = props;
  const t = useText(words);
  const kind = useText(kinds);
  const { language, clock } = usePreferences();
  const opens = (part: Exclude<OpenPart, null>) => ({
    open: props.open === part,
    onOpenChange: (open: boolean) => props.onOpen(open ? part : null),
  });
  const type = drawing?.type ?? 'line';
  return (
    <div className="flex flex-wrap items-center gap-2 border-b px-4 py-2">
      <SubjectPicker subjects={props.subjects} chosen={subject} onChoose={(what) => set(draw(what))} {...opens('what')} />
      {address.series && (
        <Button onClick={() => set({ series: undefined })} tooltip={t('showAll')}>
          <bdi className="max-w-60 truncate">{t('onlySeries', { name: seriesName(address.series) })}</bdi>
          <X className="size-3.5" aria-hidden="true" />
        </Button>
      )}
      {props.lines.length > 1 && (
        <LinePicker lines={props.lines} only={props.only} onChange={(only) => set({ only })} {...opens('lines')} />
      )}
      <Select
        ref={fields.aggregation}
        className="w-auto"
        aria-label={t('aggregation')}
        value={drawing?.aggregation ?? 'avg'}
        onChange={(event) =>
          set({ agg: event.target.value === subject?.drawing.aggregation ? undefined : (event.target.value as Aggregation) })
        }
      >
        {aggregations.map((one) => (
          <option key={one} value={one}>
            {kind(one)}
          </option>
        ))}
      </Select>
      {drawing?.aggregation !== 'raw' && (
        <Select
          ref={fields.bucket}
          className="w-auto"
          aria-label={t('bucket')}
          value={address.bucket ?? ''}
          onChange={(event) => set({ bucket: event.target.value === '' ? undefined : Number(event.target.value) })}
        >
          <option value="">{bucketMs > 0 ? t('autoBucket', { bucket: formatSetDuration(bucketMs, language) }) : t('auto')}</option>
          {[...new Set([...bucketsFor(props.lengthMs), ...(address.bucket === undefined ? [] : [address.bucket])])].map((ms) => (
            <option key={ms} value={ms}>
              {ms === dayMs && clock === 'local' ? t('calendarDay') : formatSetDuration(ms, language)}
            </option>
          ))}
        </Select>
      )}
      <Select
        ref={fields.shape}
        className="w-auto"
        aria-label={t('shape')}
        value={type}
        onChange={(event) => set({ as: event.target.value === subject?.drawing.type ? undefined : (event.target.value as ChartType) })}
      >
        {chartTypes.map((one) => (
          <option key={one} value={one}>
            {kind(one)}
          </option>
        ))}
      </Select>
      <Select
        className="w-auto"
        aria-label={t('compare')}
        value={address.compare ?? ''}
        onChange={(event) => set({ compare: event.target.value === '' ? undefined : (event.target.value as Comparison) })}
      >
        <option value="">{t('compareNone')}</option>
        {comparisons.map((one) => (
          <option key={one} value={one}>
            {t('against', { when: t(one) })}
          </option>
        ))}
      </Select>
      <BesidePicker subjects={props.subjects} besides={props.besides} onChange={(beside) => set({ beside })} {...opens('beside')} />
      <span className="ms-auto flex items-center gap-1">
        {scaled.includes(type) && (
          <Toggle
            label={t('log')}
            pressed={drawing?.scale === 'log'}
            onPress={(on) => set({ log: on === (subject?.drawing.scale === 'log') ? undefined : on })}
          >
            <span className="font-semibold text-xs">{t('logShort')}</span>
          </Toggle>
        )}
        {stackable.includes(type) && props.lines.length > 1 && (
          <Toggle
            label={t('stacked')}
            pressed={drawing?.stacked ?? false}
            onPress={(on) => set({ stacked: on === subject?.drawing.stacked ? undefined : on })}
          >
            <Layers className="size-4" />
          </Toggle>
        )}
        {(drawing?.min !== undefined || drawing?.max !== undefined) && (
          <Toggle label={t('fit')} pressed={address.fit ?? false} onPress={(on) => set({ fit: on || undefined })}>
            <FoldVertical className="size-4" />
          </Toggle>
        )}
        {props.onBack && (
          <Button variant="ghost" size="icon" aria-label={t('back')} tooltip={t('back')} onClick={props.onBack}>
            <Undo2 className="size-4 rtl:-scale-x-100" />
          </Button>
        )}
      </span>
    </div>
  );
}

interface ToggleProps {
  label: string;
  pressed: boolean;
  onPress: (on: boolean) => void;
  children: ReactNode;
}

export function Toggle({ label, pressed, onPress, children }: ToggleProps) {
  return (
    <Button variant={pressed ? 'default' : 'ghost'} size="icon" aria-pressed={pressed} tooltip={label} onClick={() => onPress(!pressed)}>
      {children}
      <span className="sr-only">{label}</span>
    </Button>
  );
}
