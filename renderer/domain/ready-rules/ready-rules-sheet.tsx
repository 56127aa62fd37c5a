import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useMemo, useRef, useState } from 'react';
import { bindSelector, resolveValues } from '#common/charts/variables.ts';
import type { Connection } from '#common/contract/console/connections.ts';
import type { Rule } from '#common/contract/rules.ts';
import { readyRulesFor, ruleFromReady } from '#common/rules/ready/index.ts';
import { usePermission } from '#renderer/domain/permission.ts';
import { places } from '#renderer/domain/places.ts';
import { useRules } from '#renderer/domain/queries/index.ts';
import { Button } from '#renderer/ui/button.tsx';
import { Sheet } from '#renderer/ui/dialog.tsx';
import { useText } from '#renderer/ui/i18n.ts';
import { useKeys } from '#renderer/ui/keys.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { Empty, Loading } from '#renderer/ui/states.tsx';
import { toastError } from '#renderer/ui/toast.tsx';
import { ReadyRuleOption } from './ready-rule-option.tsx';
import { type ChartForRule, useAddRule } from './use-add-rule.ts';
import { words } from './words.ts';

interface ReadyRulesSheetProps {
  connection: Connection;
  chart: ChartForRule;
  /** Opens the empty editor. */
  onOwn: () => void;
  onAdded?: (code: string) => void;
  onUndone?: (code: string) => void;
  onClose: () => void;
}

const ignore = () => {};

/** The ready rules that suit a chart. One click adds a rule; another opens the editor with it. */
export function ReadyRulesSheet({ connection, chart, onOwn, onAdded = ignore, onUndone = ignore, onClose }: ReadyRulesSheetProps) {
  const t = useText(words);
  const rules = useRules(connection.id).data?.rules;
  const add = useAddRule({
    connectionId: connection.id,
    chart,
    onAdded: (code) => {
      onClose();
      onAdded(code);
    },
    onUndone,
  });
  const denied = usePermission(connection, 'OPERATOR', true);
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('addRule')}
      description={t('about', { title: chart.drawing.title })}
      className="w-[min(46rem,100vw)]"
      footer={<Button onClick={onOwn}>{t('own')}</Button>}
    >
      {chart.save !== null && <p className="pb-1 text-muted text-sm">{t('savedFirst')}</p>}
      {rules === undefined ? (
        <Loading rows={6} />
      ) : (
        <Options {...{ connection, chart, rules }} denied={denied ?? (add.isPending ? t('adding') : undefined)} onAdd={add.mutate} />
      )}
    </Sheet>
  );
}

interface OptionsProps extends Pick<ReadyRulesSheetProps, 'connection' | 'chart'> {
  rules: readonly Rule[];
  denied: string | undefined;
  onAdd: ReturnType<typeof useAddRule>['mutate'];
}

/** The list. Its rules are tried on history one after the other, so that the first is there soon. */
function Options({ connection, chart, rules, denied, onAdd }: OptionsProps) {
  const t = useText(words);
  const { language } = usePreferences();
  const { drawing, code } = chart;
  const options = useMemo(() => {
    const taken = rules.map((rule) => rule.code);
    return readyRulesFor(drawing).map(({ ready }) => ({ ready, rule: ruleFromReady(ready, { ...drawing, code }, { language, taken }) }));
  }, [drawing, code, rules, language]);
  const selector = useMemo(() => bindSelector(drawing.selector, resolveValues(drawing.variables)), [drawing]);
  const [tried, setTried] = useState(0);
  const countTried = useCallback(() => setTried((before) => before + 1), []);
  const adjust = useAdjust(connection.id, chart);
  const list = useOptionKeys();
  if (options.length === 0) return <Empty>{t('nothingSuits')}</Empty>;
  return (
    <ul ref={list} aria-label={t('list')} className="divide-y">
      {options.map(({ ready, rule }, index) => (
        <ReadyRuleOption
          key={ready.code}
          {...{ ready, rule, selector }}
          connectionId={connection.id}
          unit={drawing.unit}
          existing={rules.find((one) => one.chartCode === code && one.templateCode === ready.code)?.name}
          trial={connection.state !== 'live' ? 'offline' : index <= tried ? 'now' : 'waiting'}
          onTried={countTried}
          denied={denied ?? (adjust.isPending ? t('adding') : undefined)}
          onAdd={() => onAdd(rule)}
          onAdjust={() => adjust.mutate(ready.code)}
        />
      ))}
    </ul>
  );
}

/** Opens the editor with a ready rule. Rules evaluate charts of the library, so the chart is saved first if it isn't there. */
function useAdjust(connectionId: string, chart: ChartForRule) {
  const t = useText(words);
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async (template: string) => {
      await chart.save?.();
      await navigate(places.ruleEditor({ connection: connectionId, chart: chart.code, template }));
    },
    onError: (error) => toastError(t('notAdded'), error),
  });
}

/** Arrow keys, j and k move between the buttons that add a rule. */
function useOptionKeys() {
  const t = useText(words);
  const list = useRef<HTMLUListElement>(null);
  const step = (by: 1 | -1) => {
    const buttons = [...(list.current?.querySelectorAll('[data-ready-rule]') ?? [])].filter((button) => button instanceof HTMLElement);
    const at = buttons.findIndex((button) => button.matches(':focus'));
    const next = at < 0 ? 0 : Math.min(buttons.length - 1, Math.max(0, at + by));
    buttons[next]?.focus();
  };
  useKeys('dialog', [
    { keys: 'j', title: t('next'), run: () => step(1) },
    { keys: 'k', title: t('previous'), run: () => step(-1) },
    { keys: 'ArrowDown', title: t('next'), run: () => step(1), hidden: true },
    { keys: 'ArrowUp', title: t('previous'), run: () => step(-1), hidden: true },
  ]);
  return list;
}
