import { useMemo } from 'react';
import type { SeriesSelector } from '#common/contract/charts.ts';
import type { MeasuredHistory } from '#common/rules/backtest.ts';
import { findShortWindow, isDense } from '#common/rules/short-window.ts';
import { useLoaders } from '#renderer/domain/queries/index.ts';
import { formatSetDuration } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { useStable } from '#renderer/ui/use-stable.ts';
import type { EditedRule } from './draft.ts';
import { words } from './words.ts';

/**
 * Returns a sentence for each condition whose window is too short for how often the loader runs, by the condition's index.
 * @param histories what the conditions measured in the past; empty while that isn't known
 */
export function useWindowWarnings(
  connectionId: string,
  selector: SeriesSelector,
  { conditions, delayMs }: EditedRule,
  histories: readonly MeasuredHistory[],
): Readonly<Record<number, string>> {
  const t = useText(words);
  const { language } = usePreferences();
  const { data } = useLoaders(connectionId);
  const loader = selector.from === 'signal' ? data?.value.find(({ code }) => code === selector.loaderCode) : undefined;
  // Counting the windows of a month at each step of a drag would slow it down.
  const count = conditions.length;
  const dense = useMemo(() => Array.from({ length: count }, (_, index) => isDense(histories, index)), [count, histories]);
  const found = conditions.flatMap((condition, index): [number, string][] => {
    const short = loader === undefined ? null : findShortWindow(condition, { delayMs }, loader, dense[index]);
    if (short === null) return [];
    const write = (ms: number) => formatSetDuration(ms, language);
    const { intervalMs, windowMs, enoughMs } = short;
    return [[index, t('shortWindow', { every: write(intervalMs), window: write(windowMs), enough: write(enoughMs) })]];
  });
  return useStable(Object.fromEntries(found));
}
