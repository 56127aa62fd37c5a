import { useNavigate } from '@tanstack/react-router';
import { useCallback, useDeferredValue, useMemo, useRef } from 'react';
import type { Connection } from '#common/contract/console/connections.ts';
import type { Rule } from '#common/contract/rules.ts';
import { useAddress, useConnection } from '#renderer/domain/address.ts';
import { usePermission } from '#renderer/domain/permission.ts';
import { places } from '#renderer/domain/places.ts';
import { useCharts, useRules } from '#renderer/domain/queries/index.ts';
import { conditionSentence } from '#renderer/domain/rules/condition-sentence.ts';
import { words as ruleWords } from '#renderer/domain/rules/words.ts';
import { Button } from '#renderer/ui/button.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { Empty, ErrorState, Loading, Stale } from '#renderer/ui/states.tsx';
import { type HeldRows, useHeldRows } from '#renderer/ui/use-held-rows.ts';
import { WithImport } from './import/with-import.tsx';
import { Counters, FilterBar, SelectionBar } from './list-bar.tsx';
import { useNewRule } from './new-rule.tsx';
import { RuleDetail } from './rule-detail.tsx';
import { isFiltered, listOf, type RuleRow, type RuleSort, type RulesAddress, type RulesChange, rowsOf, rulesAddress } from './rule-list.ts';
import { RuleTable } from './rule-table.tsx';
import { useRuleActions } from './use-rule-actions.ts';
import { useRuleKeys } from './use-rule-keys.ts';
import { type RuleTicks, useTicks } from './use-ticks.ts';
import { words } from './words.ts';

const keyOf = ({ rule }: RuleRow): string => rule.code;

/** All alert rules with their states, and one rule next to the list. */
export function RulesScreen() {
  const t = useText(words);
  const { connection } = useConnection();
  const { data, error, refetch } = useRules(connection?.id);
  if (error && !data) return <ErrorState title={t('readFailed')} error={error} retry={() => void refetch()} />;
  if (!data || !connection) return <Loading rows={6} />;
  if (data.rules.length === 0 && data.asOf === null) return <Empty className="h-full">{t('never')}</Empty>;
  return (
    <WithImport rules={data.rules} connection={connection}>
      {(startImport, denied) =>
        data.rules.length > 0 ? (
          <Rules rules={data.rules} asOf={data.asOf} connection={connection} onImport={startImport} />
        ) : (
          <NoRules connection={connection} onImport={startImport} denied={denied} />
        )
      }
    </WithImport>
  );
}

/** Shown while the backend has no rules. */
function NoRules({ connection, onImport, denied }: { connection: Connection; onImport: () => void; denied: string | undefined }) {
  const t = useText(words);
  const navigate = useNavigate();
  const creation = useNewRule(connection, (code) => void navigate(places.rules({ connection: connection.id, rule: code })));
  const buttons = (
    <span className="flex gap-2">
      {creation.button}
      <Button onClick={onImport} disabledReason={denied}>
        {t('import')}
      </Button>
    </span>
  );
  return (
    <Empty className="h-full" action={buttons}>
      {t('empty')}
      {creation.dialog}
    </Empty>
  );
}

interface RulesProps {
  rules: readonly Rule[];
  /** When the backend last confirmed them, ms. */
  asOf: number | null;
  connection: Connection;
  onImport: () => void;
}

function Rules({ rules, asOf, connection, onImport }: RulesProps) {
  const t = useText(words);
  const { all, list, address, set } = useRuleList(rules, connection.id);
  const ticks = useTicks(list.rows);
  const { rule: code } = address;
  const select = useCallback((next: string | undefined) => set({ rule: next }, code !== undefined), [set, code]);
  const actions = useRuleActions(connection.id, select);
  const denied = usePermission(connection, 'OPERATOR', true);
  const open = all.find(({ rule }) => rule.code === code);
  const targets = ticks.ticked.length > 0 ? ticks.ticked : open ? [open] : [];
  const setStatus = (status: 'ACTIVE' | 'PAUSED') => {
    const changed = targets.filter(({ rule }) => rule.enabled === (status === 'PAUSED')).map(({ rule }) => rule);
    if (changed.length > 0) void actions.setStatus(changed, status).then(ticks.clear);
  };
  const bulk = { onPause: () => setStatus('PAUSED'), onResume: () => setStatus('ACTIVE') };
  const { begin: create, button, dialog } = useNewRule(connection, select);
  const search = useRef<HTMLInputElement>(null);
  useRuleKeys({ rows: list.rows, code, select, ticks, search, create, onImport, pause: bulk.onPause, resume: bulk.onResume, denied });
  const close = () => select(undefined);
  const change = (next: RulesChange) => set(next, true);
  return (
    <div className="flex h-full min-w-0 max-md:flex-col">
      <section className="flex min-h-0 min-w-80 flex-1 flex-col max-md:min-w-0">
        <Counters rows={all} address={address} set={change}>
          {button}
        </Counters>
        {ticks.ticked.length > 0 ? (
          <SelectionBar ticked={ticks.ticked} denied={denied} {...bulk} onClear={ticks.clear} />
        ) : (
          <FilterBar {...{ all, address, search, denied, onImport }} shown={list.rows} set={change} />
        )}
        <Stale stale={connection.state !== 'live'} asOf={asOf} className="flex min-h-0 flex-1 flex-col">
          <List list={list} address={address} onChange={change} onSelect={select} ticks={ticks} />
        </Stale>
      </section>
      {dialog}
      {code !== undefined && (
        <aside className="flex w-[clamp(24rem,40%,46rem)] shrink-0 flex-col border-s bg-surface max-md:h-1/2 max-md:w-full max-md:border-s-0 max-md:border-t">
          {open ? (
            <RuleDetail key={code} {...{ connection, asOf, denied, actions }} row={open} onClose={close} />
          ) : (
            <Empty className="h-full" action={<Button onClick={close}>{t('close')}</Button>}>
              {t('unknown', { code })}
            </Empty>
          )}
        </aside>
      )}
    </div>
  );
}

/** Returns the rows of all rules and those of the list, which don't move while the pointer is in it. */
function useRuleList(rules: readonly Rule[], connectionId: string) {
  const r = useText(ruleWords);
  const { language } = usePreferences();
  const [address, set] = useAddress(rulesAddress);
  const charts = useCharts(connectionId).data?.charts;
  const all = useMemo(
    () => rowsOf(rules, charts ?? [], (rule, unit) => conditionSentence(r, rule, unit, language)),
    [rules, charts, r, language],
  );
  // Typing shows in the search at once; the list follows when there is time, skipping intermediate texts.
  const asked = useDeferredValue(address);
  const wanted = useMemo(() => listOf(all, asked), [all, asked]);
  const { rule: _, ...question } = asked;
  const list = useHeldRows({ items: all, wanted, keyOf, question: JSON.stringify(question), isWorking: false });
  return { all, list, address, set };
}

interface ListProps {
  list: HeldRows<RuleRow>;
  address: RulesAddress;
  onChange: (change: RulesChange) => void;
  onSelect: (code: string) => void;
  ticks: RuleTicks;
}

/** The list, or why it is empty. */
function List({ list, address, onChange, onSelect, ticks }: ListProps) {
  const t = useText(words);
  const { sort, reverse } = address;
  const sortBy = (next: RuleSort) => onChange({ sort: next, reverse: next === sort && !reverse ? true : undefined });
  if (list.rows.length > 0) return <RuleTable {...{ list, sort, reverse, onSelect, ticks }} onSort={sortBy} selected={address.rule} />;
  const clear = () =>
    onChange({
      q: undefined,
      state: undefined,
      severity: undefined,
      chart: undefined,
      loader: undefined,
      owner: undefined,
      waiting: undefined,
      template: undefined,
    });
  return (
    <Empty className="flex-1" action={isFiltered(address) && <Button onClick={clear}>{t('clearFilter')}</Button>}>
      {t('emptyFiltered')}
    </Empty>
  );
}
