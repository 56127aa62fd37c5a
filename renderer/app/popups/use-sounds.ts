import { useEffect, useRef } from 'react';
import type { Notice } from '#common/contract/console/settings.ts';
import { severities } from '#common/contract/primitives.ts';
import { useSettings } from '#renderer/link/index.ts';
import { playSound, unlockSound } from '#renderer/ui/sounds.ts';

/** How often a sound that repeats is heard again, ms. */
const repeatMs = 10_000;

const isWaiting = (notice: Notice): boolean => notice.kind === 'fired' || notice.kind === 'storm';

/** Sounds each new popup once, and the most urgent waiting one again until someone has it, as the settings say. */
export function useSounds(shown: readonly Notice[]): void {
  const { sounds, volume } = useSettings();
  const heard = useRef(new Set<string>());
  useEffect(() => unlockSound(window), []);
  useEffect(() => {
    const fresh = shown.filter((notice) => !heard.current.has(notice.id));
    for (const notice of fresh) heard.current.add(notice.id);
    const loudest = mostUrgent(fresh.filter((notice) => isWaiting(notice) && sounds[notice.severity].enabled));
    if (loudest) void playSound(loudest.severity, volume);
    else if (fresh.some((notice) => notice.kind === 'resolved' && sounds[notice.severity].enabled)) void playSound('resolved', volume);
  }, [shown, sounds, volume]);

  const repeated = mostUrgent(
    shown.filter((notice) => isWaiting(notice) && sounds[notice.severity].enabled && sounds[notice.severity].repeat),
  );
  const severity = repeated?.severity;
  useEffect(() => {
    if (severity === undefined) return;
    const timer = setInterval(() => void playSound(severity, volume), repeatMs);
    return () => clearInterval(timer);
  }, [severity, volume]);
}

function mostUrgent(notices: readonly Notice[]): Notice | undefined {
  return notices.toSorted((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity))[0];
}
