import { type FormEvent, useState } from 'react';
import { zoneOf } from '#common/time/zone.ts';
import { presets } from '#renderer/charts/plot/range.ts';
import { isFixed, type ViewRange } from '#renderer/domain/queries/index.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Dialog } from '#renderer/ui/dialog.tsx';
import { Field } from '#renderer/ui/field.tsx';
import { formatSetDuration } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Input } from '#renderer/ui/input.tsx';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { rangeWords } from './range-words.ts';
import { readRange } from './typed-range.ts';
import { useRangeLabels } from './use-range-label.ts';

interface RangeFormProps {
  onChoose: (range: ViewRange) => void;
  autoFocus?: boolean;
}

/** A field for a typed range. Shows what it means while typing, and what is wrong with it after submitting. */
export function RangeForm({ onChoose, autoFocus = false }: RangeFormProps) {
  const t = useText(rangeWords);
  const preferences = usePreferences();
  const zone = zoneOf(preferences.clock);
  const labels = useRangeLabels();
  const [text, setText] = useState('');
  const [sent, setSent] = useState<string | null>(null);
  const read = readRange(text, Date.now(), zone);
  const problem = sent === text && !read.ok ? read.problem : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setSent(text);
    if (read.ok) onChoose(read.range);
  };
  const describe = (range: ViewRange) => {
    if ('lastMs' in range) return t('readsLive', { length: formatSetDuration(range.lastMs, preferences.language) });
    return t(isFixed(range) ? 'reads' : 'readsMoving', { range: labels.times(range) });
  };
  return (
    <form onSubmit={submit} noValidate className="flex items-start gap-2">
      <Field
        label={t('typeRange')}
        hint={read.ok ? describe(read.range) : t('hint', { zone })}
        error={problem === null ? undefined : t(problem.kind, { part: problem.part })}
        className="min-w-0 flex-1"
      >
        <Input
          dir="ltr"
          autoFocus={autoFocus}
          autoComplete="off"
          spellCheck={false}
          placeholder="now-6h"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </Field>
      <Button type="submit" variant="primary" className="mt-5">
        {t('apply')}
      </Button>
    </form>
  );
}

interface RangeDialogProps {
  open: boolean;
  onClose: () => void;
  onChoose: (range: ViewRange) => void;
}

/** A dialog for a typed range or one of the presets. */
export function RangeDialog({ open, onClose, onChoose }: RangeDialogProps) {
  const t = useText(rangeWords);
  const { language } = usePreferences();
  const choose = (range: ViewRange) => {
    onChoose(range);
    onClose();
  };
  return (
    <Dialog open={open} onOpenChange={(next) => !next && onClose()} title={t('typeRange')}>
      <div className="flex flex-col gap-3">
        <RangeForm autoFocus onChoose={choose} />
        <div className="flex flex-wrap gap-2">
          {presets.map((preset) => (
            <Button key={preset.text} size="sm" onClick={() => choose({ lastMs: preset.lastMs })}>
              {formatSetDuration(preset.lastMs, language)}
            </Button>
          ))}
        </div>
      </div>
    </Dialog>
  );
}
