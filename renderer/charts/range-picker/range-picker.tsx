import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import { presets } from '#renderer/charts/plot/range.ts';
import { useRange } from '#renderer/domain/address.ts';
import type { ViewRange } from '#renderer/domain/queries/index.ts';
import { Button } from '#renderer/ui/button.tsx';
import { formatSetDuration } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Popover, PopoverContent, PopoverTrigger } from '#renderer/ui/popover.tsx';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { RangeForm } from './range-form.tsx';
import { rangeWords } from './range-words.ts';
import { useRangeLabels } from './use-range-label.ts';

/** Chooses the range that every screen shares: a preset or a typed one. */
export function RangePicker() {
  const t = useText(rangeWords);
  const preferences = usePreferences();
  const { range, setRange } = useRange();
  const [open, setOpen] = useState(false);
  const labels = useRangeLabels();
  const label = labels.name(range);
  const choose = (next: ViewRange) => {
    setRange(next);
    setOpen(false);
  };
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger asChild>
        <Button
          variant="ghost"
          className="min-w-0 shrink text-foreground max-md:px-1.5"
          aria-label={`${t('range')}: ${label}`}
          tooltip={'timeZone' in range ? labels.times(range) : undefined}
        >
          <span className="truncate">{label}</span>
          <ChevronDown size="0.875rem" className="text-faint" />
        </Button>
      </PopoverTrigger>
      <PopoverContent align="start" className="flex w-80 flex-col gap-3">
        <div className="grid grid-cols-5 gap-1">
          {presets.map((preset) => (
            <Button
              key={preset.text}
              size="sm"
              variant={'lastMs' in range && range.lastMs === preset.lastMs ? 'primary' : 'default'}
              onClick={() => choose({ lastMs: preset.lastMs })}
            >
              {formatSetDuration(preset.lastMs, preferences.language)}
            </Button>
          ))}
        </div>
        <RangeForm onChoose={choose} />
      </PopoverContent>
    </Popover>
  );
}
