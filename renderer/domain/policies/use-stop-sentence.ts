import { useCallback } from 'react';
import type { PathStep } from '#common/contract/policies.ts';
import { hourMs } from '#common/time/durations.ts';
import { formatDateTime, formatTime } from '#renderer/ui/format.ts';
import { useText } from '#renderer/ui/i18n.ts';
import { usePreferences } from '#renderer/ui/preferences.tsx';
import { words } from './words.ts';

/** An end further away is shown with its date, because the time of day alone would mislead, ms. */
const sameDayMs = 12 * hourMs;

/** Returns a function that says what a step of an alert's way does: `silenced by sara until 14:00 (pump replaced)`; null if it lets it pass. */
export function useStopSentence(): (step: PathStep, now: number) => string | null {
  const t = useText(words);
  const preferences = usePreferences();
  return useCallback(
    (step, now) => {
      const until = (at: number) => (Math.abs(at - now) < sameDayMs ? formatTime(at, preferences) : formatDateTime(at, preferences));
      if (step.stop === null) return null;
      switch (step.step) {
        case 'inhibition':
          return t('inhibition', { name: step.stop.name });
        case 'maintenance':
          if (step.stop.until === null) return t('maintenanceForGood', { name: step.stop.name });
          return t('maintenance', { name: step.stop.name, until: until(step.stop.until) });
        case 'acknowledgement':
          if (step.stop.until === null) return t('acknowledgement', { by: step.stop.by });
          return t('acknowledgementUntil', { by: step.stop.by, until: until(step.stop.until) });
        case 'silence':
        case 'snooze':
          return t(step.step, { by: step.stop.by, reason: step.stop.reason, until: until(step.stop.until) });
        case 'suppression':
          return t('suppression');
      }
    },
    [t, preferences],
  );
}
