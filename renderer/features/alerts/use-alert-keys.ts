import type { RefObject } from 'react';
import { alertKey } from '#common/contract/console/alert-list.ts';
import { neighbour } from '#renderer/ui/held-rows.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { useKeys } from '#renderer/ui/keys.ts';
import type { HeldAlertList } from './use-list.ts';
import type { OpenAlert } from './use-open-alert.ts';
import type { TargetActions } from './use-target-actions.ts';
import type { Ticks } from './use-ticked.ts';
import { words } from './words.ts';

interface AlertKeysOptions {
  list: HeldAlertList;
  opened: OpenAlert;
  ticks: Ticks;
  actions: TargetActions;
  filter: RefObject<HTMLInputElement | null>;
}

/** Binds keys to every action of the alert list. */
export function useAlertKeys({ list, opened, ticks, actions, filter }: AlertKeysOptions): void {
  const t = useText(words);
  const { denied } = actions;
  const step = (by: number) => {
    const key = neighbour(list.rows.map(alertKey), opened.key, by);
    const next = list.rows.find((one) => alertKey(one) === key);
    if (next) opened.open(next);
  };
  const toggle = () => {
    if (opened.key !== null) ticks.toggle(opened.key);
  };
  const stepBack = () => (ticks.ticked.length > 0 ? ticks.clear() : opened.close());
  useKeys('screen', [
    { keys: 'j', title: t('next'), run: () => step(1) },
    { keys: 'k', title: t('previous'), run: () => step(-1) },
    { keys: 'ArrowDown', title: t('next'), run: () => step(1), hidden: true },
    { keys: 'ArrowUp', title: t('previous'), run: () => step(-1), hidden: true },
    { keys: 'Enter', title: t('openDetail'), run: () => opened.alert ?? step(0) },
    { keys: 'x', title: t('toggle'), run: toggle },
    { keys: 'a', title: t('acknowledge'), run: actions.acknowledge, disabledReason: denied },
    { keys: 'u', title: t('release'), run: actions.release, disabledReason: denied },
    { keys: 's', title: t('snooze'), run: actions.snooze, disabledReason: denied },
    { keys: 'q', title: t('silence'), run: actions.silence, disabledReason: actions.silenceDenied },
    { keys: 'f', title: t('focusFilter'), run: () => filter.current?.focus() },
    { keys: '.', title: t('showNew'), run: list.showWaiting },
    { keys: 'Escape', title: t('escape'), run: stepBack },
  ]);
}
