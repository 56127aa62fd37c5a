import { ChevronDown, Plus, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { type ChartSeries, isolate, seriesVariable } from '#renderer/charts/index.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Command, CommandEmpty, CommandGroup, CommandInput, CommandItem, CommandList } from '#renderer/ui/command.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { Input } from '#renderer/ui/input.tsx';
import { Popover, PopoverContent, PopoverTrigger } from '#renderer/ui/popover.tsx';
import { Checkbox } from '#renderer/ui/toggles.tsx';
import { type ExploreSubject, maxAddedQueries } from './question.ts';
import { words } from './words.ts';

interface SubjectListProps {
  subjects: readonly ExploreSubject[];
  onChoose: (what: string) => void;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  children: ReactNode;
}

/** Searches definitions, loaders and metrics by name. */
function SubjectList({ subjects, onChoose, open, onOpenChange, children }: SubjectListProps) {
  const t = useText(words);
  return (
    <Popover open={open} onOpenChange={onOpenChange}>
      <PopoverTrigger asChild>{children}</PopoverTrigger>
      <PopoverContent align="start" className="w-96 p-0">
        <Command>
          <CommandInput placeholder={t('what')} />
          <CommandList>
            <CommandEmpty>{t('noMatch')}</CommandEmpty>
            {(['charts', 'loaders', 'metrics'] as const).map((group) => {
              const own = subjects.filter((one) => one.group === group);
              return own.length === 0 ? null : (
                <CommandGroup key={group} heading={t(group)}>
                  {own.map((one) => (
                    <CommandItem
                      key={one.what}
                      value={one.what}
                      keywords={[one.title]}
                      onSelect={() => {
                        onChoose(one.what);
                        onOpenChange(false);
                      }}
                    >
                      <span className="flex-1 truncate">{one.title}</span>
                      <span className="text-faint text-sm">{one.unit}</span>
                    </CommandItem>
                  ))}
                </CommandGroup>
              );
            })}
          </CommandList>
        </Command>
      </PopoverContent>
    </Popover>
  );
}

interface SubjectPickerProps {
  subjects: readonly ExploreSubject[];
  chosen: ExploreSubject | undefined;
  onChoose: (what: string) => void;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Chooses what is drawn. */
export function SubjectPicker({ subjects, chosen, onChoose, open, onOpenChange }: SubjectPickerProps) {
  const t = useText(words);
  return (
    <SubjectList subjects={subjects} onChoose={onChoose} open={open} onOpenChange={onOpenChange}>
      <Button aria-label={`${t('what')}: ${chosen?.title ?? '–'}`} className="max-w-80 font-semibold">
        <span className="truncate">{chosen?.title ?? t('what')}</span>
        <ChevronDown className="size-3.5" />
      </Button>
    </SubjectList>
  );
}

interface AddedQueriesProps {
  subjects: readonly ExploreSubject[];
  added: readonly ExploreSubject[];
  onChange: (added: string[] | undefined) => void;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Lists the further measures, removes them and adds others. */
export function AddedQueries({ subjects, added, onChange, open, onOpenChange }: AddedQueriesProps) {
  const t = useText(words);
  const list = added.map(({ what }) => what);
  const free = subjects.filter(({ group, what }) => group !== 'charts' && !list.includes(what));
  return (
    <>
      {added.map((one) => (
        <span key={one.what} className="inline-flex h-control items-center gap-1 rounded-md border border-border-strong ps-2 pe-0.5">
          <span className="max-w-48 truncate">{one.title}</span>
          <Button
            variant="ghost"
            size="icon-sm"
            aria-label={t('removeQuery', { title: one.title })}
            onClick={() => onChange(list.length === 1 ? undefined : list.filter((what) => what !== one.what))}
          >
            <X className="size-3.5" />
          </Button>
        </span>
      ))}
      <SubjectList subjects={free} onChoose={(what) => onChange([...list, what])} open={open} onOpenChange={onOpenChange}>
        <Button
          variant="ghost"
          size="icon"
          aria-label={t('addQuery')}
          tooltip={t('addQueryHint')}
          disabledReason={added.length >= maxAddedQueries ? t('maxAddedQueries', { count: maxAddedQueries }) : undefined}
        >
          <Plus className="size-4" />
        </Button>
      </SubjectList>
    </>
  );
}

interface LinePickerProps {
  lines: readonly ChartSeries[];
  only: readonly string[] | undefined;
  onChange: (only: string[] | undefined) => void;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Maximum number of lines listed; others are found by typing. */
const listed = 200;

/** Chooses which segments or label sets are drawn. */
export function LinePicker({ lines, only, onChange, open, onOpenChange }: LinePickerProps) {
  const t = useText(words);
  const [search, setSearch] = useState('');
  const names = lines.map((line) => line.name);
  const shown = only === undefined ? names.length : names.filter((name) => only.includes(name)).length;
  const found = lines.filter(({ name }) => name.toLowerCase().includes(search.trim().toLowerCase())).slice(0, listed);
  return (
    <Popover open={open} onOpenChange={onOpenChange}>
      <PopoverTrigger asChild>
        <Button>
          <span className="sr-only">{t('lines')}: </span>
          {only === undefined ? t('allLines', { count: names.length }) : t('someLines', { count: shown })}
          <ChevronDown className="size-3.5" />
        </Button>
      </PopoverTrigger>
      <PopoverContent align="start" className="flex max-h-96 w-72 flex-col gap-1 p-1">
        {lines.length > 8 && (
          <Input
            aria-label={t('searchLines')}
            placeholder={t('searchLines')}
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
        )}
        {found.map((line) => (
          // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox inside is a button, which a label may hold
          <label key={line.id} className="flex h-7 shrink-0 items-center gap-2 rounded-md px-2 hover:bg-hover">
            <Checkbox
              checked={only === undefined || only.includes(line.name)}
              onCheckedChange={() => onChange(isolate(only, line.name, names, true))}
            />
            <span className="h-0.5 w-3 shrink-0 rounded-full" style={{ background: seriesVariable(line.place) }} />
            <bdi className="truncate">{line.name}</bdi>
          </label>
        ))}
        {only !== undefined && (
          <Button variant="ghost" size="sm" className="mt-1 w-full shrink-0" onClick={() => onChange(undefined)}>
            {t('showAll')}
          </Button>
        )}
      </PopoverContent>
    </Popover>
  );
}
