import { ClipboardCopy, Download, X } from 'lucide-react';
import type { ReactNode, Ref } from 'react';
import { severities } from '#common/contract/primitives.ts';
import { formatNumber } from '#common/format.ts';
import { words as chartVersionWords } from '#renderer/domain/chart-versions/words.ts';
import { countReadyRules } from '#renderer/domain/ready-rules/ready-rule-name.ts';
import { ReadyRuleSelect } from '#renderer/domain/ready-rules/ready-rule-select.tsx';
import { StatusSymbol } from '#renderer/domain/status.tsx';
import { words as common } from '#renderer/domain/words.ts';
import { Button } from '#renderer/ui/button.tsx';
import { cn } from '#renderer/ui/cn.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { Input, Select } from '#renderer/ui/input.tsx';
import { toast, toastError } from '#renderer/ui/toast.tsx';
import { countStates, type ListState, loaderOf, noOwner, type RuleRow, type RulesAddress, type RulesChange } from './rule-list.ts';
import { copyRules, saveRules, saveRulesAsYaml } from './save-rules.ts';
import { words } from './words.ts';

/** States with a counter of their own: those that a person should look at. */
const counted = ['firing', 'error', 'no-data', 'paused'] as const satisfies readonly ListState[];

interface CountersProps {
  /** All rules, whatever the filter. */
  rows: readonly RuleRow[];
  address: RulesAddress;
  set: (change: RulesChange) => void;
  /** Buttons at the end of the bar. */
  children: ReactNode;
}

/** The number of rules in the states that matter, and of those with a new version of their chart; each filters the list. */
export function Counters({ rows, address: { state, waiting }, set, children }: CountersProps) {
  const t = useText(words);
  const v = useText(chartVersionWords);
  const counts = countStates(rows);
  const ofNewCharts = rows.filter(({ rule }) => rule.newChartVersion !== null).length;
  const onState = (next: ListState | undefined) => set({ state: next, waiting: undefined });
  return (
    <fieldset aria-label={t('states')} className="flex flex-wrap items-center gap-1 border-b bg-surface px-2 py-1.5">
      <Counter isOn={state === undefined && !waiting} count={rows.length} onClick={() => onState(undefined)}>
        {t('all')}
      </Counter>
      {counted.map((one) => (
        <Counter key={one} isOn={state === one} count={counts[one]} onClick={() => onState(state === one ? undefined : one)}>
          <StatusSymbol
            status={one}
            label={t(`state_${one}`)}
            className={counts[one] === 0 ? 'text-faint [&_svg]:text-faint' : undefined}
          />
        </Counter>
      ))}
      {(ofNewCharts > 0 || waiting) && (
        <Counter isOn={waiting} count={ofNewCharts} onClick={() => set({ state: undefined, waiting: waiting ? undefined : true })}>
          {v('newVersion')}
        </Counter>
      )}
      {children}
    </fieldset>
  );
}

interface CounterProps {
  isOn: boolean;
  count: number;
  onClick: () => void;
  children: ReactNode;
}

function Counter({ isOn, count, onClick, children }: CounterProps) {
  return (
    <button
      type="button"
      aria-pressed={isOn}
      onClick={onClick}
      className={cn(
        'flex h-control items-center gap-2 rounded-md px-2.5 text-muted hover:bg-hover hover:text-foreground',
        isOn && 'bg-selected text-foreground',
      )}
    >
      <span>{children}</span>
      <span className={cn('font-semibold', count === 0 && 'font-normal text-faint')}>{formatNumber(count)}</span>
    </button>
  );
}

interface FilterBarProps {
  /** All rules, whatever the filter. */
  all: readonly RuleRow[];
  /** The rules of the list, in its order. */
  shown: readonly RuleRow[];
  address: RulesAddress;
  set: (change: RulesChange) => void;
  search: Ref<HTMLInputElement>;
  /** Why rules can't be changed now. */
  denied: string | undefined;
  onImport: () => void;
}

export function FilterBar({ all, shown, address, set, search, denied, onImport }: FilterBarProps) {
  const t = useText(words);
  const c = useText(common);
  return (
    <div className="flex flex-wrap items-center gap-2 border-b p-2">
      <Input
        ref={search}
        type="search"
        className="w-auto min-w-40 flex-1"
        value={address.q}
        placeholder={t('search')}
        aria-label={t('search')}
        onChange={(event) => set({ q: event.target.value === '' ? undefined : event.target.value })}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
      />
      <Select
        aria-label={t('severity')}
        className={select}
        value={address.severity ?? ''}
        onChange={(event) => set({ severity: severities.find((one) => one === event.target.value) })}
      >
        <option value="">{t('anySeverity')}</option>
        {[...severities].reverse().map((one) => (
          <option key={one} value={one}>
            {c(one)}
          </option>
        ))}
      </Select>
      <SourceSelect all={all} address={address} set={set} />
      <OwnerSelect all={all} owner={address.owner} set={set} />
      <ReadyRuleSelect
        counts={countReadyRules(all.map(({ rule }) => rule))}
        template={address.template}
        choose={(template) => set({ template })}
        className={select}
      />
      <span className="flex items-center gap-2">
        <Button onClick={onImport} disabledReason={denied}>
          {t('import')}
        </Button>
        <YamlButton rows={shown} />
        <TableButtons rows={shown} />
      </span>
    </div>
  );
}

/** Copies the listed rules as a table, or saves them as CSV. */
function TableButtons({ rows }: { rows: readonly RuleRow[] }) {
  const t = useText(words);
  const copy = async () => {
    try {
      await copyRules(rows);
      toast({ message: t('copied', { count: rows.length }), lastsMs: 2_000 });
    } catch (error) {
      toastError(t('notCopied'), error);
    }
  };
  return (
    <span className="flex">
      <Button variant="ghost" size="icon" aria-label={t('copy')} tooltip={t('copy')} onClick={() => void copy()}>
        <ClipboardCopy className="size-4" />
      </Button>
      <Button variant="ghost" size="icon" aria-label={t('csv')} tooltip={t('csv')} onClick={() => saveRules(rows)}>
        <Download className="size-4" />
      </Button>
    </span>
  );
}

/** Saves rules as YAML: the ticked ones, otherwise those of the list. */
function YamlButton({ rows }: { rows: readonly RuleRow[] }) {
  const t = useText(words);
  const save = () => saveRulesAsYaml(rows).catch((error: unknown) => toastError(t('actFailed'), error));
  return (
    <Button
      tooltip={t('yamlAbout', { count: rows.length })}
      onClick={() => void save()}
      disabledReason={rows.length === 0 ? t('emptyFiltered') : undefined}
    >
      {t('yaml')}
    </Button>
  );
}

const select = 'w-auto max-w-48 shrink whitespace-nowrap';
const byText = new Intl.Collator();

/** Narrows the list to the rules of one chart, or of all charts of one loader. */
function SourceSelect({ all, address, set }: Pick<FilterBarProps, 'all' | 'address' | 'set'>) {
  const t = useText(words);
  const loaders = [...new Set(all.flatMap((row) => loaderOf(row) ?? []))].sort(byText.compare);
  const charts = [...new Map(all.map((row) => [row.rule.chartCode, row.chartTitle]))].sort((a, b) => byText.compare(a[1], b[1]));
  const { chart, loader } = address;
  return (
    <Select
      aria-label={t('source')}
      className={select}
      value={loader !== undefined ? `loader ${loader}` : chart !== undefined ? `chart ${chart}` : ''}
      onChange={({ target: { value } }) => {
        const [kind, code] = value.split(' ');
        set({ loader: kind === 'loader' ? code : undefined, chart: kind === 'chart' ? code : undefined });
      }}
    >
      <option value="">{t('anySource')}</option>
      <optgroup label={t('loaders')}>
        {loaders.map((one) => (
          <option key={one} value={`loader ${one}`}>
            {one}
          </option>
        ))}
      </optgroup>
      <optgroup label={t('charts')}>
        {charts.map(([code, title]) => (
          <option key={code} value={`chart ${code}`}>
            {title}
          </option>
        ))}
      </optgroup>
    </Select>
  );
}

function OwnerSelect({ all, owner, set }: Pick<FilterBarProps, 'all' | 'set'> & { owner: string | undefined }) {
  const t = useText(words);
  const owners = [...new Set(all.flatMap(({ rule }) => (rule.owner === '' ? [] : rule.owner)))].sort(byText.compare);
  return (
    <Select
      aria-label={t('owner')}
      className={select}
      value={owner ?? ''}
      onChange={({ target: { value } }) => set({ owner: value === '' ? undefined : value })}
    >
      <option value="">{t('anyOwner')}</option>
      <option value={noOwner}>{t('noOwner')}</option>
      {owners.map((one) => (
        <option key={one} value={one}>
          {one}
        </option>
      ))}
    </Select>
  );
}

interface SelectionBarProps {
  ticked: readonly RuleRow[];
  denied: string | undefined;
  onPause: () => void;
  onResume: () => void;
  onClear: () => void;
}

/** Actions for ticked rules. They replace the filter, so that nothing moves. Actions that would change none of them aren't offered. */
export function SelectionBar({ ticked, denied, onPause, onResume, onClear }: SelectionBarProps) {
  const t = useText(words);
  const on = ticked.filter(({ rule }) => rule.enabled).length;
  const off = ticked.length - on;
  return (
    <div className="flex items-center gap-2 overflow-hidden border-b bg-selected p-2">
      <span className="whitespace-nowrap ps-2 font-medium">{t('selected', { count: ticked.length })}</span>
      {on > 0 && (
        <Button disabledReason={denied} onClick={onPause}>
          {t('pauseMany', { count: on })}
        </Button>
      )}
      {off > 0 && (
        <Button disabledReason={denied} onClick={onResume}>
          {t('resumeMany', { count: off })}
        </Button>
      )}
      <YamlButton rows={ticked} />
      <Button
        variant="ghost"
        size="icon"
        className="ms-auto"
        aria-label={t('clearSelection')}
        tooltip={t('clearSelection')}
        onClick={onClear}
      >
        <X className="size-4" />
      </Button>
    </div>
  );
}
