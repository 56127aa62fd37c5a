import { Undo2, X } from 'lucide-react';
import { seriesName } from '#renderer/domain/alerts.ts';
import { Button } from '#renderer/ui/button.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { AddedQueries, LinePicker, SubjectPicker } from './pickers.tsx';
import { draw } from './question.ts';
import { AggregationSelect, BucketSelect, ComparisonSelect, ShapeSelect } from './selects.tsx';
import { AxisToggles } from './toggles.tsx';
import type { OpenPicker, QueryFields } from './use-actions.ts';
import type { Explorer } from './use-explorer.ts';
import { words } from './words.ts';

interface QueryLineProps {
  explorer: Explorer;
  open: OpenPicker;
  onOpen: (picker: OpenPicker) => void;
  fields: QueryFields;
}

/** The fields of the query: subject, lines, aggregation, bucket, chart type, comparison and further measures. */
export function QueryLine({ explorer, open, onOpen, fields }: QueryLineProps) {
  const t = useText(words);
  const { address, set, shown, question } = explorer;
  const { subjects } = explorer.list;
  const opens = (picker: Exclude<OpenPicker, null>) => ({
    open: open === picker,
    onOpenChange: (isOpen: boolean) => onOpen(isOpen ? picker : null),
  });
  return (
    <div className="flex flex-wrap items-center gap-2 border-b px-4 py-2">
      <SubjectPicker subjects={subjects} chosen={question.subject} onChoose={(what) => set(draw(what))} {...opens('subject')} />
      {address.series && (
        <Button onClick={() => set({ series: undefined })} tooltip={t('showAll')}>
          <bdi className="max-w-60 truncate">{t('onlySeries', { name: seriesName(address.series) })}</bdi>
          <X className="size-3.5" aria-hidden="true" />
        </Button>
      )}
      {shown.lines.length > 1 && (
        <LinePicker lines={shown.lines} only={shown.only} onChange={(only) => set({ only })} {...opens('lines')} />
      )}
      <AggregationSelect ref={fields.aggregation} {...explorer} />
      {question.drawing?.aggregation !== 'raw' && <BucketSelect ref={fields.bucket} {...explorer} />}
      <ShapeSelect ref={fields.shape} {...explorer} />
      <ComparisonSelect {...explorer} />
      <AddedQueries subjects={subjects} added={question.added} onChange={(beside) => set({ beside })} {...opens('addQuery')} />
      <span className="ms-auto flex items-center gap-1">
        <AxisToggles {...explorer} />
        {explorer.zoomed && (
          <Button variant="ghost" size="icon" aria-label={t('back')} tooltip={t('back')} onClick={explorer.back}>
            <Undo2 className="size-4 rtl:-scale-x-100" />
          </Button>
        )}
      </span>
    </div>
  );
}
