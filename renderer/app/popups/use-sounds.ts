import { useEffect, useRef, useState } from 'react';
import { urgencyOf } from '#common/alerts/urgency.ts';
import type { Notice } from '#common/contract/console/settings.ts';
import { useSettings } from '#renderer/domain/queries/index.ts';
import { playSound, unlockSound } from '#renderer/domain/sounds.ts';

/** Interval between repeats of a sound, ms. */
const repeatMs = 10_000;

const isWaiting = (notice: Notice): boolean => notice.kind === 'fired' || notice.kind === 'storm';

/**
 * Plays a sound for each new popup, and repeats the most urgent one until its alert has an owner, according to the settings.
 * @returns true when the browser muted the last one
 */
export function useSounds(shown: readonly Notice[]): boolean {
  const { sounds, volume } = useSettings();
  const playedIds = useRef(new Set<string>());
  const [blocked, setBlocked] = useState(false);
  useEffect(() => unlockSound(window), []);
  useEffect(() => {
    const fresh = shown.filter((notice) => !playedIds.current.has(notice.id));
    for (const notice of fresh) playedIds.current.add(notice.id);
    const loudest = mostUrgent(fresh.filter((notice) => isWaiting(notice) && sounds[notice.severity].enabled));
    const play = (name: Notice['severity'] | 'resolved') => void playSound(name, volume).then((played) => setBlocked(!played));
    if (loudest) play(loudest.severity);
    else if (fresh.some((notice) => notice.kind === 'resolved' && sounds[notice.severity].enabled)) play('resolved');
  }, [shown, sounds, volume]);

  const repeated = mostUrgent(
    shown.filter((notice) => isWaiting(notice) && sounds[notice.severity].enabled && sounds[notice.severity].repeat),
  );
  const severity = repeated?.severity;
  useEffect(() => {
    if (severity === undefined) return;
    const timer = setInterval(() => void playSound(severity, volume).then((played) => setBlocked(!played)), repeatMs);
    return () => clearInterval(timer);
  }, [severity, volume]);
  return blocked;
}

function mostUrgent(notices: readonly Notice[]): Notice | undefined {
  return notices.toSorted((a, b) => urgencyOf(b.severity) - urgencyOf(a.severity))[0];
}
