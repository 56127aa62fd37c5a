import type { RowSelectionState } from '@tanstack/react-table';
import { useMemo, useState } from 'react';
import { alertKey } from '#common/contract/console/alert-list.ts';
import type { FeedAlert } from '#common/contract/console/alerts.ts';

const none: readonly FeedAlert[] = [];

/** Holds which alerts are ticked. */
export function useTicked(alerts: readonly FeedAlert[] | undefined) {
  const [checked, setChecked] = useState<RowSelectionState>({});
  const ticked = useMemo(
    () => (Object.keys(checked).length === 0 ? none : (alerts ?? none).filter((one) => checked[alertKey(one)])),
    [alerts, checked],
  );
  return {
    ticked,
    checked,
    setChecked,
    toggle: (key: string) => setChecked(({ [key]: was, ...others }) => (was ? others : { ...others, [key]: true })),
    clear: () => setChecked({}),
  };
}
export type Ticks = ReturnType<typeof useTicked>;
