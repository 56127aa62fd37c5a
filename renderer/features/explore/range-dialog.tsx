import { type FormEvent, useState } from 'react';
import { presets, type RangeProblem, readRange } from '#renderer/charts/index.ts';
import type { Span } from '#renderer/link/index.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Dialog } from '#renderer/ui/dialog.tsx';
import { Field } from '#renderer/ui/field.tsx';
import { formatDuration } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Input } from '#renderer/ui/input.tsx';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { words } from './words.ts';

const problems = {
  empty: 'rangeEmpty',
  unreadable: 'rangeUnreadable',
  reversed: 'rangeReversed',
  'too-short': 'rangeTooShort',
  'too-long': 'rangeTooLong',
} as const satisfies Record<RangeProblem, string>;

interface RangeDialogProps {
  open: boolean;
  onClose: () => void;
  onChoose: (span: Span) => void;
}

/** A range typed the way people say it, or one of the usual ones. */
export function RangeDialog({ open, onClose, onChoose }: RangeDialogProps) {
  const t = useText(words);
  const { clock, language } = usePreferences();
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<RangeProblem | null>(null);
  const close = () => {
    setText('');
    setProblem(null);
    onClose();
  };
  const choose = (span: Span) => {
    onChoose(span);
    close();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const read = readRange(text, Date.now(), clock);
    if (read.ok) choose(read.span);
    else setProblem(read.problem);
  };
  return (
    <Dialog open={open} onOpenChange={(next) => !next && close()} title={t('typeRange')}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-3">
        <Field
          label={t('typeRange')}
          hint={t('rangeHint', { clock: clock === 'utc' ? 'UTC' : t('localTime') })}
          error={problem === null ? undefined : t(problems[problem])}
        >
          <Input
            dir="ltr"
            autoFocus
            autoComplete="off"
            spellCheck={false}
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              setProblem(null);
            }}
          />
        </Field>
        <div className="flex flex-wrap items-center gap-2">
          {presets.map((preset) => (
            <Button key={preset.text} size="sm" onClick={() => choose({ lastMs: preset.lastMs })}>
              {formatDuration(preset.lastMs, language)}
            </Button>
          ))}
          <Button variant="primary" type="submit" className="ms-auto">
            {t('apply')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
