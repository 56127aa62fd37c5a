import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import { type ChartSeries, seriesVariable } from '#renderer/charts/index.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Command, CommandEmpty, CommandGroup, CommandInput, CommandItem, CommandList } from '#renderer/ui/command.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Popover, PopoverContent, PopoverTrigger } from '#renderer/ui/popover.tsx';
import { Checkbox } from '#renderer/ui/toggles.tsx';
import { isolate, type Subject } from './question.ts';
import { words } from './words.ts';

interface SubjectPickerProps {
  subjects: readonly Subject[];
  chosen: Subject | undefined;
  onChoose: (what: string) => void;
}

/** What is drawn: searched by name among definitions, loaders and metrics. */
export function SubjectPicker({ subjects, chosen, onChoose }: SubjectPickerProps) {
  const t = useText(words);
  const [open, setOpen] = useState(false);
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger asChild>
        <Button aria-label={`${t('what')}: ${chosen?.title ?? '–'}`} className="max-w-80 font-semibold">
          <span className="truncate">{chosen?.title ?? t('what')}</span>
          <ChevronDown className="size-3.5" />
        </Button>
      </PopoverTrigger>
      <PopoverContent align="start" className="w-96 p-0">
        <Command>
          <CommandInput placeholder={t('what')} />
          <CommandList>
            <CommandEmpty>–</CommandEmpty>
            {(['charts', 'loaders', 'metrics'] as const).map((group) => (
              <CommandGroup key={group} heading={t(group)}>
                {subjects
                  .filter((one) => one.group === group)
                  .map((one) => (
                    <CommandItem
                      key={one.what}
                      value={one.what}
                      keywords={[one.title]}
                      onSelect={() => {
                        onChoose(one.what);
                        setOpen(false);
                      }}
                    >
                      <span className="flex-1 truncate">{one.title}</span>
                      <span className="text-faint text-sm">{one.unit}</span>
                    </CommandItem>
                  ))}
              </CommandGroup>
            ))}
          </CommandList>
        </Command>
      </PopoverContent>
    </Popover>
  );
}

interface LinePickerProps {
  lines: readonly ChartSeries[];
  only: readonly string[] | undefined;
  onChange: (only: string[] | undefined) => void;
}

/** Which segments or label sets are drawn. */
export function LinePicker({ lines, only, onChange }: LinePickerProps) {
  const t = useText(words);
  const names = lines.map((line) => line.name);
  const shown = only === undefined ? names.length : names.filter((name) => only.includes(name)).length;
  return (
    <Popover>
      <PopoverTrigger asChild>
        <Button aria-label={t('lines')}>
          {only === undefined ? t('allLines') : t('someLines', { count: shown })}
          <ChevronDown className="size-3.5" />
        </Button>
      </PopoverTrigger>
      <PopoverContent align="start" className="max-h-96 w-64 p-1">
        {lines.map((line) => (
          // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox inside is a button, which a label may hold
          <label key={line.id} className="flex h-7 items-center gap-2 rounded-md px-2 hover:bg-hover">
            <Checkbox
              checked={only === undefined || only.includes(line.name)}
              onCheckedChange={() => onChange(isolate(only, line.name, names, true))}
            />
            <span className="h-0.5 w-3 rounded-full" style={{ background: seriesVariable(line.place) }} />
            <span className="truncate">{line.name}</span>
          </label>
        ))}
        {only !== undefined && (
          <Button variant="ghost" size="sm" className="mt-1 w-full" onClick={() => onChange(undefined)}>
            {t('showAll')}
          </Button>
        )}
      </PopoverContent>
    </Popover>
  );
}
